// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The queue: what is due and when, sequence numbers, replacing, counts, damage.

#include "dht/publish/publish_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/dht/publish/publish_fixture.h"

namespace commresolve::dht {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr RecordType kPosting = RecordType::kPosting;

class PublishQueueTest : public testing::Test {
 protected:
  PublishQueueTest() { Open(); }
  ~PublishQueueTest() override {
    const Status sound = queue_->Check();
    EXPECT_TRUE(sound.ok()) << sound.error().message;
  }

  void Open(UnixTime now = kNow) {
    queue_.reset();
    auto queue = PublishQueue::Open(folder_.path() + "/queue", now, {.seed = 1});
    ASSERT_TRUE(queue.ok()) << queue.error().message;
    queue_ = std::move(queue).value();
  }

  std::vector<Stream> DueAt(UnixTime now, RecordType type = kPosting, size_t limit = 100) {
    std::vector<Stream> streams;
    const auto due = queue_->Due(type, now, limit, {});
    EXPECT_TRUE(due.ok());
    for (const DueContent& entry : *due) streams.push_back(entry.content.stream());
    return streams;
  }

  EntryState State(const Content& content) {
    const auto state = queue_->Find(content.stream());
    EXPECT_TRUE(state.ok() && state->has_value());
    return state.ok() && *state ? **state : EntryState();
  }

  void Record(const Content& content, bool confirmed, UnixTime now) {
    const PutOutcome outcome{content.stream(), State(content).sequence, confirmed,
                             size_t{confirmed ? 8U : 0U}, now + kDay};
    EXPECT_TRUE(queue_->Record({&outcome, 1}, now).ok());
  }

  QueueCounts Postings(UnixTime now) { return queue_->Counts(now).value()[0]; }

