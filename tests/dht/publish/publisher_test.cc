// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The publisher: who signs, how many puts at one time, what is noted, and when nothing may be put.

#include "dht/publish/publisher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "tests/dht/publish/publish_fixture.h"

namespace commresolve::dht {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr NetworkState kThere{true, 1};
constexpr NetworkState kAway{false, 1};
constexpr PublishOptions kEverything{true, true, true, 4};

class PublisherTest : public testing::Test {
 protected:
  PublisherTest() : owner_key_(SeedKey(1)) {
    queue_ = PublishQueue::Open(folder_.path() + "/queue", kNow, {.seed = 1}).value();
    Start(kEverything);
  }

  void Start(const PublishOptions& options) {
    Signers signers = SampleSigners();
    signers.owner = [this](const KeyId& owner) {
      return owner == owner_key_.id() ? &owner_key_ : nullptr;
    };
    publisher_ = std::make_unique<Publisher>(options, std::move(signers), *queue_, putter_,
                                             [this] { ++wakes_; });
  }

  void Add(const Content& content) { EXPECT_TRUE(queue_->Put(content, kNow).value()); }

  void Step(UnixTime now, const NetworkState& network = kThere) {
    putter_.now = now;
    const Status step = publisher_->Step(now, network);
    EXPECT_TRUE(step.ok()) << step.error().message;
  }

  std::vector<RecordType> TypesSeen() {
    std::vector<RecordType> types;
    for (const auto& put : putter_.seen) types.push_back(put.type);
    return types;
  }

  QueueCounts Counts(size_t type, UnixTime now = kNow) { return queue_->Counts(now).value()[type]; }

