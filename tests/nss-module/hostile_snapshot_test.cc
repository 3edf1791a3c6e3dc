// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whatever stands where the snapshot should: the module never crashes, waits or serves a wrong
// answer.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "grpc/snapshot/record_codec.h"
#include "nss-module/wire.h"
#include "tests/nss-module/calls.h"
#include "tests/nss-module/world.h"

namespace commresolve::test {
namespace {

constexpr char kOwn[] = "debian-bugs.cert.alt";
constexpr char kBare[] = "debian-bugs";

std::string Bytes(std::string_view address) { return std::string(Ip(address).bytes()); }

class HostileSnapshotTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!IsUndisturbed()) GTEST_SKIP() << "/run/commresolve exists and cannot be hidden";
    good_ = World::Build({Named(kOwn, {"192.0.2.7"}), Named(kBare, {"192.0.2.8"})},
                         World::Options(false));
  }

  /// The right answer or none; "no such name" is a wrong answer for a name that is there.
  void ExpectRightOrNone(const std::string& what) {
    const auto allowed = [&](const Call& call, const std::string& address, const Row& none) {
      const Outcome outcome = Make(call);
      const bool right = outcome.addresses == std::vector{address};
      ASSERT_EQ(Differs(outcome, right ? kSuccess : none), "") << what << ", '" << call.name << "'";
    };
    allowed({.entry = Entry::kName4, .name = kOwn}, Bytes("192.0.2.7"), kUnsure);
    allowed({.entry = Entry::kName, .name = kBare}, Bytes("192.0.2.8"), kForeign);
    allowed({.entry = Entry::kAddress2, .address = Bytes("192.0.2.8")}, Bytes("192.0.2.8"),
            kForeign);
  }
  void ExpectNothing(const std::string& what) {
    for (const Entry entry : kNameEntries) {
      const int64_t spent = MillisecondsOf([&] {
        EXPECT_EQ(Differs(Make({.entry = entry, .name = kOwn}), kUnsure), "") << what;
        EXPECT_EQ(Differs(Make({.entry = entry, .name = kBare}), kForeign), "") << what;
      });
      EXPECT_LT(spent, 200) << what;
    }
    EXPECT_EQ(Differs(Make({.entry = Entry::kAddress, .address = Bytes("192.0.2.8")}), kForeign),
              "");
  }

  /// Changes the head and signs it again.
  template <class Change>
  std::string Lie(const Change& change) {
    nss::Header header;
    std::memcpy(&header, good_.data(), sizeof header);
    change(&header);
    header.sum = nss::SipHash(header.seed, &header, offsetof(nss::Header, sum));
    std::string bytes = good_;
    std::memcpy(bytes.data(), &header, sizeof header);
    return bytes;
  }

  World world_;
  std::string good_;
};

TEST_F(HostileSnapshotTest, CutOffAtEveryEighthByte) {
  for (size_t size = 0; size < good_.size(); size += 8) {
    world_.Write(std::string_view(good_).substr(0, size));
    ExpectRightOrNone("cut at " + std::to_string(size));
  }
  for (size_t size = good_.size() - 24; size < good_.size(); ++size) {
    world_.Write(std::string_view(good_).substr(0, size));
    ExpectRightOrNone("cut at " + std::to_string(size));
  }
}

TEST_F(HostileSnapshotTest, EveryByteFlipped) {
  for (size_t at = 0; at < good_.size(); ++at) {
    std::string bytes = good_;
    bytes[at] = static_cast<char>(bytes[at] ^ 0x41);
    world_.Write(bytes);
    // A flipped slot makes a hole, and a hole is how a table says "not here".
    const Outcome outcome = Make({.entry = Entry::kName4, .name = kOwn});
    EXPECT_EQ(outcome.fault, "");
    if (outcome.status == NSS_STATUS_SUCCESS) {
      EXPECT_EQ(outcome.addresses, std::vector{Bytes("192.0.2.7")}) << at;
    }
    if (at < sizeof(nss::Header)) {
      EXPECT_EQ(Differs(outcome, kUnsure), "") << at;
    }
  }
}

