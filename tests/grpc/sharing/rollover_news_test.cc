// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Who is heard when keys are to follow, what is asked for it, and what a restart keeps.

#include "grpc/sharing/rollover_news.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/dht/find/fake_getter.h"

namespace commresolve::daemon {
namespace {

using dht::kDay;
using dht::kHour;
using dht::kNow;
using dht::SeedKey;
using dht::SomeKey;

class FixedClock final : public Clock {
 public:
  [[nodiscard]] UnixTime Now() const override { return now; }
  UnixTime now = kNow;
};

class RolloverNewsTest : public testing::Test {
 protected:
  RolloverNewsTest() {
    std::string pattern = testing::TempDir() + "rollover_news.XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    Bind({old_.id()});
    Open();
  }
  ~RolloverNewsTest() override { std::filesystem::remove_all(folder_); }
  void Open() { news_ = std::make_unique<RolloverNews>(folder_ + "/heard"); }
  void Bind(const std::vector<KeyId>& keys) {
    Binding binding;
    binding.words = *KeywordSet::FromText("debian bugs");
    binding.accepted = keys;
    binding.tier = Tier::kPinned;
    ASSERT_TRUE(known_.Put(binding).ok());
  }
  dht::Rollover Record(uint32_t sequence, const std::vector<KeyId>& new_keys) const {
    dht::Rollover record;
    record.old_key = old_.id();
    record.header = {sequence, clock_.now + 20 * kDay};
    record.valid_from = clock_.now - kHour;
    record.new_keys = new_keys;
    return record;
  }
  void Put(const dht::Rollover& record, const dht::SigningKey& signer) {
    getter_.Put(Where(), dht::RecordType::kRollover, *dht::WriteRollover(record, signer));
  }
  /// What `signer` says as if he were the old key.
  void PutForged(const dht::SigningKey& signer) {
    std::string payload = *dht::WriteRollover(Record(1, {kNew}), old_);
    const std::string signature = *signer.Sign(payload);
    payload.replace(payload.size() - signature.size(), signature.size(), signature);
    getter_.Put(Where(), dht::RecordType::kRollover, payload);
  }
  [[nodiscard]] dht::DhtKey Where() const {
    return dht::SubjectKey(dht::RecordType::kRollover, old_.id());
  }
  void Look() { news_->Look(getter_, clock_, known_, stop_); }
  /// As if the new key answered for the first time now.
  bool MayFollow() { return news_->MayFollow({old_.id()}, kNew, clock_.now, clock_.now); }

  const KeyId kNew = SomeKey(6);
  const dht::SigningKey old_ = SeedKey(5);
  std::string folder_;
  FixedClock clock_;
  dht::FakeGetter getter_;
  KnownCerts known_;
  std::atomic<bool> stop_{false};
  std::unique_ptr<RolloverNews> news_;
};

TEST_F(RolloverNewsTest, WhatTheOldKeySaidCountsAfterADay) {
  Put(Record(1, {kNew}), old_);
  Look();
  EXPECT_FALSE(MayFollow());
  clock_.now += kDay - 1;
  EXPECT_FALSE(MayFollow()) << "too young";
  clock_.now += 1;
  EXPECT_TRUE(MayFollow());
  EXPECT_FALSE(news_->MayFollow({SomeKey(1)}, kNew, clock_.now, clock_.now));
  EXPECT_FALSE(news_->MayFollow({old_.id()}, SomeKey(1), clock_.now, clock_.now));
  clock_.now += 20 * kDay;
  EXPECT_FALSE(MayFollow()) << "expired";
}

TEST_F(RolloverNewsTest, StrangersAreNotHeard) {
  Put(Record(9, {kNew}), SeedKey(1));  // Signs as a publishing key, which anybody can have.
  PutForged(SeedKey(1));
  dht::Rollover other = Record(9, {kNew});
  other.old_key = SeedKey(1).id();
  Put(other, SeedKey(1));  // His own, at the place of another.
  getter_.Put(Where(), dht::RecordType::kRollover, "junk");
  Look();
  clock_.now += 2 * kDay;
  EXPECT_FALSE(MayFollow());
}

TEST_F(RolloverNewsTest, StrangersDoNotSilenceTheOwner) {
  for (uint8_t i = 0; i < 99; ++i) Put(Record(100U + i, {kNew}), SeedKey(i == 5 ? 100 : i));
  Put(Record(1, {kNew}), old_);
  Look();
  clock_.now += kDay;
  EXPECT_TRUE(MayFollow());
}

TEST_F(RolloverNewsTest, OldAndExpiredRecordsDecideNothing) {
  dht::Rollover expired = Record(1, {kNew});
  expired.header.expires = clock_.now - kDay;
  expired.valid_from = clock_.now - 9 * kDay;
  Put(expired, old_);
  Put(Record(2, {kNew}), old_);
  Put(Record(3, {SomeKey(1)}), old_);
  Look();
  clock_.now += kDay;
  EXPECT_FALSE(MayFollow());
  EXPECT_TRUE(news_->MayFollow({old_.id()}, SomeKey(1), clock_.now, clock_.now));
}

TEST_F(RolloverNewsTest, WhatIsTakenBackCountsNoLonger) {
  Put(Record(1, {kNew}), old_);
  Look();
  clock_.now += kDay;
  ASSERT_TRUE(MayFollow());
  Put(Record(2, {}), old_);
  Look();
  EXPECT_FALSE(MayFollow());
}

TEST_F(RolloverNewsTest, ARestartForgetsNothing) {
  Put(Record(1, {kNew}), old_);
  Look();
  ASSERT_TRUE(news_->Save().ok());
  EXPECT_EQ(std::filesystem::status(folder_ + "/heard").permissions(),
            std::filesystem::perms(0600));
  clock_.now += kDay;
  Open();
  EXPECT_TRUE(MayFollow());
  Put(Record(2, {}), old_);
  Look();
  ASSERT_TRUE(news_->Save().ok());
  Open();
  EXPECT_FALSE(MayFollow());
}

TEST_F(RolloverNewsTest, ADamagedFileIsAsGoodAsNone) {
  Put(Record(1, {kNew}), old_);
  std::ofstream(folder_ + "/heard") << "new\n";
  Open();
  Look();
  ASSERT_TRUE(news_->Save().ok());
  clock_.now += kDay;
  Open();
  EXPECT_TRUE(MayFollow());
}

TEST_F(RolloverNewsTest, ItAsksEveryFewHoursOnly) {
  Look();
  Look();
  EXPECT_EQ(getter_.asked, std::vector<dht::DhtKey>{Where()});
  clock_.now += 3 * kHour;
  Look();
  EXPECT_EQ(getter_.asked.size(), 1U);
  clock_.now += 6 * kHour;
  Look();
  EXPECT_EQ(getter_.asked.size(), 2U);
  clock_.now -= 30 * kDay;
  Look();
  EXPECT_EQ(getter_.asked.size(), 3U) << "the clock was set back";
}

TEST_F(RolloverNewsTest, RevokedKeysAreNeitherAskedAboutNorHeard) {
  Put(Record(1, {kNew}), old_);
  Look();
  clock_.now += kDay;
  ASSERT_TRUE(MayFollow());
  ASSERT_TRUE(known_.Revoke({old_.id(), clock_.now, "stolen"}).ok());
  Look();
  EXPECT_EQ(getter_.asked.size(), 1U);
  EXPECT_FALSE(MayFollow());
}

}  // namespace
}  // namespace commresolve::daemon
