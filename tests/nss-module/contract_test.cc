// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the module answers: every row of its contract at each of its six functions.

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <string>
#include <vector>

#include "tests/nss-module/calls.h"
#include "tests/nss-module/world.h"

namespace commresolve::test {
namespace {

std::string Bytes(std::string_view address) { return std::string(Ip(address).bytes()); }

/// Sixteen addresses of each family, in the order of the record.
std::vector<std::string> ManyAddresses() {
  std::vector<std::string> addresses;
  for (int i = 1; i <= 16; ++i) addresses.push_back("192.0.2." + std::to_string(i));
  for (int i = 1; i <= 16; ++i) addresses.push_back("2001:db8::" + std::to_string(i));
  return addresses;
}

const std::string kLongName = std::string(63, 'a') + "." + std::string(63, 'b') + "." +
                              std::string(63, 'c') + "." + std::string(52, 'd') + ".cert.alt";

class ContractTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!IsUndisturbed()) GTEST_SKIP() << "/run/commresolve exists and cannot be hidden";
    SnapshotRecord expired = Named("old.cert.alt", {"192.0.2.66"});
    expired.proved_until = std::time(nullptr) - 1;
    SnapshotRecord expired_foreign = Named("old.example", {"192.0.2.67"});
    expired_foreign.proved_until = std::time(nullptr);
    records_ = {Named("debian-bugs.cert.alt", {"192.0.2.7"}),
                Named("two.cert.alt", {"2001:db8::7", "192.0.2.8"}, "Two.Example"),
                Named("six.cert.alt", {"2001:db8::9"}),
                Named("none.cert.alt", {}),
                Named("many.cert.alt", ManyAddresses(), "canonical.example"),
                Named("x_y.cert.alt", {"192.0.2.11"}),
                Named("xn--bcher-kva.cert.alt", {"192.0.2.12"}),
                Named(kLongName, {"192.0.2.13"}),
                Named("debian-bugs", {"192.0.2.14"}),
                Named("bugs.example.org", {"192.0.2.15", "2001:db8::15"}),
                expired,
                expired_foreign};
    world_.Publish(records_, false);
  }

  void Expect(const Call& call, const Row& row) {
    const Outcome outcome = Make(call);
    EXPECT_EQ(Differs(outcome, row), "")
        << "function " << static_cast<int>(call.entry) << ", name '" << call.name.substr(0, 300)
        << "', family " << call.family;
  }
  /// The same row at all four functions by name, in IPv4 where a family is asked.
  void ExpectName(const std::string& name, const Row& row) {
    for (const Entry entry : kNameEntries) Expect({.entry = entry, .name = name}, row);
  }
  void ExpectAddress(const std::string& bytes, int family, const Row& row) {
    for (const Entry entry : kAddressEntries) {
      Expect({.entry = entry, .address = bytes, .family = family}, row);
    }
  }

  World world_;
  std::vector<SnapshotRecord> records_;
};

TEST_F(ContractTest, FoundNameGivesItsAddresses) {
  for (const Entry entry : kNameEntries) {
    const Outcome outcome = Make({.entry = entry, .name = "debian-bugs.cert.alt"});
    EXPECT_EQ(Differs(outcome, kSuccess), "");
    EXPECT_EQ(outcome.addresses, std::vector{Bytes("192.0.2.7")});
    EXPECT_EQ(outcome.name, "debian-bugs.cert.alt");
    EXPECT_TRUE(outcome.aliases.empty());
  }
  const Outcome both = Make({.entry = Entry::kName4, .name = "two.cert.alt"});
  EXPECT_EQ(both.addresses, (std::vector{Bytes("2001:db8::7"), Bytes("192.0.2.8")}));
  EXPECT_EQ(both.name, "two.example");
  const Outcome six = Make({.entry = Entry::kName3, .name = "two.cert.alt", .family = AF_INET6});
  EXPECT_EQ(six.addresses, std::vector{Bytes("2001:db8::7")});
  EXPECT_EQ(six.canonical, "two.example");
  EXPECT_EQ(six.aliases, std::vector<std::string>{"two.cert.alt"});
  EXPECT_EQ(six.ttl, 30);
  const Outcome many = Make({.entry = Entry::kName4, .name = "many.cert.alt"});
  EXPECT_EQ(many.addresses.size(), 32U);
}