TEST_F(HostileSnapshotTest, EachFieldOfTheHeadIsALie) {
  constexpr std::array<uint64_t, 12> kLies = {
      0,       1,          3,          127,        0x7fffffff,         0x80000000,
      1 << 28, 0xfffffff8, 0xffffffff, 1ULL << 40, 0x7fffffffffffffff, 0xffffffffffffffff};
  for (const uint64_t lie : kLies) {
    world_.Write(Lie([&](nss::Header* h) { h->header_size = static_cast<uint32_t>(lie); }));
    ExpectNothing("header_size");
    world_.Write(Lie([&](nss::Header* h) { h->magic[7] = static_cast<char>(lie); }));
    ExpectNothing("magic");
    world_.Write(Lie([&](nss::Header* h) { h->file_size = lie; }));
    ExpectRightOrNone("file_size");
    world_.Write(Lie([&](nss::Header* h) { h->generation = lie; }));
    ExpectRightOrNone("generation");
    world_.Write(Lie([&](nss::Header* h) { h->created = static_cast<int64_t>(lie); }));
    ExpectRightOrNone("created");
    world_.Write(Lie([&](nss::Header* h) { h->not_after = static_cast<int64_t>(lie); }));
    ExpectRightOrNone("not_after");
    // With another table size a reader looks in another place, and may find a hole there.
    for (const auto field : {&nss::Header::name_slots, &nss::Header::address_slots}) {
      world_.Write(Lie([&](nss::Header* h) { h->*field = static_cast<uint32_t>(lie); }));
      for (const char* name : {kOwn, kBare}) {
        const Outcome outcome = Make({.entry = Entry::kName4, .name = name});
        EXPECT_EQ(outcome.fault, "");
        EXPECT_TRUE(outcome.addresses.empty() || outcome.addresses.size() == 1);
      }
      EXPECT_EQ(Make({.entry = Entry::kAddress, .address = Bytes("192.0.2.8")}).fault, "");
    }
  }
}

/// A sound snapshot of one name that the builder would refuse.
std::string Forged(const std::string& name) {
  nss::Header header = {};
  std::memcpy(header.magic, nss::kMagic, sizeof header.magic);
  header.header_size = sizeof header;
  header.not_after = kNever;
  header.name_slots = header.address_slots = 1;
  std::string record;
  AppendRecord(Named(name, {"192.0.2.99"}), header.seed, &record);
  const size_t tables = 2 * (1 + nss::kMostProbes) * sizeof(nss::Slot);
  header.file_size = sizeof header + tables + record.size();
  header.sum = nss::SipHash(header.seed, &header, offsetof(nss::Header, sum));
  const nss::Slot slot = {
      static_cast<uint32_t>(nss::SipHash(header.seed, name.data(), name.size())),
      static_cast<uint32_t>((sizeof header + tables) / 8)};
  std::string bytes(reinterpret_cast<const char*>(&header), sizeof header);
  bytes.append(reinterpret_cast<const char*>(&slot), sizeof slot);
  bytes.resize(sizeof header + tables);
  return bytes + record;
}

TEST_F(HostileSnapshotTest, ReservedNamesAreNotServed) {
  const auto status = [this](const std::string& name) {
    world_.Write(Forged(name));
    return Make({.entry = Entry::kName, .name = name}).status;
  };
  EXPECT_EQ(status("www.example.org"), NSS_STATUS_SUCCESS);
  for (const char* name : {"localhost", "a.localhost", "wpad", "wpad.example.org", "isatap",
                           "_gateway", "_outbound", "printer.local", "x.onion"}) {
    EXPECT_EQ(status(name), NSS_STATUS_UNAVAIL) << name;
  }
}

TEST_F(HostileSnapshotTest, ATableWithoutHolesEnds) {
  std::string bytes = good_;
  for (size_t at = sizeof(nss::Header); at + 8 <= bytes.size(); at += 8) {
    const nss::Slot slot = {0x12345678, 0xffffffff};
    std::memcpy(bytes.data() + at, &slot, sizeof slot);
  }
  world_.Write(bytes);
  EXPECT_EQ(Differs(Make({.entry = Entry::kName4, .name = kOwn}), kNoSuchName), "");
  EXPECT_EQ(Differs(Make({.entry = Entry::kName4, .name = kBare}), kForeign), "");
}