  const Content debian_ = SampleContent("debian", 1);
  const Content fedora_ = SampleContent("fedora", 1);
  const Content owner_ = Content::Of(SampleOwner(SeedKey(1).id())).value();
  TempFolder folder_;
  std::unique_ptr<PublishQueue> queue_;
};

TEST_F(PublishQueueTest, WhatIsNewIsDueAndThenAgainBeforeItIsForgotten) {
  EXPECT_TRUE(queue_->Put(debian_, kNow).value());
  EXPECT_TRUE(queue_->Put(fedora_, kNow + 1).value());
  EXPECT_TRUE(queue_->Put(owner_, kNow).value());
  EXPECT_THAT(DueAt(kNow - 1), IsEmpty());
  EXPECT_THAT(DueAt(kNow + 1), testing::ElementsAre(debian_.stream(), fedora_.stream()));
  EXPECT_THAT(DueAt(kNow + 1, kPosting, 1), testing::ElementsAre(debian_.stream()));
  EXPECT_THAT(DueAt(kNow + 1, RecordType::kOwner), testing::ElementsAre(owner_.stream()));
  EXPECT_THAT(DueAt(kNow + 1, RecordType::kRollover), IsEmpty());
  EXPECT_THAT(queue_->Due(kPosting, kNow + 1, 9, {debian_.stream()}).value(), SizeIs(1));

  Record(debian_, true, kNow);
  const PutInterval interval = IntervalOf(kPosting);
  EXPECT_THAT(DueAt(kNow + interval.least - 1), testing::ElementsAre(fedora_.stream()));
  EXPECT_THAT(DueAt(kNow + interval.most), SizeIs(2));
  const EntryState state = State(debian_);
  EXPECT_EQ(state.confirmed_at, kNow);
  EXPECT_EQ(state.expires, kNow + kDay);
  EXPECT_EQ(state.replicas, 8U);
}

TEST_F(PublishQueueTest, OutlivesItsProcess) {
  EXPECT_TRUE(queue_->Put(debian_, kNow).value());
  EXPECT_TRUE(queue_->Put(fedora_, kNow).value());
  Record(debian_, true, kNow);
  const EntryState before = State(debian_);
  Open();
  EXPECT_EQ(State(debian_), before);
  EXPECT_THAT(DueAt(kNow), testing::ElementsAre(fedora_.stream()));
  const auto due = queue_->Due(kPosting, kNow, 1, {});
  EXPECT_EQ(due->front().content.Encode(), fedora_.Encode());
}

TEST_F(PublishQueueTest, FailuresBackOffUntilASuccess) {
  EXPECT_TRUE(queue_->Put(debian_, kNow).value());
  UnixTime now = kNow;
  for (uint32_t failures = 1; failures <= 10; ++failures) {
    Record(debian_, false, now);
    EXPECT_EQ(State(debian_).failures, failures);
    EXPECT_GT(State(debian_).due, now);
    EXPECT_LE(State(debian_).due, now + kHour);
    now = State(debian_).due;
  }
  EXPECT_GE(now, kNow + 2 * kHour);
  EXPECT_EQ(Postings(now).failing, 1U);
  Record(debian_, true, now);
  EXPECT_EQ(State(debian_).failures, 0U);
  EXPECT_EQ(Postings(now).failing, 0U);
}

TEST_F(PublishQueueTest, TheSameContentAgainChangesNothing) {
  EXPECT_TRUE(queue_->Put(debian_, kNow).value());
  Record(debian_, true, kNow);
  const EntryState before = State(debian_);
  EXPECT_FALSE(queue_->Put(SampleContent("debian", 1), kNow + 5).value());
  EXPECT_EQ(State(debian_), before);
}

TEST_F(PublishQueueTest, AnotherContentIsDueAtOnceUnderAGreaterNumber) {
  EXPECT_TRUE(queue_->Put(debian_, kNow).value());
  Record(debian_, true, kNow);
  const uint32_t before = State(debian_).sequence;
  EXPECT_EQ(before, kNow);
  EXPECT_TRUE(queue_->Put(SampleContent("debian", 1, 1), kNow + 5).value());
  EXPECT_EQ(State(debian_).sequence, kNow + 5);
  EXPECT_EQ(State(debian_).confirmed_at, 0);
  EXPECT_THAT(DueAt(kNow + 5), SizeIs(1));
}

TEST_F(PublishQueueTest, NumbersGrowAlthoughTheClockWentBackAndTheEntryWasGone) {
  EXPECT_TRUE(queue_->Put(debian_, kNow).value());
  EXPECT_TRUE(queue_->Put(SampleContent("debian", 1, 1), kNow).value());
  const uint32_t before = State(debian_).sequence;
  EXPECT_EQ(before, kNow + 1);
  EXPECT_TRUE(queue_->Remove(debian_.stream()).value());
  EXPECT_FALSE(queue_->Remove(debian_.stream()).value());
  Open();
  EXPECT_TRUE(queue_->Put(SampleContent("debian", 1, 2), kNow - kDay).value());
  EXPECT_GT(State(debian_).sequence, before);
}

TEST_F(PublishQueueTest, WhatBecameOfAnOldContentDoesNotCount) {
  EXPECT_TRUE(queue_->Put(debian_, kNow).value());
  const PutOutcome old{debian_.stream(), State(debian_).sequence, true, 8, kNow + kDay};
  EXPECT_TRUE(queue_->Put(SampleContent("debian", 1, 1), kNow + 5).value());
  EXPECT_TRUE(queue_->Record({&old, 1}, kNow + 6).ok());
  EXPECT_EQ(State(debian_).confirmed_at, 0);
  EXPECT_THAT(DueAt(kNow + 6), SizeIs(1));
  EXPECT_TRUE(queue_->Remove(debian_.stream()).value());
  EXPECT_TRUE(queue_->Record({&old, 1}, kNow + 6).ok());
  EXPECT_THAT(DueAt(kNow + kDay), IsEmpty());
}

TEST_F(PublishQueueTest, ReplacingRemovesWhatIsNoLongerThere) {
  EXPECT_TRUE(queue_->Put(owner_, kNow).value());
  for (int round = 0; round < 2; ++round) {
    const auto update = queue_->Replace(kPosting, kNow + round);
    for (int i = 0; i < 600; ++i) {
      // All but every hundredth are the same in both rounds; the last hundred are in the first
      // only.
      if (round == 1 && i >= 500) continue;
      const auto version = static_cast<uint8_t>(i % 100 == 0 ? round : 0);
      EXPECT_TRUE(update->Put(SampleContent("word" + std::to_string(i), 1, version)).ok());
    }
    EXPECT_TRUE(update->Finish().ok());
    EXPECT_EQ(Postings(kNow + round).entries, round == 0 ? 600U : 500U);
    EXPECT_EQ(update->changed(), round == 0 ? 600U : 5U);
    EXPECT_EQ(update->removed(), round == 0 ? 0U : 100U);
  }
  EXPECT_EQ(queue_->Counts(kNow).value()[1].entries, 1U);
  EXPECT_FALSE(queue_->Replace(kPosting, kNow)->Put(owner_).ok());
}

TEST_F(PublishQueueTest, AnUpdateThatIsBrokenOffRemovesNothing) {
  EXPECT_TRUE(queue_->Put(debian_, kNow).value());
  EXPECT_TRUE(queue_->Replace(kPosting, kNow)->Put(fedora_).ok());
  EXPECT_EQ(Postings(kNow).entries, 1U);
}

TEST_F(PublishQueueTest, AfterTheNetworkWasAwayAllIsDue) {
  EXPECT_TRUE(queue_->Put(debian_, kNow).value());
  EXPECT_TRUE(queue_->Put(owner_, kNow).value());
  Record(debian_, true, kNow);
  Record(owner_, true, kNow);
  EXPECT_THAT(DueAt(kNow + 9), IsEmpty());
  EXPECT_TRUE(queue_->AllDue(kNow + 9).ok());
  EXPECT_THAT(DueAt(kNow + 9), SizeIs(1));
  EXPECT_THAT(DueAt(kNow + 9, RecordType::kOwner), SizeIs(1));
}

TEST_F(PublishQueueTest, AClockThatWasAheadDelaysNothing) {
  EXPECT_TRUE(queue_->Put(debian_, kNow).value());
  EXPECT_TRUE(queue_->Put(fedora_, kNow).value());
  Record(debian_, true, kNow + 365 * kDay);
  Record(fedora_, true, kNow);
  EXPECT_THAT(DueAt(kNow), IsEmpty());
  Open();
  EXPECT_THAT(DueAt(kNow), testing::ElementsAre(debian_.stream()));
}

TEST_F(PublishQueueTest, CountsWhatAPersonAsks) {
  EXPECT_TRUE(queue_->Put(debian_, kNow).value());
  EXPECT_TRUE(queue_->Put(fedora_, kNow).value());
  EXPECT_EQ(Postings(kNow), (QueueCounts{.entries = 2, .due = 2, .unpublished = 2}));
  Record(debian_, true, kNow);
  Record(fedora_, false, kNow);
  EXPECT_EQ(Postings(kNow),
            (QueueCounts{.entries = 2, .unpublished = 1, .failing = 1, .replicas = 8}));
  const UnixTime later = kNow + kDay;  // The end of what was confirmed.
  EXPECT_EQ(Postings(later - 1).overdue, 0U);
  EXPECT_EQ(Postings(later).overdue, 1U);
  EXPECT_EQ(Postings(later).due, 2U);
  EXPECT_EQ(queue_->Counts(kNow).value()[3], QueueCounts());
}

TEST_F(PublishQueueTest, IsOpenOnce) {
  const auto second = PublishQueue::Open(folder_.path() + "/queue", kNow);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, Code::kBusy);
}

