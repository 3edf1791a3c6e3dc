// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whom a node contacts, and when.

#include "dht/node/join_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace commresolve::dht {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::Contains;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::SizeIs;

const JoinPlan::Time kStart{std::chrono::hours(1)};

std::vector<PeerAddress> Addresses(uint16_t first, uint16_t count) {
  std::vector<PeerAddress> addresses;
  for (uint16_t port = first; port < first + count; ++port) {
    addresses.push_back({*IpAddress::Parse("192.0.2.1"), port});
  }
  return addresses;
}

TEST(JoinPlanTest, CutOffItTriesSeedsAndPeersLessAndLessOften) {
  const auto seeds = Addresses(1, 3);
  JoinPlan plan(seeds, Addresses(100, 200), 1, kStart);
  auto now = plan.due();
  EXPECT_EQ(now, kStart);
  std::set<PeerAddress> tried;
  for (const int wait : {2, 4, 8, 16, 32, 60, 60}) {
    const auto act = plan.Next(false, now);
    EXPECT_THAT(act.ping, SizeIs(3 + 8));
    EXPECT_THAT(act.ping, IsSupersetOf(seeds));
    EXPECT_EQ(act.lookups, 0U);
    tried.insert(act.ping.begin(), act.ping.end());
    EXPECT_EQ(plan.due(), now + seconds(wait));
    now = plan.due();
  }
  EXPECT_GT(tried.size(), 20U) << "not always the same peers";
}

TEST(JoinPlanTest, ConnectedItSpreadsAndThenKeepsInTouch) {
  JoinPlan plan(Addresses(1, 1), Addresses(100, 10), 1, kStart);
  auto act = plan.Next(true, kStart);
  EXPECT_THAT(act.ping, SizeIs(3));
  EXPECT_EQ(act.lookups, 3U);
  EXPECT_FALSE(act.own_place) << "OpenDHT does that when it joins";
  for (int round = 0; round < 3; ++round) act = plan.Next(true, plan.due());
  EXPECT_LE(plan.due(), kStart + minutes(7));
  const auto now = plan.due();
  act = plan.Next(true, now);
  EXPECT_THAT(act.ping, Contains(Addresses(1, 1)[0])) << "the seed, in case the network was cut";
  EXPECT_EQ(act.lookups, 1U);
  EXPECT_TRUE(act.own_place) << "newcomers there";
  EXPECT_EQ(plan.due(), now + minutes(5));
}

TEST(JoinPlanTest, BeginsAgainWhenCutOff) {
  JoinPlan plan(Addresses(1, 1), {}, 1, kStart);
  plan.Next(true, kStart);
  plan.Restart(kStart + seconds(1));
  EXPECT_EQ(plan.due(), kStart + seconds(1));
  EXPECT_THAT(plan.Next(false, plan.due()).ping, SizeIs(1));
}

TEST(JoinPlanTest, NewAddressesAreTriedAtOnceAndOnceOnly) {
  JoinPlan plan({}, {}, 1, kStart);
  EXPECT_THAT(plan.Next(false, kStart).ping, IsEmpty());
  plan.Add(Addresses(7, 2), kStart + seconds(1));
  EXPECT_EQ(plan.due(), kStart + seconds(1));
  EXPECT_THAT(plan.Next(true, plan.due()).ping, IsSupersetOf(Addresses(7, 2)));
}

}  // namespace
}  // namespace commresolve::dht
