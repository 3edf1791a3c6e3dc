// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Each check of `commresolve doctor` on a small world of files and sockets made for it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <thread>

#include "cli/doctor/daemon.h"
#include "cli/doctor/machine.h"
#include "cli/doctor/name_service.h"
#include "cli/json.h"
#include "grpc/snapshot/snapshot.h"
#include "nss-module/wire.h"
#include "resolver/base/unique_fd.h"

namespace commresolve::cli {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr UnixTime kNow = 1'800'000'000;

/// One line, so that a failure shows all of it.
std::string Said(const Finding& finding) {
  return std::string(HealthName(finding.health)) + " " + finding.text + " | " + finding.fix;
}

std::string Said(const Findings& findings) {
  std::string all;
  for (const Finding& finding : findings) all += Said(finding) + "\n";
  return all;
}

class DoctorTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "doctor.XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { fs::remove_all(folder_); }

  /// Writes `text` to `name` and returns its path.
  [[nodiscard]] std::string File(const std::string& name, const std::string& text) const {
    const std::string path = folder_ + "/" + name;
    fs::create_directories(fs::path(path).parent_path());
    std::ofstream(path, std::ios::trunc) << text;
    return path;
  }
  /// A folder as a user's daemon makes it.
  [[nodiscard]] RuntimePlace Place() const {
    const std::string path = folder_ + "/run";
    fs::create_directories(path);
    EXPECT_EQ(::chmod(path.c_str(), 0700), 0);
    return {path, true};
  }
  static UniqueFd Listen(const std::string& path, int type) {
    UniqueFd fd(::socket(AF_UNIX, type | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    EXPECT_EQ(::bind(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(fd.get(), 4), 0);
    return fd;
  }
  [[nodiscard]] std::string Snapshot(const RuntimePlace& place, UnixTime created,
                                     UnixTime not_after) const {
    SnapshotOptions options;
    options.created = created;
    options.not_after = not_after;
    const std::vector<SnapshotRecord> records = {
        {.name = "debian-bugs.cert.alt", .addresses = {}, .proved_until = not_after}};
    const auto built = BuildSnapshot(records, options);
    std::string path = place.folder + "/hosts.snap";
    EXPECT_TRUE(built.ok() && PublishSnapshot(path, built->bytes).ok());
    return path;
  }

  std::string folder_;
};

TEST_F(DoctorTest, Nsswitch) {
  const auto check = [this](const std::string& text) {
    return Said(CheckNsswitch(File("nsswitch.conf", text)));
  };
  EXPECT_THAT(check("hosts: files commresolve [!UNAVAIL=return] dns\n"),
              HasSubstr("ok " + folder_ + "/nsswitch.conf:1: commresolve is asked before"));
  EXPECT_THAT(check("hosts: files dns\n"), HasSubstr("not enabled"));
  EXPECT_THAT(check("hosts: files dns commresolve\n"),
              HasSubstr("fail " + folder_ + "/nsswitch.conf:1: 'dns' stands before"));
  EXPECT_THAT(check("hosts: files [ dns\n"), HasSubstr("fail"));
  EXPECT_THAT(check("passwd: files\n"), HasSubstr("fail"));
  EXPECT_THAT(Said(CheckNsswitch(folder_ + "/none")), HasSubstr("does not exist"));
}

TEST_F(DoctorTest, SearchDomains) {
  const auto check = [this](const std::string& text, bool bare_names) {
    return Said(CheckSearchDomains(File("resolv.conf", text), bare_names));
  };
  EXPECT_EQ(check("nameserver 192.0.2.1\n# search x\n", true), "ok none | ");
  EXPECT_EQ(check("search .\n", true), "ok none | ");
  EXPECT_THAT(check("search corp.example\n", true), HasSubstr("warn a bare word"));
  EXPECT_THAT(check("domain corp.example\n", true), HasSubstr("corp.example"));
  EXPECT_THAT(check("search corp.example\n", false), HasSubstr("ok"));
  EXPECT_THAT(check("search corp.example x.CERT.alt\n", false), HasSubstr("fail"));
  EXPECT_EQ(check("search cert.alt\nsearch .\n", true), "ok none | ");
  EXPECT_THAT(Said(CheckSearchDomains(folder_ + "/none", true)), HasSubstr("ok no "));
  EXPECT_THAT(Said(CheckSearchDomains(folder_, true)), HasSubstr("warn"));
}

TEST_F(DoctorTest, SystemdResolved) {
  const auto check = [this](const std::string& hosts) {
    return Said(CheckSystemdResolved(folder_, File("nsswitch.conf", "hosts: " + hosts + "\n")));
  };
  EXPECT_EQ(Said(CheckSystemdResolved(folder_ + "/none", "")), "ok not running | ");
  EXPECT_THAT(check("files commresolve [!UNAVAIL=return] resolve"), HasSubstr("ok running"));
  EXPECT_THAT(check("resolve [!UNAVAIL=return] commresolve"), HasSubstr("fail 'resolve'"));
  EXPECT_THAT(check("files dns"), HasSubstr("fail running"));
}

TEST_F(DoctorTest, Nscd) {
  const std::string socket = folder_ + "/socket";
  const std::string none = folder_ + "/none";
  EXPECT_EQ(Said(CheckNscd(socket, none)), "ok not running | ");
  UniqueFd listening = Listen(socket, SOCK_STREAM);
  EXPECT_THAT(Said(CheckNscd(socket, none)), HasSubstr("warn running"));
  EXPECT_THAT(Said(CheckNscd(socket, File("c", "enable-cache hosts yes\n"))), HasSubstr("warn"));
  EXPECT_THAT(Said(CheckNscd(socket, File("c", "\tenable-cache\thosts\tno # x\n"))),
              HasSubstr("ok running"));
  listening.Reset();
  EXPECT_EQ(Said(CheckNscd(socket, none)), "ok not running | ");
}

/// Answers one connection with `reply`, whose id is set to that of the question.
class OneAnswer {
 public:
  OneAnswer(UniqueFd listening, nss::Reply reply)
      : listening_(std::move(listening)), thread_([this, reply] { Run(reply); }) {}
  ~OneAnswer() { thread_.join(); }

 private:
  void Run(nss::Reply reply) {
    const UniqueFd client(::accept4(listening_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    uint8_t question[512] = {};
    const ssize_t length = ::recv(client.get(), question, sizeof question, 0);
    nss::Request request = {};
    std::memcpy(&request, question, sizeof request);
    EXPECT_EQ(request.size, length);
    reply.id ^= request.id;
    EXPECT_EQ(::send(client.get(), &reply, sizeof reply, MSG_NOSIGNAL),
              static_cast<ssize_t>(sizeof reply));
  }
  UniqueFd listening_;
  std::thread thread_;
};

TEST_F(DoctorTest, DaemonAnswers) {
  const RuntimePlace place = Place();
  const std::string path = place.folder + "/nss.sock";
  const nss::Reply reply = {sizeof(nss::Reply), nss::kVersion, 1, 0, 0};
  {
    const OneAnswer daemon(Listen(path, SOCK_SEQPACKET), reply);
    EXPECT_THAT(Said(CheckDaemons({place})), HasSubstr("warn"));  // No gRPC.
  }
  ::unlink(path.c_str());
  const UniqueFd calls = Listen(place.folder + "/grpc.sock", SOCK_STREAM);
  const OneAnswer daemon(Listen(path, SOCK_SEQPACKET), reply);
  const Findings findings = CheckDaemons({place, {folder_ + "/none", false}});
  ASSERT_THAT(findings, SizeIs(1)) << Said(findings);
  EXPECT_EQ(findings[0].health, Health::kOk) << Said(findings);
}

TEST_F(DoctorTest, AnotherVersionOrAnswerIsNoDaemon) {
  const RuntimePlace place = Place();
  const std::string path = place.folder + "/nss.sock";
  const nss::Reply wrong[] = {{sizeof(nss::Reply), nss::kVersion + 1, 1, 0, 0},
                              {sizeof(nss::Reply), nss::kVersion, 1, 0, 1},
                              {sizeof(nss::Reply) + 1, nss::kVersion, 1, 0, 0}};
  for (const nss::Reply& reply : wrong) {
    const OneAnswer daemon(Listen(path, SOCK_SEQPACKET), reply);
    EXPECT_THAT(Said(CheckDaemons({place})), HasSubstr("fail no answer"));
    ::unlink(path.c_str());
  }
}

TEST_F(DoctorTest, DaemonAbsentDeadOrSilent) {
  const RuntimePlace place = Place();
  const std::string path = place.folder + "/nss.sock";
  EXPECT_THAT(Said(CheckDaemons({place, {folder_ + "/none", false}})),
              HasSubstr("systemctl --user enable --now commresolved"));
  UniqueFd listening = Listen(path, SOCK_SEQPACKET);
  EXPECT_THAT(Said(CheckDaemons({place})), HasSubstr("did not answer within a second"));
  listening.Reset();
  EXPECT_THAT(Said(CheckDaemons({place})), HasSubstr("Connection refused"));
}

TEST_F(DoctorTest, SnapshotAgeAndEnd) {
  const RuntimePlace place = Place();
  EXPECT_THAT(CheckSnapshots({place}, kNow), IsEmpty());
  const std::string path = Snapshot(place, kNow - 7, kNow + 113);
  EXPECT_EQ(Said(CheckSnapshots({place}, kNow)),
            "ok " + path + ": 1 names, made 7 s ago, good for 113 s | \n");
  EXPECT_THAT(Said(CheckSnapshots({place}, kNow + 113)), HasSubstr("which ended 0 s ago"));
  EXPECT_THAT(Said(CheckSnapshots({place}, kNow - 100)), HasSubstr("in the future"));
  ASSERT_EQ(::truncate(path.c_str(), 100), 0);
  EXPECT_THAT(Said(CheckSnapshots({place}, kNow)), HasSubstr("fail"));
}

TEST_F(DoctorTest, SnapshotThatOthersCanChange) {
  const RuntimePlace place = Place();
  const std::string path = Snapshot(place, kNow, kNow + 100);
  ASSERT_EQ(::chmod(path.c_str(), 0664), 0);
  EXPECT_THAT(Said(CheckSnapshots({place}, kNow)), HasSubstr("written by others, mode 0664"));
  ASSERT_EQ(::chmod(path.c_str(), 0644), 0);
  ASSERT_EQ(::chmod(place.folder.c_str(), 0777), 0);
  EXPECT_THAT(Said(CheckSnapshots({place}, kNow)), HasSubstr("run can be written by others"));
  ASSERT_EQ(::chmod(place.folder.c_str(), 0700), 0);
  fs::rename(path, path + "2");
  fs::create_symlink(path + "2", path);
  EXPECT_THAT(Said(CheckSnapshots({place}, kNow)), HasSubstr("not a regular file"));
}

TEST_F(DoctorTest, SnapshotMissingBesideASocket) {
  const RuntimePlace place = Place();
  const UniqueFd listening = Listen(place.folder + "/nss.sock", SOCK_SEQPACKET);
  EXPECT_THAT(Said(CheckSnapshots({place}, kNow)), HasSubstr("fail"));
}

TEST_F(DoctorTest, AppArmor) {
  const std::string yes = File("enabled", "Y\n");
  const std::string profiles = folder_ + "/apparmor.d";
  EXPECT_EQ(Said(CheckAppArmor(folder_ + "/none", profiles)), "ok not enabled | ");
  EXPECT_EQ(Said(CheckAppArmor(File("disabled", "N\n"), profiles)), "ok not enabled | ");
  EXPECT_THAT(Said(CheckAppArmor(yes, profiles)), HasSubstr("warn"));
  fs::create_directories(profiles + "/abstractions/nameservice.d");
  EXPECT_THAT(Said(CheckAppArmor(yes, profiles)), HasSubstr("ok enabled; 0 profiles"));
  std::ofstream(profiles + "/browser") << "include <abstractions/nameservice>\n";
  EXPECT_THAT(Said(CheckAppArmor(yes, profiles)), HasSubstr("warn enabled; 1 profiles"));
  std::ofstream(profiles + "/abstractions/nameservice.d/commresolve")
      << "include <abstractions/commresolve>\n";
  EXPECT_THAT(Said(CheckAppArmor(yes, profiles)), HasSubstr("takes no additions"));
  std::ofstream(profiles + "/abstractions/nameservice")
      << "include if exists <abstractions/nameservice.d>\n";
  EXPECT_THAT(Said(CheckAppArmor(yes, profiles)), HasSubstr("ok enabled; 1 profiles"));
}

TEST_F(DoctorTest, ClockNeverFails) { EXPECT_NE(CheckClock().health, Health::kFail); }

TEST_F(DoctorTest, Settings) {
  EXPECT_EQ(CheckSettings(Config{}).health, Health::kOk);
  const Finding bad = CheckSettings(Error{Code::kInvalidArgument, "line 3: no", "mend it"});
  EXPECT_EQ(Said(bad), "fail line 3: no | mend it");
}

TEST_F(DoctorTest, DataFolder) {
  EXPECT_THAT(Said(CheckDataFolder(folder_ + "/none")), HasSubstr("does not exist yet"));
  EXPECT_THAT(Said(CheckDataFolder(File("file", ""))), HasSubstr("not a folder"));
  ASSERT_EQ(::chmod(folder_.c_str(), 0755), 0);
  EXPECT_THAT(Said(CheckDataFolder(folder_)), HasSubstr("warn"));
  ASSERT_EQ(::chmod(folder_.c_str(), 0777), 0);
  EXPECT_THAT(Said(CheckDataFolder(folder_)), HasSubstr("fail"));
  ASSERT_EQ(::chmod(folder_.c_str(), 0700), 0);
  EXPECT_THAT(Said(CheckDataFolder(folder_)), HasSubstr("ok"));
  const std::string known = File("known_certs", "what is this\n");
  ASSERT_EQ(::chmod(known.c_str(), 0600), 0);
  EXPECT_THAT(Said(CheckDataFolder(folder_)), HasSubstr("fail"));
}

}  // namespace
}  // namespace commresolve::cli