TEST_F(ContractTest, FoundAddressGivesItsName) {
  for (const Entry entry : kAddressEntries) {
    const Outcome outcome = Make({.entry = entry, .address = Bytes("192.0.2.8")});
    EXPECT_EQ(Differs(outcome, kSuccess), "");
    EXPECT_EQ(outcome.name, "two.cert.alt");
    EXPECT_EQ(outcome.aliases, std::vector<std::string>{"two.example"});
    EXPECT_EQ(outcome.addresses, std::vector{Bytes("192.0.2.8")});
    const std::string mapped = std::string(10, '\0') + "\xff\xff" + Bytes("192.0.2.8");
    const Outcome folded = Make({.entry = entry, .address = mapped, .family = AF_INET6});
    EXPECT_EQ(Differs(folded, kSuccess), "");
    EXPECT_EQ(folded.name, "two.cert.alt");
    EXPECT_EQ(folded.addresses, std::vector{mapped});
    EXPECT_EQ(Make({.entry = entry, .address = Bytes("2001:db8::9"), .family = AF_INET6}).name,
              "six.cert.alt");
  }
}

TEST_F(ContractTest, WhatTheSnapshotLacks) {
  ExpectName("unknown.cert.alt", kNoSuchName);
  ExpectName("unknown.key.cert.alt", kNoSuchName);
  ExpectName("cert.alt", kNoSuchName);
  ExpectName("unknown.example.org", kForeign);
  ExpectName("unknown", kForeign);
  ExpectName("none.cert.alt", kNoAddress);
  Expect({.entry = Entry::kName, .name = "six.cert.alt"}, kNoAddress);
  Expect({.entry = Entry::kName2, .name = "debian-bugs", .family = AF_INET6}, kNoAddress);
  Expect({.entry = Entry::kName3, .name = "debian-bugs.cert.alt", .family = AF_INET6}, kNoAddress);
  ExpectAddress(Bytes("198.51.100.1"), AF_INET, kForeign);
  ExpectAddress(Bytes("2001:db8::ffff"), AF_INET6, kForeign);
}

TEST_F(ContractTest, WhatHasExpiredIsNeverServed) {
  ExpectName("old.cert.alt", kUnsure);
  ExpectName("old.example", kForeign);
  ExpectAddress(Bytes("192.0.2.66"), AF_INET, kForeign);
  SnapshotOptions ended = World::Options(false);
  ended.not_after = std::time(nullptr);
  world_.Write(World::Build({Named("debian-bugs.cert.alt", {"192.0.2.7"})}, ended));
  ExpectName("debian-bugs.cert.alt", kUnsure);
  ExpectName("unknown.cert.alt", kUnsure);
}

TEST_F(ContractTest, ASnapshotFromTheFutureIsNone) {
  SnapshotOptions ahead = World::Options(false);
  ahead.created = std::time(nullptr) + 60;
  world_.Write(World::Build(
      {Named("debian-bugs.cert.alt", {"192.0.2.7"}), Named("debian-bugs", {"192.0.2.7"})}, ahead));
  ExpectName("debian-bugs.cert.alt", kUnsure);
  ExpectName("unknown.cert.alt", kUnsure);
  ExpectName("debian-bugs", kForeign);
  ExpectAddress(Bytes("192.0.2.7"), AF_INET, kForeign);
}