TEST_F(PublishQueueTest, RefusesDamagedFiles) {
  EXPECT_TRUE(queue_->Put(debian_, kNow).value());
  queue_.reset();
  const std::string folder = folder_.path() + "/queue";
  const auto size = std::filesystem::file_size(folder + "/data.mdb");
  std::filesystem::copy(folder, folder_.path() + "/cut");
  std::filesystem::resize_file(folder_.path() + "/cut/data.mdb", size - 4'096);
  std::filesystem::copy(folder, folder_.path() + "/junk");
  std::ofstream(folder_.path() + "/junk/data.mdb") << std::string(9'000, 'x');
  for (const char* name : {"/cut", "/junk"}) {
    const auto damaged = PublishQueue::Open(folder_.path() + name, kNow);
    ASSERT_FALSE(damaged.ok()) << name;
    EXPECT_EQ(damaged.error().code, Code::kCorrupt) << damaged.error().message;
  }
  Open();
}

TEST_F(PublishQueueTest, HoldsAHundredThousand) {
  constexpr size_t kMany = 100'000;
  const auto update = queue_->Replace(kPosting, kNow);
  for (size_t i = 0; i < kMany; ++i) {
    ASSERT_TRUE(update->Put(SampleContent("word" + std::to_string(i), 1)).ok());
  }
  ASSERT_TRUE(update->Finish().ok());
  EXPECT_EQ(Postings(kNow).due, kMany);
  EXPECT_THAT(DueAt(kNow), SizeIs(100));
  std::vector<PutOutcome> outcomes;
  outcomes.reserve(kMany);
  const auto all = queue_->Due(kPosting, kNow, kMany, {});
  ASSERT_TRUE(all.ok());
  for (const DueContent& due : *all) {
    outcomes.push_back({due.content.stream(), due.sequence, true, 8, kNow + kDay});
  }
  EXPECT_TRUE(queue_->Record(outcomes, kNow).ok());
  EXPECT_EQ(Postings(kNow), (QueueCounts{.entries = kMany, .replicas = 8 * kMany}));
  // No hour has much more to do than another.
  size_t before = 0;
  for (int hour = 9; hour <= 12; ++hour) {
    const size_t due = Postings(kNow + hour * kHour).due;
    EXPECT_NEAR(static_cast<double>(due - before), kMany / 4.0, kMany / 40.0);
    before = due;
  }
  EXPECT_TRUE(queue_->AllDue(kNow + 1).ok());
  EXPECT_EQ(Postings(kNow + 1).due, kMany);
}

TEST_F(PublishQueueTest, AFullQueueSaysSoAndStaysWhole) {
  queue_.reset();
  auto small = PublishQueue::Open(folder_.path() + "/small", kNow, {.max_bytes = size_t{1} << 18});
  ASSERT_TRUE(small.ok());
  Status put;
  for (int i = 0; i < 1'000 && put.ok(); ++i) {
    const auto added = (*small)->Put(SampleContent("word" + std::to_string(i), 144), kNow);
    if (!added.ok()) put = added.error();
  }
  ASSERT_FALSE(put.ok());
  EXPECT_THAT(put.error().message, HasSubstr("largest size"));
  EXPECT_TRUE((*small)->Check().ok());
  EXPECT_GT((*small)->Counts(kNow).value()[0].entries, 5U);
  small.value().reset();
  Open();
}

}  // namespace
}  // namespace commresolve::dht
