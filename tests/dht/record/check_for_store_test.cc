// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// CheckForStore: good records of every type pass, and nothing else.

#include "dht/record/check_for_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/dht/record/samples.h"

namespace commresolve::dht {
namespace {

using testing::HasSubstr;

struct Sample {
  RecordType type = RecordType::kPosting;
  DhtKey key{};
  std::string payload;
};

std::vector<Sample> Samples() {
  const SigningKey key = SeedKey(1);
  const Observation observation = SampleObservation();
  return {
      {RecordType::kPosting, SampleBucket(),
       *WritePostingBlock(SampleBucket(), {1, kNow + kDay}, {}, SampleEntries(18), key)},
      {RecordType::kOwner, SubjectKey(RecordType::kOwner, key.id()),
       *WriteOwner(SampleOwner(key.id()), key)},
      {RecordType::kObservation, SubjectKey(RecordType::kObservation, observation.subject),
       *WriteObservation(observation, key)},
      {RecordType::kRollover, SubjectKey(RecordType::kRollover, key.id()),
       *WriteRollover(SampleRollover(key.id()), key)},
  };
}

Status Check(RecordType type, const DhtKey& key, const std::string& payload, UnixTime now = kNow) {
  return CheckForStore(type, key, ValueId(payload),
                       {reinterpret_cast<const uint8_t*>(payload.data()), payload.size()}, now);
}

TEST(CheckForStore, TakesGoodRecordsOfEveryType) {
  for (const Sample& sample : Samples()) {
    const Status status = Check(sample.type, sample.key, sample.payload);
    EXPECT_TRUE(status.ok()) << status.error().message;
  }
}

TEST(CheckForStore, RefusesAnotherTypeOrKey) {
  for (const Sample& sample : Samples()) {
    for (const Sample& other : Samples()) {
      if (other.type == sample.type) continue;
      EXPECT_FALSE(Check(other.type, sample.key, sample.payload).ok());
      EXPECT_FALSE(Check(sample.type, other.key, sample.payload).ok());
    }
  }
}

TEST(CheckForStore, RefusesAnotherNumber) {
  for (const Sample& sample : Samples()) {
    const std::string& bytes = sample.payload;
    const Status status =
        CheckForStore(sample.type, sample.key, ValueId(bytes) + 1,
                      {reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()}, kNow);
    ASSERT_FALSE(status.ok());
    EXPECT_THAT(status.error().message, HasSubstr("value id"));
  }
}

TEST(CheckForStore, RefusesEveryChangeThatBringsItsOwnNumber) {
  for (const Sample& sample : Samples()) {
    EXPECT_EQ(AcceptedTamperings(sample.payload,
                                 [&sample](const std::string& changed) {
                                   return Check(sample.type, sample.key, changed).ok();
                                 }),
              0U);
  }
}

TEST(CheckForStore, RefusesOtherTimesAndSizes) {
  for (const Sample& sample : Samples()) {
    EXPECT_FALSE(Check(sample.type, sample.key, sample.payload, kNow + 40 * kDay).ok());
    EXPECT_FALSE(Check(sample.type, sample.key, sample.payload, kNow - 40 * kDay).ok());
    for (const size_t size : {size_t{0}, kMaxRecordBytes + 1, size_t{65'536}}) {
      const Status status = Check(sample.type, sample.key, std::string(size, '\xC1'));
      ASSERT_FALSE(status.ok());
      EXPECT_THAT(status.error().message, HasSubstr("size"));
    }
  }
}

}  // namespace
}  // namespace commresolve::dht