  TempFolder folder_;
  SigningKey owner_key_;
  std::unique_ptr<PublishQueue> queue_;
  FakePutter putter_;
  int wakes_ = 0;
  std::unique_ptr<Publisher> publisher_;
  const Content debian_ = SampleContent("debian", 1);
  const Content owner_ = Content::Of(SampleOwner(SeedKey(1).id())).value();
  const Content rollover_ = Content::Of(SampleRollover(SeedKey(1).id())).value();
  const Content seen_ = Content::Of(SampleObservation(), 3).value();
};

TEST_F(PublisherTest, PutsEverythingOnceTheOwnersFirst) {
  for (const Content& content : {debian_, seen_, rollover_, owner_}) Add(content);
  Step(kNow);
  EXPECT_THAT(TypesSeen(), ElementsAre(RecordType::kOwner, RecordType::kRollover,
                                       RecordType::kObservation, RecordType::kPosting));
  EXPECT_EQ(putter_.seen[0].key, SubjectKey(RecordType::kOwner, owner_key_.id()));
  Step(kNow + 1);
  EXPECT_THAT(putter_.seen, SizeIs(4));
  for (size_t type = 0; type < 4; ++type) {
    EXPECT_EQ(Counts(type), (QueueCounts{.entries = 1, .replicas = 8})) << type;
  }
  EXPECT_EQ(publisher_->counts().confirmed, 4U);
}

TEST_F(PublisherTest, PublishesNothingUnlessAsked) {
  for (const Content& content : {debian_, seen_, rollover_, owner_}) Add(content);
  Start({});
  Step(kNow);
  EXPECT_THAT(putter_.seen, IsEmpty());
  Start({.postings = true});
  Step(kNow);
  EXPECT_THAT(TypesSeen(), ElementsAre(RecordType::kPosting));
  Start({.observations = true});
  Step(kNow);
  EXPECT_THAT(TypesSeen(), ElementsAre(RecordType::kPosting, RecordType::kObservation));
  Start({.announcements = true});
  Step(kNow);
  EXPECT_THAT(putter_.seen, SizeIs(4));
}

TEST_F(PublisherTest, PostingsAreSignedByThePseudonymOfThePeriod) {
  Add(debian_);
  std::set<Ed25519Key> finders;
  std::set<uint32_t> sequences;
  constexpr int kSteps = 4 * 21;
  for (int i = 0; i < kSteps; ++i) Step(kNow + i * kDay / 4);
  for (const auto& put : putter_.seen) {
    const auto envelope = OpenEnvelope(put.type, put.payload);
    finders.insert(*envelope->delegate());
    sequences.insert(envelope->header.sequence);
  }
  // 21 days touch four periods at most.
  EXPECT_GE(finders.size(), 3U);
  EXPECT_LE(finders.size(), 4U);
  EXPECT_TRUE(finders.contains(RawKey(PseudonymAt(SampleSigners().secret, kNow).value())));
  // Their numbers do not tie them together, nor does one pseudonym have two for one content.
  EXPECT_EQ(sequences.size(), finders.size());
}

TEST_F(PublisherTest, AnObserverWithANameKeepsHisKeyAndHisNumbers) {
  const SigningKey observer = SeedKey(77);
  Signers signers = SampleSigners();
  signers.observer = &observer;
  Publisher publisher({.observations = true, .named = true}, signers, *queue_, putter_, {});
  ASSERT_TRUE(queue_->Put(seen_, kNow).ok());
  ASSERT_TRUE(publisher.Step(kNow, {true, 1}));
  ASSERT_THAT(putter_.seen, SizeIs(1));
  const auto record = ReadObservation(putter_.seen[0].key, putter_.seen[0].payload, kNow);
  ASSERT_TRUE(record.ok()) << record.error().message;
  EXPECT_EQ(record->observer, RawKey(observer));
  EXPECT_EQ(record->header.sequence, queue_->Find(seen_.stream()).value()->sequence);
}

TEST_F(PublisherTest, APseudonymNeedsASecretAndAnOwnerDoesNot) {
  Add(debian_);
  Add(owner_);
  Signers signers;
  signers.owner = [this](const KeyId&) { return &owner_key_; };
  Publisher everything(kEverything, signers, *queue_, putter_, {});
  const Status step = everything.Step(kNow, kThere);
  ASSERT_FALSE(step.ok());
  EXPECT_EQ(step.error().code, Code::kInvalidArgument);
  EXPECT_THAT(putter_.seen, IsEmpty());
  Publisher owners({.announcements = true}, signers, *queue_, putter_, {});
  EXPECT_TRUE(owners.Step(kNow, kThere).ok());
  EXPECT_THAT(TypesSeen(), ElementsAre(RecordType::kOwner));
  const auto envelope = OpenEnvelope(RecordType::kOwner, putter_.seen[0].payload);
  EXPECT_EQ(envelope->header.sequence, queue_->Find(owner_.stream()).value()->sequence);
}

TEST_F(PublisherTest, APublishingKeySignsForAnOwnerWhoIsNotAtHandButNoRollover) {
  Add(owner_);
  Add(rollover_);
  const SigningKey publishing = SeedKey(78);
  Signers signers = SampleSigners();
  signers.publishing = [&](const KeyId& owner) {
    return owner == owner_key_.id() ? &publishing : nullptr;
  };
  Publisher publisher({.announcements = true}, signers, *queue_, putter_, {});
  ASSERT_TRUE(publisher.Step(kNow, kThere).ok());
  ASSERT_THAT(TypesSeen(), ElementsAre(RecordType::kOwner));
  const auto record = ReadOwner(putter_.seen[0].key, putter_.seen[0].payload, kNow);
  ASSERT_TRUE(record.ok()) << record.error().message;
  EXPECT_EQ(record->subject, owner_key_.id());
  EXPECT_EQ(record->publishing_key, RawKey(publishing));
  EXPECT_THAT(publisher.counts().last_problem, testing::HasSubstr("not at hand"));
}

TEST_F(PublisherTest, APutAgainIsMostlyTheSameBytes) {
  Add(debian_);
  for (int hour = 0; hour < 10 * 24; ++hour) Step(kNow + hour * kHour);
  std::set<std::string> payloads;
  for (const auto& put : putter_.seen) payloads.insert(put.payload);
  EXPECT_GE(putter_.seen.size(), 20U);
  EXPECT_LE(putter_.seen.size(), 31U);
  EXPECT_LE(payloads.size(), 13U);  // One a day, and one more for a new pseudonym.
}

TEST_F(PublisherTest, NeverHasMorePutsUnderWayThanAllowed) {
  putter_.mode = FakePutter::Mode::kWait;
  for (int i = 0; i < 5; ++i) Add(SampleContent("word" + std::to_string(i), 50));
  for (size_t expected : {4U, 8U, 12U, 15U}) {
    Step(kNow);
    EXPECT_THAT(putter_.seen, SizeIs(expected));
    EXPECT_LE(publisher_->under_way(), 4U);
    putter_.Answer(true, 8);
  }
  EXPECT_EQ(wakes_, 15);
  Step(kNow);
  EXPECT_THAT(putter_.seen, SizeIs(15));
  EXPECT_EQ(publisher_->counts().confirmed, 5U);
}

TEST_F(PublisherTest, ASetIsConfirmedOnlyIfAllOfItIs) {
  putter_.mode = FakePutter::Mode::kWait;
  Add(SampleContent("debian", 50));
  Step(kNow);
  ASSERT_THAT(putter_.seen, SizeIs(3));
  putter_.seen[1].done(false, 2);
  putter_.seen[1].done = nullptr;
  putter_.Answer(true, 8);
  Step(kNow);
  EXPECT_EQ(Counts(0).failing, 1U);
  EXPECT_EQ(Counts(0).replicas, 2U);
  EXPECT_EQ(Counts(0).unpublished, 1U);
  // Not before its pause is over, and then all three.
  EXPECT_THAT(putter_.seen, SizeIs(3));
  Step(kNow + 60);
  EXPECT_THAT(putter_.seen, SizeIs(6));
}

TEST_F(PublisherTest, WhatIsUnderWayIsNotPutAgain) {
  putter_.mode = FakePutter::Mode::kWait;
  Add(debian_);
  Step(kNow);
  Step(kNow + kDay);
  EXPECT_THAT(putter_.seen, SizeIs(1));
}

TEST_F(PublisherTest, NothingIsPutWhileTheNetworkIsAwayAndAllAfterwards) {
  Add(debian_);
  Add(owner_);
  Step(kNow, kAway);
  EXPECT_THAT(putter_.seen, IsEmpty());
  Step(kNow);
  Step(kNow + 1);
  EXPECT_THAT(putter_.seen, SizeIs(2));
  Step(kNow + 2, kAway);
  Step(kNow + 3, kAway);
  EXPECT_THAT(putter_.seen, SizeIs(2));
  Step(kNow + 4, {true, 2});
  EXPECT_THAT(putter_.seen, SizeIs(4));
  Step(kNow + 5, {true, 2});
  EXPECT_THAT(putter_.seen, SizeIs(4));
}

TEST_F(PublisherTest, ANetworkThatComesAndGoesHasAllPutOnceAnHour) {
  Add(debian_);
  Step(kNow, {true, 1});
  for (uint64_t minute = 1; minute <= 3 * 60; ++minute) {
    Step(kNow + static_cast<UnixTime>(minute) * 60, {true, 1 + minute});
  }
  EXPECT_THAT(putter_.seen, SizeIs(4));
  // The last join of all is not forgotten.
  const UnixTime later = kNow + 4 * kHour + kHour / 2;
  Step(later, {true, 1 + 3 * 60});
  EXPECT_THAT(putter_.seen, SizeIs(5));
}

TEST_F(PublisherTest, TheFirstJoinAfterAStartPutsNothingAgain) {
  Add(debian_);
  Step(kNow, {true, 1});
  EXPECT_THAT(putter_.seen, SizeIs(1));
  Start(kEverything);
  Step(kNow + 60, {false, 0});
  Step(kNow + 61, {true, 1});
  EXPECT_THAT(putter_.seen, SizeIs(1));
}

TEST_F(PublisherTest, WhatWaitedWhileTheNetworkWentAwayIsSealedAnew) {
  putter_.mode = FakePutter::Mode::kWait;
  Add(SampleContent("debian", 144));  // 8 blocks, of which 4 are put.
  Step(kNow);
  putter_.Answer(false, 0);
  Step(kNow + 1, kAway);
  Step(kNow + 2, kAway);
  EXPECT_EQ(Counts(0, kNow + 2).failing, 1U);
  EXPECT_THAT(putter_.seen, SizeIs(4));
  putter_.mode = FakePutter::Mode::kConfirm;
  const UnixTime later = kNow + 3 * kDay;
  Step(later, {true, 2});
  Step(later, {true, 2});
  EXPECT_THAT(putter_.seen, SizeIs(12));
  EXPECT_EQ(Counts(0, later).due, 0U);
}

TEST_F(PublisherTest, AFailureIsTriedAgainMoreAndMoreSeldom) {
  putter_.mode = FakePutter::Mode::kRefuse;
  Add(debian_);
  for (int second = 0; second < 2 * kHour; second += 10) Step(kNow + second);
  EXPECT_GE(putter_.seen.size(), 6U);
  EXPECT_LE(putter_.seen.size(), 12U);
  putter_.mode = FakePutter::Mode::kConfirm;
  Step(kNow + 4 * kHour);
  EXPECT_EQ(Counts(0, kNow + 4 * kHour).failing, 0U);
}

TEST_F(PublisherTest, AnOwnerWithoutAKeyFailsAndHoldsUpNobody) {
  Add(Content::Of(SampleOwner(SomeKey(9))).value());
  Add(debian_);
  Step(kNow);
  EXPECT_THAT(TypesSeen(), ElementsAre(RecordType::kPosting));
  EXPECT_EQ(Counts(1).failing, 1U);
  EXPECT_THAT(publisher_->counts().last_problem, HasSubstr("owner record: its key is not at hand"));
}

TEST_F(PublisherTest, ACallbackMayComeFromAnotherThreadAfterTheEnd) {
  putter_.mode = FakePutter::Mode::kWait;
  Add(debian_);
  Step(kNow);
  publisher_.reset();
  std::thread([this] { putter_.Answer(true, 8); }).join();
  // Nobody has noted it, so it is still due.
  Start(kEverything);
  putter_.mode = FakePutter::Mode::kConfirm;
  Step(kNow);
  ASSERT_THAT(putter_.seen, SizeIs(2));
  EXPECT_EQ(putter_.seen[0].payload, putter_.seen[1].payload);
}

TEST_F(PublisherTest, AClockThatWasAheadHoldsUpNothing) {
  Add(debian_);
  Step(kNow + 100 * kDay);
  EXPECT_THAT(putter_.seen, SizeIs(1));
  Step(kNow);
  EXPECT_THAT(putter_.seen, SizeIs(2));
}

TEST_F(PublisherTest, AWeekOfManyEntriesIsNeverOverdue) {
  const auto update = queue_->Replace(RecordType::kPosting, kNow);
  for (int i = 0; i < 200; ++i) {
    EXPECT_TRUE(update->Put(SampleContent("word" + std::to_string(i), 1)).ok());
  }
  EXPECT_TRUE(update->Finish().ok());
  Start({.postings = true, .puts_under_way = 50});
  for (UnixTime now = kNow; now < kNow + 7 * kDay; now += kHour) {
    for (int i = 0; i < 6; ++i) Step(now);
    EXPECT_EQ(Counts(0, now).overdue, 0U);
  }
  EXPECT_EQ(Counts(0, kNow + 7 * kDay).unpublished, 0U);
  // Each every 8 to 13 hours, for steps are an hour apart.
  EXPECT_GE(putter_.seen.size(), 200U * 13);
  EXPECT_LE(putter_.seen.size(), 200U * 21);
}

}  // namespace
}  // namespace commresolve::dht
