// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whoever listens at the socket: the module answers within its time, and only what it can check.

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <ctime>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "grpc/nss_endpoint/nss_endpoint.h"
#include "nss-module/wire.h"
#include "tests/nss-module/calls.h"
#include "tests/nss-module/world.h"

namespace commresolve::test {
namespace {

constexpr char kOwn[] = "debian-bugs.cert.alt";
constexpr int64_t kBudgetMs = 250;
constexpr int64_t kSlackMs = 400;  // A machine that is busy with other things.

std::string Receive(int fd) {
  char datagram[2048];
  const ssize_t size = recv(fd, datagram, sizeof datagram, 0);
  return size > 0 ? std::string(datagram, static_cast<size_t>(size)) : std::string();
}
void SendAll(int fd, const std::string& bytes) {
  [[maybe_unused]] const ssize_t sent = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}
/// The right reply to the request that waits at `fd`.
std::string RightReply(int fd) {
  const auto request = DecodeRequest(Receive(fd));
  if (!request.ok()) return {};
  return EncodeReply(*request, {NssStatus::kFound, Named(request->name, {"192.0.2.7"})});
}

class HostileDaemonTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!IsUndisturbed()) GTEST_SKIP() << "/run/commresolve exists and cannot be hidden";
    world_.Publish({Named("other.cert.alt", {"192.0.2.9"})}, true);
  }
  /// All functions by name say `row`, each within `limit_ms`, and none leaves a descriptor.
  void Expect(const Row& row, int64_t limit_ms, const char* what) {
    const size_t before = OpenDescriptors();
    for (const Entry entry : kNameEntries) {
      Outcome outcome;
      const int64_t spent = MillisecondsOf([&] { outcome = Make({.entry = entry, .name = kOwn}); });
      EXPECT_EQ(Differs(outcome, row), "") << what;
      EXPECT_LE(spent, limit_ms) << what;
    }
    EXPECT_EQ(OpenDescriptors(), before) << what;
  }
  /// A daemon that changes the right reply.
  void ExpectRefused(const char* what, const std::function<void(std::string*)>& spoil) {
    FakeDaemon daemon(world_.socket(), 8, [&spoil](int fd) {
      std::string reply = RightReply(fd);
      spoil(&reply);
      SendAll(fd, reply);
    });
    Expect(kUnsure, kSlackMs, what);
  }

  World world_;
};

TEST_F(HostileDaemonTest, AFriendlyOneIsBelieved) {
  FakeDaemon daemon(world_.socket(), 8, [](int fd) { SendAll(fd, RightReply(fd)); });
  Expect(kSuccess, kSlackMs, "found");
  const Outcome outcome = Make({.entry = Entry::kName4, .name = "DEBIAN-bugs.cert.alt."});
  EXPECT_EQ(outcome.addresses, std::vector{std::string(Ip("192.0.2.7").bytes())});
  EXPECT_EQ(outcome.name, kOwn);
  setenv("COMMRESOLVE_NSS_SOCKET", "0", 1);
  Expect(kUnsure, kSlackMs, "switched off");
  setenv("COMMRESOLVE_NSS_SOCKET", "1", 1);
  Expect(kSuccess, kSlackMs, "switched on");
  world_.Publish({}, false);
  Expect(kNoSuchName, kSlackMs, "forbidden by the snapshot");
  ASSERT_EQ(unlink(world_.snapshot().c_str()), 0);
  Expect(kSuccess, kSlackMs, "without a snapshot");
}

TEST_F(HostileDaemonTest, EachStatusHasItsRow) {
  const auto answer = [this](NssStatus status, const Row& row) {
    FakeDaemon daemon(world_.socket(), 8, [status](int fd) {
      SendAll(fd, EncodeReply(*DecodeRequest(Receive(fd)), {status, {}}));
    });
    Expect(row, kSlackMs, "status");
  };
  answer(NssStatus::kNoSuchName, kNoSuchName);
  answer(NssStatus::kNoAddress, kNoAddress);
  answer(NssStatus::kTryAgain, kUnsure);
}

