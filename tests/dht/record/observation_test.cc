// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Observations: round trip, tampering, limits.

#include "dht/record/observation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "tests/dht/record/samples.h"

namespace commresolve::dht {
namespace {

using testing::HasSubstr;

DhtKey Key() { return SubjectKey(RecordType::kObservation, SampleObservation().subject); }

std::string Written(const Observation& record, uint8_t seed = 1) {
  const auto payload = WriteObservation(record, SeedKey(seed));
  EXPECT_TRUE(payload.ok());
  return payload.ok() ? *payload : std::string();
}

std::string Problem(const std::function<void(Observation&)>& change) {
  Observation record = SampleObservation();
  change(record);
  const auto payload = WriteObservation(record, SeedKey(1));
  return payload.ok() ? "" : payload.error().message;
}

TEST(Observation, ComesBackAsItWasWritten) {
  for (const char* name : {"", "bugs.debian.org"}) {
    Observation record = SampleObservation();
    record.endpoint.server_name = name;
    const auto read = ReadObservation(Key(), Written(record), kNow);
    ASSERT_TRUE(read.ok()) << read.error().message;
    record.observer = RawKey(SeedKey(1));
    EXPECT_EQ(*read, record);
  }
}

TEST(Observation, TheLongestNameFits) {
  Observation record = SampleObservation();
  std::string& name = record.endpoint.server_name;
  name = std::string(60, 'a');
  for (char c : {'b', 'c', 'd'}) name += "." + std::string(63, c);
  ASSERT_EQ(name.size(), 252U);
  EXPECT_TRUE(ReadObservation(Key(), Written(record), kNow).ok());
}

TEST(Observation, NothingOfItMayChange) {
  EXPECT_EQ(AcceptedTamperings(Written(SampleObservation()),
                               [](const std::string& changed) {
                                 return ReadObservation(Key(), changed, kNow).ok();
                               }),
            0U);
}

TEST(Observation, HoldsUnderTheKeyOfItsSubjectOnly) {
  const std::string payload = Written(SampleObservation());
  const auto elsewhere =
      ReadObservation(SubjectKey(RecordType::kObservation, SomeKey(6)), payload, kNow);
  ASSERT_FALSE(elsewhere.ok());
  EXPECT_THAT(elsewhere.error().message, HasSubstr("key: not where"));
  EXPECT_FALSE(ReadObservation(SubjectKey(RecordType::kOwner, SomeKey(5)), payload, kNow).ok());
}

TEST(Observation, IsNotOfTheFuture) {
  Observation record = SampleObservation();
  record.last_seen = kNow + kClockSkew;
  EXPECT_TRUE(ReadObservation(Key(), Written(record), kNow).ok());
  const auto early = ReadObservation(Key(), Written(record), kNow - 1);
  ASSERT_FALSE(early.ok());
  EXPECT_THAT(early.error().message, HasSubstr("last seen: in the future"));
}

TEST(Observation, LimitsAreKept) {
  EXPECT_EQ(Problem([](Observation&) {}), "");
  EXPECT_THAT(Problem([](Observation& r) { r.first_seen = r.last_seen + 1; }),
              HasSubstr("first seen: after last seen"));
  EXPECT_THAT(Problem([](Observation& r) { r.last_seen = r.header.expires + 1; }),
              HasSubstr("last seen: after the end"));
  EXPECT_THAT(Problem([](Observation& r) { r.first_seen = -1; }), HasSubstr("first seen"));
  EXPECT_THAT(Problem([](Observation& r) { r.endpoint.ip = *IpAddress::Parse("10.0.0.1"); }),
              HasSubstr("endpoint: not a global address"));
  EXPECT_THAT(Problem([](Observation& r) { r.endpoint.port = 0; }), HasSubstr("endpoint: port 0"));
  EXPECT_THAT(Problem([](Observation& r) { r.endpoint.server_name = "A.org"; }),
              HasSubstr("server name"));
  EXPECT_FALSE(WriteObservation(SampleObservation(), NewSigningKey("P-256")).ok());
}

TEST(Observation, AnUnknownRegionIsRefused) {
  Observation record = SampleObservation();
  record.region = static_cast<Region>(6);
  const auto read = ReadObservation(Key(), Written(record), kNow);
  ASSERT_FALSE(read.ok());
  EXPECT_THAT(read.error().message, HasSubstr("region: unknown"));
}

TEST(Observation, IsASighting) {
  Observation record = SampleObservation();
  record.observer.fill(3);
  const Sighting sighting = SightingOf(record);
  EXPECT_EQ(sighting.observer.bytes, record.observer);
  EXPECT_EQ(sighting.key, record.subject);
  EXPECT_EQ(sighting.endpoint, record.endpoint);
  EXPECT_EQ(sighting.first_seen, record.first_seen);
  EXPECT_EQ(sighting.last_seen, record.last_seen);
  EXPECT_EQ(sighting.region, record.region);
}

}  // namespace
}  // namespace commresolve::dht
