// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Freshest: an old sequence number never wins, as long as a record with it could be valid.

#include "dht/record/freshest.h"

#include <gtest/gtest.h>

#include "tests/dht/record/samples.h"

namespace commresolve::dht {
namespace {

Stream OwnerStream(uint8_t subject) { return StreamOf(SampleOwner(SomeKey(subject))); }

TEST(Freshest, OldNumbersNeverWin) {
  Freshest freshest(10);
  EXPECT_TRUE(freshest.Accept(OwnerStream(1), 5, kNow));
  EXPECT_FALSE(freshest.Accept(OwnerStream(1), 4, kNow));
  EXPECT_TRUE(freshest.Accept(OwnerStream(1), 5, kNow));
  EXPECT_TRUE(freshest.Accept(OwnerStream(1), 0xffffffff, kNow));
  EXPECT_FALSE(freshest.Accept(OwnerStream(1), 0, kNow));
}

TEST(Freshest, StreamsDoNotMeet) {
  Freshest freshest(20);
  EXPECT_TRUE(freshest.Accept(OwnerStream(1), 5, kNow));
  EXPECT_TRUE(freshest.Accept(OwnerStream(2), 1, kNow));
  EXPECT_TRUE(freshest.Accept(StreamOf(SampleRollover(SomeKey(1))), 1, kNow));
  Observation observation = SampleObservation();
  EXPECT_TRUE(freshest.Accept(StreamOf(observation), 5, kNow));
  observation.endpoint.port = 444;
  EXPECT_TRUE(freshest.Accept(StreamOf(observation), 1, kNow));
  observation.endpoint.server_name = "other.debian.org";
  EXPECT_TRUE(freshest.Accept(StreamOf(observation), 0, kNow));
  observation.observer[0] = 1;
  EXPECT_TRUE(freshest.Accept(StreamOf(observation), 0, kNow));
  PostingBlock block;
  EXPECT_TRUE(freshest.Accept(StreamOf(block), 5, kNow));
  block.key[0] = 1;
  EXPECT_TRUE(freshest.Accept(StreamOf(block), 1, kNow));
  block.finder[0] = 1;
  EXPECT_TRUE(freshest.Accept(StreamOf(block), 0, kNow));
  EXPECT_EQ(freshest.size(), 10U);
}

TEST(Freshest, AReplayedRecordLosesUntilItHasExpired) {
  // An old record that was made to be valid as long as possible, and a newer one that is short.
  const SigningKey key = SeedKey(1);
  OwnerRecord record = SampleOwner(key.id());
  const int64_t longest = KindOf(RecordType::kOwner).longest_valid;
  record.header = {1, kNow + longest + kClockSkew};
  const auto replayed = WriteOwner(record, key);
  ASSERT_TRUE(replayed.ok());
  const DhtKey where = SubjectKey(RecordType::kOwner, key.id());
  Freshest freshest(10);
  ASSERT_TRUE(freshest.Accept(StreamOf(record), 2, kNow));
  for (UnixTime now = kNow; now < kNow + longest + 3 * kClockSkew; now += 600) {
    const auto read = ReadOwner(where, *replayed, now);
    EXPECT_FALSE(read.ok() && freshest.Accept(StreamOf(*read), read->header.sequence, now));
  }
}

TEST(Freshest, ForgetsWhatCanNoLongerBeReplayed) {
  Freshest freshest(10);
  EXPECT_TRUE(freshest.Accept(OwnerStream(1), 5, kNow));
  EXPECT_TRUE(freshest.Accept(OwnerStream(2), 5, kNow + 30 * kDay));
  EXPECT_EQ(freshest.size(), 1U);
}

TEST(Freshest, RemembersFromTheLastTimeOn) {
  Freshest freshest(10);
  EXPECT_TRUE(freshest.Accept(OwnerStream(1), 5, kNow));
  EXPECT_TRUE(freshest.Accept(OwnerStream(1), 5, kNow + 3 * kDay));
  EXPECT_FALSE(freshest.Accept(OwnerStream(1), 4, kNow + 5 * kDay));
  EXPECT_TRUE(freshest.Accept(OwnerStream(1), 4, kNow + 7 * kDay));
}

TEST(Freshest, IsBounded) {
  Freshest freshest(3);
  for (uint8_t subject = 1; subject <= 100; ++subject) {
    EXPECT_TRUE(freshest.Accept(OwnerStream(subject), 5, kNow + subject));
    EXPECT_LE(freshest.size(), 3U);
  }
  for (uint8_t subject = 98; subject <= 100; ++subject) {
    EXPECT_FALSE(freshest.Accept(OwnerStream(subject), 4, kNow + 100));
  }
  Freshest least(0);
  EXPECT_TRUE(least.Accept(OwnerStream(1), 5, kNow));
  EXPECT_FALSE(least.Accept(OwnerStream(1), 4, kNow));
}

}  // namespace
}  // namespace commresolve::dht