TEST_F(HostileDaemonTest, ForeignNamesAndAddressesAreNeverAsked) {
  const std::string witness = world_.folder() + "/asked";
  FakeDaemon daemon(world_.socket(), 8, [&witness](int) { std::ofstream(witness) << "yes"; });
  for (const Entry entry : kNameEntries) {
    EXPECT_EQ(Differs(Make({.entry = entry, .name = "www.example.org"}), kForeign), "");
    EXPECT_EQ(Differs(Make({.entry = entry, .name = "a b.cert.alt"}), kNoSuchName), "");
    EXPECT_EQ(Differs(Make({.entry = entry, .name = "other.cert.alt"}), kSuccess), "");
  }
  EXPECT_EQ(Differs(Make({.entry = Entry::kAddress, .address = "\x7f\1\1\1"}), kForeign), "");
  EXPECT_NE(access(witness.c_str(), F_OK), 0);
}

TEST_F(HostileDaemonTest, Absent) {
  Expect(kUnsure, 50, "no socket");
  {
    FakeDaemon daemon(world_.socket(), 8, [](int) {});
  }
  Expect(kUnsure, 50, "stale socket");
  unlink(world_.socket().c_str());
  std::ofstream(world_.socket()) << "no socket";
  Expect(kUnsure, 50, "a file");
}

TEST_F(HostileDaemonTest, SilentOnesCostTheBudgetAndNoMore) {
  {
    FakeDaemon daemon(world_.socket(), 8, [](int fd) {
      Receive(fd);
      pause();
    });
    Outcome outcome;
    const int64_t spent =
        MillisecondsOf([&] { outcome = Make({.entry = Entry::kName4, .name = kOwn}); });
    EXPECT_EQ(Differs(outcome, kUnsure), "");
    EXPECT_GE(spent, kBudgetMs - 10);
    EXPECT_LE(spent, kBudgetMs + kSlackMs);
  }
  FakeDaemon stopped(world_.socket(), 8, [](int) { pause(); });
  Expect(kUnsure, kBudgetMs + kSlackMs, "never accepts after the first");
}

TEST_F(HostileDaemonTest, AFullQueueIsToldAtOnce) {
  const int listener = ::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  world_.socket().copy(address.sun_path, sizeof address.sun_path - 1);
  ASSERT_EQ(bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  ASSERT_EQ(listen(listener, 0), 0);
  std::vector<int> queued;
  while (true) {
    const int fd = ::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    queued.push_back(fd);
    if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) break;
  }
  Expect(kUnsure, 50, "backlog full");
  for (const int fd : queued) close(fd);
  close(listener);
}

TEST_F(HostileDaemonTest, ClosesAtOnceWithoutASignal) {
  const auto old = signal(SIGPIPE, SIG_DFL);
  {
    FakeDaemon daemon(world_.socket(), 8, [](int) {});
    for (int i = 0; i < 50; ++i) Expect(kUnsure, kSlackMs, "closes at once");
  }
  FakeDaemon reads_first(world_.socket(), 8, [](int fd) { Receive(fd); });
  Expect(kUnsure, kSlackMs, "reads and closes");
  ASSERT_NE(signal(SIGPIPE, old), SIG_ERR);
}

TEST_F(HostileDaemonTest, RepliesThatAreNone) {
  const auto put = [](std::string* reply, size_t at, int value) {
    if (at < reply->size()) (*reply)[at] = static_cast<char>(value);
  };
  ExpectRefused("empty", [](std::string* reply) { reply->clear(); });
  ExpectRefused("one byte", [](std::string* reply) { reply->resize(1); });
  ExpectRefused("head only", [](std::string* reply) { reply->resize(sizeof(nss::Reply)); });
  ExpectRefused("too short by one", [](std::string* reply) { reply->pop_back(); });
  ExpectRefused("too long by one", [](std::string* reply) { reply->push_back('\0'); });
  ExpectRefused("2000 bytes", [](std::string* reply) { reply->resize(2000); });
  ExpectRefused("version", [&](std::string* reply) { put(reply, 2, 2); });
  ExpectRefused("status", [&](std::string* reply) { put(reply, 3, 4); });
  ExpectRefused("status with a record", [&](std::string* reply) { put(reply, 3, 1); });
  ExpectRefused("id", [&](std::string* reply) { put(reply, 8, (*reply)[8] ^ 1); });
  ExpectRefused("address", [&](std::string* reply) { put(reply, 40, 1); });
  ExpectRefused("ones", [](std::string* reply) { reply->assign(200, '\xff'); });
  ExpectRefused("text", [](std::string* reply) { *reply = "HTTP/1.1 400 Bad Request\r\n\r\n"; });
}