TEST_F(ContractTest, ARecordExpiresWhileTheSnapshotStands) {
  SnapshotRecord soon = Named("soon.cert.alt", {"192.0.2.7"});
  soon.proved_until = std::time(nullptr) + 2;
  world_.Publish({soon}, false);
  const Outcome first = Make({.entry = Entry::kName4, .name = "soon.cert.alt"});
  EXPECT_EQ(Differs(first, kSuccess), "");
  EXPECT_GE(first.ttl, 1);
  EXPECT_LE(first.ttl, 2);
  while (std::time(nullptr) < soon.proved_until) usleep(10'000);
  ExpectName("soon.cert.alt", kUnsure);
}

TEST_F(ContractTest, NamesAsPeopleAndAttackersWriteThem) {
  for (const char* name : {"DEBIAN-bugs.Cert.ALT", "debian-bugs.cert.alt.", "x_y.cert.alt",
                           "xn--bcher-kva.cert.alt", "Debian-Bugs", "BUGS.example.org."}) {
    ExpectName(name, kSuccess);
  }
  ExpectName(kLongName, kSuccess);
  ExpectName(kLongName + ".", kSuccess);
  // Under our suffix, so that DNS must not see them, whatever they are.
  for (const std::string& name :
       {std::string(".cert.alt"), std::string("debian-bugs.cert.alt.."), std::string("a..cert.alt"),
        std::string("-a.cert.alt"), std::string("a-.cert.alt"), std::string("a b.cert.alt"),
        std::string("a\n.cert.alt"), std::string("%s%n.cert.alt"), std::string("\xc3\xbc.cert.alt"),
        std::string(64, 'a') + ".cert.alt", "a" + kLongName,
        std::string(100'000, 'a') + ".cert.alt", std::string(50'000, '.') + ".cert.alt",
        std::string("CERT.ALT."), std::string("a/b.cert.alt"), std::string("[::1].cert.alt")}) {
    ExpectName(name, kNoSuchName);
  }
  // Not ours.
  for (const std::string& name :
       {std::string(), std::string("."), std::string(".."), std::string("xcert.alt"),
        std::string("debian-bugs.cert.alt.evil.org"), std::string("alt"), std::string("cert.al"),
        std::string("ert.alt"), std::string("1.2.3.4"), std::string("0x7f.1"), std::string("a b"),
        std::string("%n"), std::string(254, 'a'), std::string(100'000, 'x'),
        std::string("cert.alt "), std::string("-"), std::string("\xff\xfe")}) {
    ExpectName(name, kForeign);
  }
}

TEST_F(ContractTest, LabelsAndNamesHaveLimits) {
  for (size_t size = 1; size <= 260; ++size) {
    std::string name;
    while (name.size() < size) name += name.size() % 64 == 63 ? '.' : 'q';
    if (name.back() == '.') name.back() = 'q';
    ExpectName(name, kForeign);
    ExpectName(name + ".cert.alt", kNoSuchName);
  }
}

TEST_F(ContractTest, NobodyBindsTheNamesOfThisMachine) {
  char host[256] = {};
  ASSERT_EQ(gethostname(host, sizeof host - 1), 0);
  std::string short_host = host;
  short_host = short_host.substr(0, short_host.find('.'));
  // The builder refuses all of them, but only for the host names that it is told.
  world_.Publish({Named(short_host, {"192.0.2.1"}), Named("other", {"192.0.2.2"})}, false);
  ExpectName(short_host, kForeign);
  ExpectName(host, kForeign);
  ExpectName("other", kSuccess);
  for (const char* name : {"localhost", "a.localhost", "LOCALHOST.", "wpad", "wpad.corp.example",
                           "isatap", "_gateway", "_outbound", "printer.local", "x.onion"}) {
    ExpectName(name, kForeign);
  }
}

TEST_F(ContractTest, FamiliesAndLengths) {
  for (const Entry entry : {Entry::kName3, Entry::kName2}) {
    for (const int family : {AF_UNIX, -1, 0x7fff, AF_PACKET}) {
      for (const char* name : {"debian-bugs.cert.alt", "unknown.cert.alt", "unknown"}) {
        Expect({.entry = entry, .name = name, .family = family}, kBadFamily);
      }
    }
    Expect({.entry = entry, .name = "two.cert.alt", .family = AF_UNSPEC}, kSuccess);
    Expect({.entry = entry, .name = "two.cert.alt", .family = AF_INET6}, kSuccess);
  }
  for (size_t size = 0; size <= 20; ++size) {
    if (size != 4) ExpectAddress(std::string(size, '\1'), AF_INET, kBadFamily);
    if (size != 16) ExpectAddress(std::string(size, '\1'), AF_INET6, kBadFamily);
  }
  ExpectAddress(Bytes("192.0.2.8"), AF_UNSPEC, kBadFamily);
  ExpectAddress(Bytes("192.0.2.8"), AF_UNIX, kBadFamily);
}

TEST_F(ContractTest, OutputsMayBeAbsent) {
  for (const char* name : {"debian-bugs.cert.alt", "unknown.cert.alt", "unknown"}) {
    for (const Entry entry : kNameEntries) {
      const Outcome outcome = Make({.entry = entry, .name = name, .null_outputs = true});
      EXPECT_EQ(outcome.fault, "");
      EXPECT_EQ(outcome.error, kPoisonedError);
    }
  }
  const Outcome reverse =
      Make({.entry = Entry::kAddress2, .address = Bytes("192.0.2.8"), .null_outputs = true});
  EXPECT_EQ(reverse.status, NSS_STATUS_SUCCESS);
  EXPECT_EQ(reverse.fault, "");
}

TEST_F(ContractTest, ErrnoItselfMayBeTheOutput) {
  const auto expect = [this](const char* name, const Row& row) {
    for (const Entry entry : kNameEntries) {
      Expect({.entry = entry, .name = name, .errno_is_output = true}, row);
    }
  };
  expect("debian-bugs.cert.alt", kSuccess);
  expect("unknown.cert.alt", kNoSuchName);
  expect("old.cert.alt", kUnsure);
  expect("unknown", kForeign);
}

TEST_F(ContractTest, TheCallerMayBringTheFirstTuple) {
  const Outcome outcome =
      Make({.entry = Entry::kName4, .name = "many.cert.alt", .own_tuple = true});
  EXPECT_EQ(Differs(outcome, kSuccess), "");
  EXPECT_EQ(outcome.addresses.size(), 32U);
  Expect({.entry = Entry::kName4, .name = "unknown", .own_tuple = true}, kForeign);
}

TEST_F(ContractTest, WithoutASnapshotOurNamesAreUnsure) {
  world_.Write("");
  for (const bool gone : {false, true}) {
    if (gone) {
      ASSERT_EQ(unlink(world_.snapshot().c_str()), 0);
    }
    ExpectName("debian-bugs.cert.alt", kUnsure);
    ExpectName("a b.cert.alt", kNoSuchName);
    ExpectName("debian-bugs", kForeign);
    ExpectAddress(Bytes("192.0.2.8"), AF_INET, kForeign);
  }
}

TEST_F(ContractTest, ASnapshotThatAllowsTheSocketHasNotTheLastWord) {
  world_.Publish(records_, true);
  ExpectName("unknown.cert.alt", kUnsure);
  ExpectName("debian-bugs.cert.alt", kSuccess);
  ExpectName("unknown", kForeign);
  setenv("COMMRESOLVE_NSS_SOCKET", "0", 1);
  ExpectName("unknown.cert.alt", kUnsure);
}

TEST_F(ContractTest, TheSystemsSnapshotComesSecond) {
  if (!HasPrivateRun()) GTEST_SKIP() << "no mount namespace";
  const std::string system = "/run/commresolve";
  ASSERT_EQ(mkdir(system.c_str(), 0755), 0);
  const auto publish = [&](const std::vector<SnapshotRecord>& records, bool socket_allowed) {
    const auto bytes = World::Build(records, World::Options(socket_allowed));
    ASSERT_TRUE(PublishSnapshot(system + "/hosts.snap", bytes).ok());
  };
  publish({Named("debian-bugs.cert.alt", {"198.51.100.1"}), Named("all.cert.alt", {"198.51.100.2"}),
           Named("old.cert.alt", {"198.51.100.3"}), Named("old.example", {"198.51.100.4"})},
          false);
  const auto first_of = [](const char* name) {
    const Outcome outcome = Make({.entry = Entry::kName4, .name = name});
    return outcome.addresses.empty() ? std::string() : outcome.addresses[0];
  };
  EXPECT_EQ(first_of("debian-bugs.cert.alt"), Bytes("192.0.2.7"));
  EXPECT_EQ(first_of("all.cert.alt"), Bytes("198.51.100.2"));
  EXPECT_EQ(first_of("old.cert.alt"), Bytes("198.51.100.3"));
  EXPECT_EQ(first_of("old.example"), Bytes("198.51.100.4"));
  ExpectName("none.cert.alt", kNoAddress);
  ExpectName("unknown.cert.alt", kNoSuchName);
  ExpectAddress(Bytes("198.51.100.2"), AF_INET, kSuccess);
  publish({}, true);
  ExpectName("unknown.cert.alt", kUnsure);
  publish({}, false);
  // A user without a snapshot: the system's word is enough.
  ASSERT_EQ(unlink(world_.snapshot().c_str()), 0);
  ExpectName("unknown.cert.alt", kNoSuchName);
  // With one that cannot be read, it is not.
  world_.Write("damaged");
  ExpectName("unknown.cert.alt", kUnsure);
  unsetenv("XDG_RUNTIME_DIR");
  ExpectName("unknown.cert.alt", kNoSuchName);
  ASSERT_EQ(unlink((system + "/hosts.snap").c_str()) + rmdir(system.c_str()), 0);
}

/// Every size of buffer, at every alignment: too small until it is big enough, then always enough.
TEST_F(ContractTest, BuffersOfEverySize) {
  const auto sweep = [](Call call, size_t limit) {
    for (size_t misalignment = 0; misalignment < 16; ++misalignment) {
      bool fits = false;
      for (size_t size = 0; size <= limit; ++size) {
        call.misalignment = misalignment;
        call.buffer_size = size;
        const Outcome outcome = Make(call);
        fits = fits || outcome.status == NSS_STATUS_SUCCESS;
        ASSERT_EQ(Differs(outcome, fits ? kSuccess : kTooSmall), "")
            << "function " << static_cast<int>(call.entry) << ", " << size << " bytes at "
            << misalignment;
      }
      EXPECT_TRUE(fits);
    }
  };
  for (const Entry entry : kNameEntries) {
    sweep({.entry = entry, .name = "debian-bugs.cert.alt"}, 180);
    sweep({.entry = entry, .name = "two.cert.alt"}, 220);
  }
  sweep({.entry = Entry::kName4, .name = "many.cert.alt"}, 1500);
  sweep({.entry = Entry::kName4, .name = "many.cert.alt", .own_tuple = true}, 1500);
  sweep({.entry = Entry::kName3, .name = "many.cert.alt", .family = AF_INET6}, 520);
  sweep({.entry = Entry::kName2, .name = kLongName}, 400);
  for (const Entry entry : kAddressEntries) {
    sweep({.entry = entry, .address = Bytes("192.0.2.8")}, 200);
    sweep({.entry = entry, .address = Bytes("2001:db8::7"), .family = AF_INET6}, 200);
  }
  for (const Entry entry : kNameEntries) {
    Expect({.entry = entry, .name = "two.cert.alt", .null_buffer = true}, kTooSmall);
    Expect({.entry = entry, .name = "two.cert.alt", .buffer_size = 0, .null_buffer = true},
           kTooSmall);
    // What needs no buffer does not complain about it.
    Expect({.entry = entry, .name = "unknown", .buffer_size = 0}, kForeign);
    Expect({.entry = entry, .name = "unknown.cert.alt", .buffer_size = 0}, kNoSuchName);
  }
  RecordProperty("checks", static_cast<int>(ChecksMade()));
  std::printf("%zu checks\n", ChecksMade());
  EXPECT_GE(ChecksMade(), 250'000U);
}

}  // namespace
}  // namespace commresolve::test
