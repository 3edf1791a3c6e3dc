// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the builder takes, what it refuses, and that everything it took is found again.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstring>
#include <string>
#include <vector>

#include "grpc/snapshot/snapshot.h"
#include "nss-module/wire.h"

namespace commresolve {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr UnixTime kNow = 1'800'000'000;

IpAddress Ip(std::string_view text) { return *IpAddress::Parse(text); }

SnapshotRecord Named(std::string name, std::vector<IpAddress> addresses = {},
                     UnixTime proved_until = kNow + 60) {
  return {.name = std::move(name), .addresses = std::move(addresses), .proved_until = proved_until};
}

SnapshotOptions Options() {
  return {.generation = 7,
          .created = kNow,
          .not_after = kNow + 3600,
          .socket_allowed = true,
          .seed = {1, 2}};
}

BuiltSnapshot Build(const std::vector<SnapshotRecord>& records,
                    const SnapshotOptions& options = Options()) {
  auto built = BuildSnapshot(records, options);
  EXPECT_TRUE(built.ok());
  return std::move(*built);
}

SnapshotReader Read(const BuiltSnapshot& built) {
  auto reader = SnapshotReader::Parse(built.bytes, kNow);
  EXPECT_TRUE(reader.ok()) << reader.error().message;
  return std::move(*reader);
}

/// The message of the one refusal.
std::string Refusal(const SnapshotRecord& record, const SnapshotOptions& options = Options()) {
  const BuiltSnapshot built = Build({Named("good.cert.alt"), record}, options);
  EXPECT_TRUE(Read(built).LookUp("good.cert.alt", kNow).ok());
  if (built.refused.size() != 1) return "";
  EXPECT_EQ(built.refused[0].index, 1U);
  EXPECT_EQ(built.refused[0].error.code, Code::kInvalidArgument);
  return built.refused[0].error.message;
}

TEST(SnapshotBuildTest, WhatWentInComesOut) {
  SnapshotRecord full =
      Named("debian-bugs.cert.alt", {Ip("192.0.2.7"), Ip("192.0.2.8"), Ip("2001:db8::7")});
  full.canonical_name = "bugs.example.org";
  full.kind = RecordKind::kDnsName;
  const BuiltSnapshot built = Build({full, Named("Bare-Words.")});
  EXPECT_EQ(built.names, 2U);
  const SnapshotReader reader = Read(built);
  const auto found = reader.LookUp("DEBIAN-bugs.cert.alt.", kNow);
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(*found, full);
  EXPECT_EQ(reader.LookUp("bare-words", kNow)->name, "bare-words");
  EXPECT_EQ(reader.LookUp("other", kNow).error().code, Code::kNotFound);
  EXPECT_EQ(reader.LookUp("a b", kNow).error().code, Code::kInvalidArgument);
  EXPECT_EQ(reader.LookUp(Ip("2001:db8::7"), kNow)->name, full.name);
  EXPECT_EQ(reader.LookUp(Ip("192.0.2.9"), kNow).error().code, Code::kNotFound);
  EXPECT_EQ(reader.summary().generation, 7U);
  EXPECT_EQ(reader.summary().names, 2U);
  EXPECT_EQ(reader.summary().created, kNow);
  EXPECT_EQ(reader.summary().not_after, kNow + 3600);
  EXPECT_TRUE(reader.summary().socket_allowed);
}

TEST(SnapshotBuildTest, NothingIsServedFromTheSecondOfItsEnd) {
  const SnapshotReader reader = Read(Build({Named("a.cert.alt", {Ip("192.0.2.1")}, kNow + 10)}));
  EXPECT_TRUE(reader.LookUp("a.cert.alt", kNow + 9).ok());
  EXPECT_THAT(reader.LookUp("a.cert.alt", kNow + 10).error().message,
              HasSubstr("the proof of a.cert.alt ended at 2027-01-15T08:00:10Z"));
  EXPECT_FALSE(reader.LookUp(Ip("192.0.2.1"), kNow + 10).ok());
}

TEST(SnapshotBuildTest, AnEmptySnapshotIsOne) {
  SnapshotOptions options = Options();
  options.socket_allowed = false;
  const SnapshotReader reader = Read(Build({}, options));
  EXPECT_EQ(reader.LookUp("a.cert.alt", kNow).error().code, Code::kNotFound);
  EXPECT_FALSE(reader.summary().socket_allowed);
}

TEST(SnapshotBuildTest, RefusesWhatIsNoHostName) {
  for (const std::string& name :
       {std::string(), std::string("."), std::string("a b.cert.alt"), std::string("a..b"),
        std::string("-a"), std::string("a-"), std::string("a-.b"), std::string("\xc3\xbc.alt"),
        std::string(64, 'a'), std::string("a\0b", 3), std::string("a/b"), std::string("*.a")}) {
    EXPECT_THAT(Refusal(Named(name)), HasSubstr("is no host name")) << name;
  }
  std::string longest;
  while (longest.size() < 253) longest += longest.size() % 64 == 63 ? '.' : 'q';
  EXPECT_EQ(Refusal(Named(longest)), "");
  EXPECT_THAT(Refusal(Named(longest + "q")), HasSubstr("is no host name"));
  for (const char* name : {"10", "10.1", "192.0.2.7", "0x7f", "a.0x", "a.5"}) {
    EXPECT_THAT(Refusal(Named(name)), HasSubstr("would be read as an address")) << name;
  }
  EXPECT_EQ(Refusal(Named("5.a")) + Refusal(Named("0xg")) + Refusal(Named("x_y")), "");
}

TEST(SnapshotBuildTest, RefusesTheNamesOfTheMachine) {
  for (const char* name :
       {"localhost", "LOCALHOST.", "a.localhost", "local", "printer.local", "onion", "x.onion",
        "wpad", "wpad.example.org", "isatap", "_gateway", "_outbound"}) {
    EXPECT_THAT(Refusal(Named(name)), HasSubstr("is reserved")) << name;
  }
  for (const char* name : {"mylocalhost", "local.example", "wpadx", "wpad.cert.alt", "onions"}) {
    EXPECT_EQ(Refusal(Named(name)), "") << name;
  }
  SnapshotOptions options = Options();
  options.host_names = {"Box.example.org", "tower"};
  for (const char* name : {"box", "box.example.org", "TOWER"}) {
    EXPECT_THAT(Refusal(Named(name), options), HasSubstr("name of this machine")) << name;
  }
  EXPECT_EQ(Refusal(Named("box.example.com"), options), "");
}

TEST(SnapshotBuildTest, RefusesMoreThanARecordHolds) {
  for (const bool v6 : {false, true}) {
    SnapshotRecord record = Named("many.cert.alt");
    for (int i = 1; i <= 16; ++i) {
      record.addresses.push_back(Ip((v6 ? "2001:db8::" : "192.0.2.") + std::to_string(i)));
    }
    EXPECT_EQ(Refusal(record), "");
    record.addresses.push_back(Ip(v6 ? "2001:db8::17" : "192.0.2.17"));
    EXPECT_THAT(Refusal(record), HasSubstr("'many.cert.alt' has more than 16 addresses"));
  }
  SnapshotRecord record = Named("a.cert.alt");
  record.canonical_name = "not a name";
  EXPECT_THAT(Refusal(record), HasSubstr("canonical name of 'a.cert.alt'"));
}

TEST(SnapshotBuildTest, RefusesTheSecondOfAName) {
  const BuiltSnapshot built = Build({Named("a.cert.alt", {Ip("192.0.2.1")}), Named("b.cert.alt"),
                                     Named("A.cert.alt", {Ip("192.0.2.2")}), Named("-")});
  ASSERT_EQ(built.refused.size(), 2U);
  EXPECT_EQ(built.refused[0].index, 2U);
  EXPECT_EQ(built.refused[0].error.message, "'a.cert.alt' stands here twice");
  EXPECT_EQ(built.refused[1].index, 3U);
  EXPECT_EQ(built.names, 2U);
  EXPECT_THAT(Read(built).LookUp("a.cert.alt", kNow)->addresses, ElementsAre(Ip("192.0.2.1")));
  EXPECT_EQ(Read(built).LookUp(Ip("192.0.2.2"), kNow).error().code, Code::kNotFound);
}

TEST(SnapshotBuildTest, AnAddressBelongsToTheNameThatLastsLongest) {
  const IpAddress shared = Ip("192.0.2.1");
  const SnapshotReader reader = Read(Build({Named("a.cert.alt", {shared}, kNow + 10),
                                            Named("b.cert.alt", {shared, shared}, kNow + 20),
                                            Named("c.cert.alt", {shared}, kNow + 20)}));
  EXPECT_EQ(reader.LookUp(shared, kNow)->name, "b.cert.alt");
  EXPECT_TRUE(reader.LookUp(shared, kNow + 15).ok());
}

TEST(SnapshotBuildTest, TheSameInputGivesTheSameBytes) {
  const std::vector<SnapshotRecord> records = {Named("a.cert.alt"), Named("b", {Ip("::1")})};
  EXPECT_EQ(Build(records).bytes, Build(records).bytes);
  SnapshotOptions other = Options();
  other.seed = {1, 3};
  EXPECT_NE(Build(records).bytes, Build(records, other).bytes);
}

/// The promise to readers: no entry stands more than 31 slots from its home, whatever the seed.
TEST(SnapshotBuildTest, EveryNameIsFoundWhateverTheSeed) {
  std::vector<SnapshotRecord> records;
  for (uint32_t i = 0; i < 2000; ++i) {
    records.push_back(Named("host-" + std::to_string(i) + ".cert.alt",
                            {Ip("10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250)),
                             Ip("2001:db8::" + std::to_string(i))}));
  }
  for (uint64_t seed = 0; seed < 20; ++seed) {
    SnapshotOptions options = Options();
    options.seed = {seed, ~seed};
    const BuiltSnapshot built = Build(records, options);
    EXPECT_EQ(built.names, records.size());
    const SnapshotReader reader = Read(built);
    for (const SnapshotRecord& record : records) {
      ASSERT_TRUE(reader.LookUp(record.name, kNow).ok()) << record.name;
      ASSERT_EQ(reader.LookUp(record.addresses[1], kNow)->name, record.name);
    }
    for (int i = 0; i < 200; ++i) {
      ASSERT_EQ(reader.LookUp("absent-" + std::to_string(i), kNow).error().code, Code::kNotFound);
    }
  }
}

TEST(SnapshotBuildTest, AMillionNamesTakeSeconds) {
  std::vector<SnapshotRecord> records;
  for (int i = 0; i < 1'000'000; ++i) {
    records.push_back(Named("some-host-" + std::to_string(i) + ".cert.alt", {Ip("192.0.2.7")}));
  }
  const auto start = std::chrono::steady_clock::now();
  const BuiltSnapshot built = Build(records);
  const auto spent = std::chrono::steady_clock::now() - start;
  std::printf(
      "%lld ms, %zu bytes\n",
      static_cast<long long>(std::chrono::duration_cast<std::chrono::milliseconds>(spent).count()),
      built.bytes.size());
  EXPECT_EQ(built.names, records.size());
  const SnapshotReader reader = Read(built);
  for (size_t i = 0; i < records.size(); i += 997) {
    ASSERT_TRUE(reader.LookUp(records[i].name, kNow).ok());
  }
}

TEST(SnapshotReaderTest, RefusesWhatIsNoWholeSnapshot) {
  const std::string good = Build({Named("a.cert.alt")}).bytes;
  for (size_t size = 0; size < good.size(); ++size) {
    EXPECT_EQ(SnapshotReader::Parse(good.substr(0, size), kNow).error().code, Code::kCorrupt);
  }
  EXPECT_FALSE(SnapshotReader::Parse(good + "x", kNow).ok());
  EXPECT_THAT(SnapshotReader::Parse(good, kNow + 3600).error().message, HasSubstr("ended at"));
  EXPECT_TRUE(SnapshotReader::Parse(good, kNow - 5).ok());
  EXPECT_THAT(SnapshotReader::Parse(good, kNow - 6).error().message, HasSubstr("still to come"));
  for (size_t at = 0; at < sizeof(nss::Header); ++at) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    EXPECT_EQ(SnapshotReader::Parse(bad, kNow).error().code, Code::kCorrupt) << at;
  }
}

TEST(SnapshotReaderTest, ADamagedRecordIsNotServed) {
  const std::string good = Build({Named("a.cert.alt", {Ip("192.0.2.7")})}).bytes;
  const size_t record = good.size() - good.size() % 8 - 40;
  size_t damaged = 0;
  for (size_t at = record; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 0x10);
    const auto found = SnapshotReader::Parse(bad, kNow)->LookUp("a.cert.alt", kNow);
    if (found.ok()) {
      EXPECT_THAT(found->addresses, ElementsAre(Ip("192.0.2.7"))) << at;
    } else {
      ++damaged;
    }
  }
  EXPECT_GE(damaged, 39U);
}

}  // namespace
}  // namespace commresolve