TEST_F(HostileDaemonTest, RecordsThatAreNotTheAnswer) {
  const auto answer = [this](const char* what, const SnapshotRecord& record, const char* name) {
    FakeDaemon daemon(world_.socket(), 8, [&](int fd) {
      auto request = DecodeRequest(Receive(fd));
      request->name = name;
      SendAll(fd, EncodeReply(*request, {NssStatus::kFound, record}));
    });
    Expect(kUnsure, kSlackMs, what);
  };
  answer("another name", Named("x", {"192.0.2.7"}), "evil.cert.alt");
  SnapshotRecord expired = Named("x", {"192.0.2.7"});
  expired.proved_until = std::time(nullptr);
  answer("an ended proof", expired, kOwn);
}

TEST_F(HostileDaemonTest, TheProcessItselfIsNotAsked) {
  size_t asked = 0;
  auto endpoint = NssEndpoint::Start({.path = world_.socket()},
                                     [&asked](const NssQuestion&, NssReplier) { ++asked; });
  ASSERT_TRUE(endpoint.ok());
  for (const Entry entry : kNameEntries) {
    const int64_t spent = MillisecondsOf(
        [&] { EXPECT_EQ(Differs(Make({.entry = entry, .name = kOwn}), kUnsure), ""); });
    EXPECT_LE(spent, 100);
  }
  (*endpoint)->Stop();
  EXPECT_EQ(asked, 0U);
}

TEST_F(HostileDaemonTest, AStrangersSocketIsNotAsked) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root to become somebody else";
  ASSERT_EQ(chmod(world_.folder().c_str(), 0755), 0);
  ASSERT_EQ(chmod((world_.folder() + "/..").c_str(), 0755), 0);
  {
    FakeDaemon root(world_.socket(), 8, [](int fd) { SendAll(fd, RightReply(fd)); });
    Expect(kSuccess, kSlackMs, "root");
  }
  // SO_PEERCRED names whoever called listen().
  unlink(world_.socket().c_str());
  ASSERT_EQ(chown(world_.folder().c_str(), 12345, 12345), 0);
  const std::string path = world_.socket();
  const Child stranger([&path] {
    if (setresuid(12345, 12345, 12345) != 0) _exit(1);
    FakeDaemon daemon(path, 8, [](int fd) { SendAll(fd, RightReply(fd)); });
    pause();
  });
  while (access(path.c_str(), F_OK) != 0) usleep(1000);
  ASSERT_EQ(chown(world_.folder().c_str(), 0, 0), 0);
  usleep(1000);
  Expect(kUnsure, kSlackMs, "stranger");
}

TEST_F(HostileDaemonTest, SignalsDoNotShortenTheWait) {
  struct sigaction action{};
  struct sigaction old{};
  action.sa_handler = [](int) {};
  ASSERT_EQ(sigaction(SIGALRM, &action, &old), 0);
  FakeDaemon daemon(world_.socket(), 8, [](int fd) {
    const std::string reply = RightReply(fd);
    usleep(100'000);
    SendAll(fd, reply);
  });
  const itimerval storm = {{0, 1000}, {0, 1000}};
  const itimerval calm = {};
  ASSERT_EQ(setitimer(ITIMER_REAL, &storm, nullptr), 0);
  Expect(kSuccess, kBudgetMs + kSlackMs, "under signals");
  ASSERT_EQ(setitimer(ITIMER_REAL, &calm, nullptr), 0);
  sigaction(SIGALRM, &old, nullptr);
}

TEST_F(HostileDaemonTest, TwoPlacesShareOneBudget) {
  if (!HasPrivateRun()) GTEST_SKIP() << "no mount namespace";
  ASSERT_EQ(mkdir("/run/commresolve", 0755), 0);
  const auto silent = [](int fd) {
    Receive(fd);
    pause();
  };
  FakeDaemon mine(world_.socket(), 8, silent);
  FakeDaemon systems("/run/commresolve/nss.sock", 8, silent);
  const int64_t spent = MillisecondsOf(
      [&] { EXPECT_EQ(Differs(Make({.entry = Entry::kName4, .name = kOwn}), kUnsure), ""); });
  EXPECT_LE(spent, kBudgetMs + kSlackMs / 2);
  unlink("/run/commresolve/nss.sock");
  rmdir("/run/commresolve");
}

}  // namespace
}  // namespace commresolve::test
