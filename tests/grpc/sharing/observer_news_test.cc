// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "grpc/sharing/observer_news.h"

#include <gtest/gtest.h>

#include "tests/dht/find/fake_getter.h"

namespace commresolve::daemon {
namespace {

using dht::kNow;

class FixedClock final : public Clock {
 public:
  [[nodiscard]] UnixTime Now() const override { return now; }
  UnixTime now = kNow;
};

class ObserverNewsTest : public testing::Test {
 protected:
  ObserverNewsTest() {
    Binding binding;
    binding.words = *KeywordSet::FromText("debian bugs");
    binding.accepted = {kOld};
    binding.tier = Tier::kPinned;
    EXPECT_TRUE(known_.Put(binding).ok());
    news_.Choose({{Id(1), 40}, {Id(2), 40}, {Id(3), 40}});
  }
  static ObserverId Id(uint8_t seed) { return {dht::Finder(seed)}; }
  void Say(uint8_t seed, const KeyId& key, UnixTime last_seen = kNow - 100) {
    dht::Observation record = dht::SampleObservation();
    record.subject = key;
    record.header.sequence = ++sequence_;
    record.header.expires = last_seen + dht::kDay;
    record.first_seen = last_seen - dht::kDay;
    record.last_seen = last_seen;
    record.region = seed % 2 == 0 ? Region::kEurope : Region::kAfrica;
    getter_.Put(dht::SubjectKey(dht::RecordType::kObservation, key), dht::RecordType::kObservation,
                *dht::WriteObservation(record, dht::SeedKey(seed)));
  }
  void Look() { news_.Look(getter_, clock_, known_, stop_); }
  ObserverView View() { return news_.ViewOfChange(service_, {kOld}, kNew, clock_.now); }

  const KeyId kOld = dht::SomeKey(5);
  const KeyId kNew = dht::SomeKey(6);
  const Service service_{{dht::SampleObservation().endpoint.server_name}, {}};
  uint32_t sequence_ = 0;
  FixedClock clock_;
  dht::FakeGetter getter_;
  KnownCerts known_;
  std::atomic<bool> stop_{false};
  ObserverNews news_;
};

TEST_F(ObserverNewsTest, OfBoundKeysItKnowsBeforeItIsAsked) {
  EXPECT_EQ(View(), ObserverView::kNobodyToAsk);
  Say(1, kOld);
  Look();
  EXPECT_EQ(View(), ObserverView::kOnlyOldKey);
}

TEST_F(ObserverNewsTest, AKeyThatAnsweredIsFetchedWithTheNextLook) {
  Say(1, kOld);
  for (const uint8_t seed : std::initializer_list<uint8_t>{1, 2, 3}) Say(seed, kNew);
  Look();
  EXPECT_EQ(View(), ObserverView::kOnlyOldKey) << "nobody was heard to see the new one";
  Look();
  EXPECT_EQ(View(), ObserverView::kEveryoneNewKey);
}

TEST_F(ObserverNewsTest, WithoutObserversNobodyIsAsked) {
  news_.Choose({});
  Look();
  EXPECT_TRUE(getter_.asked.empty());
  EXPECT_EQ(View(), ObserverView::kNobodyToAsk);
}

TEST_F(ObserverNewsTest, OtherObserversDoNotCount) {
  for (const uint8_t seed : std::initializer_list<uint8_t>{11, 12, 13, 14}) Say(seed, kOld);
  Look();
  EXPECT_EQ(View(), ObserverView::kNobodyToAsk);
}

TEST_F(ObserverNewsTest, WhoIsNoLongerChosenIsForgotten) {
  Say(1, kOld);
  Look();
  news_.Choose({{Id(2), 40}});
  EXPECT_EQ(View(), ObserverView::kNobodyToAsk);
  news_.Choose({{Id(1), 40}});
  Look();
  EXPECT_EQ(View(), ObserverView::kOnlyOldKey) << "a new observer is asked about everything again";
}

TEST_F(ObserverNewsTest, ItAsksEveryFewHoursOnly) {
  Look();
  Look();
  EXPECT_EQ(getter_.asked.size(), 1U);
  clock_.now += 3 * dht::kHour;
  Look();
  EXPECT_EQ(getter_.asked.size(), 1U);
  clock_.now += 6 * dht::kHour;
  Look();
  EXPECT_EQ(getter_.asked.size(), 2U);
  clock_.now -= 30 * dht::kDay;
  Look();
  EXPECT_EQ(getter_.asked.size(), 3U) << "the clock was set back";
}

TEST_F(ObserverNewsTest, WhatWasHeardGrowsOld) {
  Say(1, kOld);
  Look();
  clock_.now += 3 * dht::kDay;
  EXPECT_EQ(View(), ObserverView::kNobodyToAsk);
}

}  // namespace
}  // namespace commresolve::daemon