TEST_F(HostileSnapshotTest, WhatIsNoFile) {
  const std::string path = world_.snapshot();
  ASSERT_EQ(mkdir(path.c_str(), 0755), 0);
  ExpectNothing("folder");
  ASSERT_EQ(rmdir(path.c_str()), 0);
  ASSERT_EQ(mkfifo(path.c_str(), 0644), 0);
  ExpectNothing("FIFO");
  for (const char* target : {"hosts.snap", "/dev/zero", "/dev/full", "elsewhere"}) {
    ASSERT_EQ(unlink(path.c_str()), 0);
    ASSERT_EQ(symlink(target, path.c_str()), 0);
    ExpectNothing(target);
  }
  ASSERT_TRUE(PublishSnapshot(world_.folder() + "/good.snap", good_).ok());
  ASSERT_EQ(unlink(path.c_str()), 0);
  ASSERT_EQ(symlink("good.snap", path.c_str()), 0);
  ExpectNothing("link to a good one");
  ASSERT_EQ(unlink(path.c_str()), 0);
  {
    FakeDaemon socket(path, 1, [](int) {});
  }
  ExpectNothing("socket");
  world_.Write(std::string(1 << 20, '\0'));
  ExpectNothing("zeros");
  world_.Write(std::string(1 << 20, '\xff'));
  ExpectNothing("ones");
}

TEST_F(HostileSnapshotTest, AFileThatOthersCouldChange) {
  const std::string path = world_.snapshot();
  for (const mode_t mode : {0664U, 0646U, 0666U}) {
    world_.Write(good_);
    ASSERT_EQ(chmod(path.c_str(), mode), 0);
    ExpectNothing("mode of the file");
  }
  world_.Write(good_);
  for (const mode_t mode : {0775U, 0757U, 0777U}) {
    ASSERT_EQ(chmod(world_.folder().c_str(), mode), 0);
    ExpectNothing("mode of the folder");
  }
  ASSERT_EQ(chmod(world_.folder().c_str(), 0755), 0);
  ExpectRightOrNone("restored");
  EXPECT_EQ(Make({.entry = Entry::kName4, .name = kOwn}).status, NSS_STATUS_SUCCESS);
  if (geteuid() != 0) {
    ASSERT_EQ(chmod(path.c_str(), 0), 0);
    // Whoever made a user namespace may read what is his all the same.
    if (!std::ifstream(path).is_open()) ExpectNothing("no permission");
    return;
  }
  if (chown(path.c_str(), 12345, 12345) != 0) GTEST_SKIP() << "cannot give a file away";
  ExpectNothing("another owner of the file");
  world_.Write(good_);
  ASSERT_EQ(chown(world_.folder().c_str(), 12345, 12345), 0);
  ExpectNothing("another owner of the folder");
}

TEST_F(HostileSnapshotTest, APathThatIsNone) {
  world_.Write(good_);
  const std::string long_path = "/" + std::string(90, 'x');
  for (const char* path : {"", "relative", "/nowhere", long_path.c_str(), "/dev/null"}) {
    setenv("XDG_RUNTIME_DIR", path, 1);
    ExpectNothing(path);
  }
  setenv("XDG_RUNTIME_DIR", std::string(100'000, '/').c_str(), 1);
  ExpectNothing("slashes");
}

TEST_F(HostileSnapshotTest, AStormOfNewSnapshotsHidesNothing) {
  world_.Publish({Named(kOwn, {"192.0.2.7"})}, false);
  std::atomic<bool> done = false;
  std::atomic<size_t> found = 0;
  std::vector<std::thread> readers;
  readers.reserve(2);
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back([&] {
      while (!done) {
        const Outcome outcome = Make({.entry = Entry::kName4, .name = kOwn});
        ASSERT_EQ(Differs(outcome, kSuccess), "");
        ASSERT_EQ(outcome.addresses, std::vector{Bytes("192.0.2.7")});
        ++found;
      }
    });
  }
  for (int i = 0; (i < 300 || found < 2000) && !HasFailure(); ++i) {
    std::vector<SnapshotRecord> records = {Named(kOwn, {"192.0.2.7"})};
    for (int k = 0; k < i % 40; ++k) {
      records.push_back(Named("other-" + std::to_string(k) + ".cert.alt", {"192.0.2.9"}));
    }
    SnapshotOptions options = World::Options(false);
    options.seed[0] += static_cast<uint64_t>(i);
    ASSERT_TRUE(PublishSnapshot(world_.snapshot(), World::Build(records, options)).ok());
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
}

}  // namespace
}  // namespace commresolve::test
