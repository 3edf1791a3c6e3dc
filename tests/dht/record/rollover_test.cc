// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Rollover records: round trip, tampering, limits.

#include "dht/record/rollover.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "tests/dht/record/samples.h"

namespace commresolve::dht {
namespace {

using testing::HasSubstr;

DhtKey KeyFor(const KeyId& old_key) { return SubjectKey(RecordType::kRollover, old_key); }

std::string Problem(const std::function<void(Rollover&)>& change) {
  const SigningKey key = SeedKey(1);
  Rollover record = SampleRollover(key.id());
  change(record);
  const auto payload = WriteRollover(record, key);
  return payload.ok() ? "" : payload.error().message;
}

TEST(Rollover, ComesBackAsItWasWritten) {
  const SigningKey ecdsa = NewSigningKey("P-256");
  for (const size_t count : {size_t{0}, size_t{1}, kMaxNewKeys}) {
    Rollover record = SampleRollover(ecdsa.id());
    record.new_keys.clear();
    for (size_t i = 0; i < count; ++i) {
      record.new_keys.push_back(SomeKey(static_cast<uint8_t>(i)));
    }
    const auto payload = WriteRollover(record, ecdsa);
    ASSERT_TRUE(payload.ok()) << payload.error().message;
    const auto read = ReadRollover(KeyFor(ecdsa.id()), *payload, kNow);
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_EQ(*read, record);
  }
}

TEST(Rollover, APublishingKeySpeaksForALargeKey) {
  const KeyId rsa = NewSigningKey("RSA-2048").id();
  Rollover record = SampleRollover(rsa);
  const auto payload = WriteRollover(record, SeedKey(2));
  ASSERT_TRUE(payload.ok());
  const auto read = ReadRollover(KeyFor(rsa), *payload, kNow);
  ASSERT_TRUE(read.ok());
  record.publishing_key = RawKey(SeedKey(2));
  EXPECT_EQ(*read, record);
}

TEST(Rollover, NothingOfItMayChange) {
  for (const char* algorithm : {"P-256", "P-384"}) {
    const SigningKey key = NewSigningKey(algorithm);
    const auto payload = WriteRollover(SampleRollover(key.id()), key);
    ASSERT_TRUE(payload.ok());
    EXPECT_EQ(AcceptedTamperings(*payload,
                                 [&key](const std::string& changed) {
                                   return ReadRollover(KeyFor(key.id()), changed, kNow).ok();
                                 }),
              0U);
  }
}

TEST(Rollover, HoldsUnderTheKeyOfTheOldKeyOnly) {
  const SigningKey key = SeedKey(1);
  const auto payload = WriteRollover(SampleRollover(key.id()), key);
  ASSERT_TRUE(payload.ok());
  EXPECT_FALSE(ReadRollover(KeyFor(SomeKey(1)), *payload, kNow).ok());
  EXPECT_FALSE(ReadRollover(SubjectKey(RecordType::kOwner, key.id()), *payload, kNow).ok());
  EXPECT_FALSE(ReadRollover(KeyFor(key.id()), *payload, kNow + 21 * kDay).ok());
}

TEST(Rollover, LimitsAreKept) {
  EXPECT_EQ(Problem([](Rollover&) {}), "");
  EXPECT_THAT(Problem([](Rollover& r) { r.valid_from = r.header.expires; }),
              HasSubstr("valid from"));
  EXPECT_EQ(Problem([](Rollover& r) { r.new_keys.clear(); }), "");
  EXPECT_THAT(Problem([](Rollover& r) { r.new_keys.resize(9); }), HasSubstr("more than 8"));
  EXPECT_THAT(Problem([](Rollover& r) { std::swap(r.new_keys[0], r.new_keys[1]); }),
              HasSubstr("not ascending"));
  EXPECT_THAT(Problem([](Rollover& r) { r.new_keys[1] = r.new_keys[0]; }),
              HasSubstr("not ascending"));
  EXPECT_THAT(Problem([](Rollover& r) { r.new_keys = {r.old_key}; }), HasSubstr("old key"));
}

TEST(Rollover, LimitsAreKeptByTheReader) {
  const SigningKey key = SeedKey(1);
  const auto read = [&key](const std::string& body) {
    const auto payload =
        Seal(RecordType::kRollover, KeyFor(key.id()), {1, kNow + kDay}, key.id(), body, key);
    EXPECT_TRUE(payload.ok());
    const auto record = ReadRollover(KeyFor(key.id()), *payload, kNow);
    return record.ok() ? std::string() : record.error().message;
  };
  const std::string from = *FromHex("69800000");
  EXPECT_EQ(read(from + '\1' + std::string(32, 'a')), "");
  EXPECT_EQ(read(from + '\0'), "");
  EXPECT_THAT(read(from + '\x09' + std::string(9 * 32, 'a')), HasSubstr("more than 8"));
  EXPECT_THAT(read(from + '\2' + std::string(32, 'a')), HasSubstr("new key: cut short"));
  EXPECT_THAT(read(from + '\2' + std::string(64, 'a')), HasSubstr("not ascending"));
  EXPECT_THAT(read(from + '\1' + std::string(33, 'a')), HasSubstr("left over"));
}

}  // namespace
}  // namespace commresolve::dht
