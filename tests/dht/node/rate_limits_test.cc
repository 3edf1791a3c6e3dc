// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Buckets fill and empty, one network's are its own, and many networks do not reset a flood.

#include "dht/node/rate_limits.h"

#include <gtest/gtest.h>

#include "dht/node/peer_address.h"

namespace commresolve::dht {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const RateLimits::Time kStart{std::chrono::hours(1)};

int Taken(RateLimits& limits, uint64_t network, int tries, RateLimits::Time now) {
  int taken = 0;
  for (int i = 0; i < tries; ++i) taken += limits.Take(network, now) ? 1 : 0;
  return taken;
}

uint64_t Network(const char* ip) { return NetworkOf(*IpAddress::Parse(ip)); }

TEST(RateLimitsTest, ABurstThenTheRate) {
  RateLimits limits(10, 20, 1);
  EXPECT_EQ(Taken(limits, 5, 100, kStart), 20);
  EXPECT_EQ(Taken(limits, 5, 100, kStart + seconds(1)), 10);
  EXPECT_EQ(Taken(limits, 5, 100, kStart + milliseconds(1050)), 0);
  EXPECT_EQ(Taken(limits, 5, 100, kStart + seconds(100)), 20) << "no more than the burst";
}

TEST(RateLimitsTest, ANetworkIsA24OrA48) {
  EXPECT_EQ(Network("192.0.2.1"), Network("192.0.2.200"));
  EXPECT_NE(Network("192.0.2.1"), Network("192.0.3.1"));
  EXPECT_EQ(Network("2001:db8:1::1"), Network("2001:db8:1:ffff::2"));
  EXPECT_NE(Network("2001:db8:1::1"), Network("2001:db8:2::1"));
  EXPECT_NE(Network("0.0.0.1"), Network("::1"));
  RateLimits limits(10, 20, 1);
  EXPECT_EQ(Taken(limits, Network("192.0.2.1"), 100, kStart), 20);
  EXPECT_EQ(Taken(limits, Network("192.0.2.2"), 100, kStart), 0);
  EXPECT_EQ(Taken(limits, Network("192.0.3.1"), 100, kStart), 20);
}

TEST(RateLimitsTest, ManyNetworksDoNotMakeItForgetAFlood) {
  RateLimits limits(10, 20, 1);
  EXPECT_EQ(Taken(limits, 5, 100, kStart), 20);
  // More networks than there is room for, each with one packet.
  for (uint64_t network = 100; network < 50'100; ++network) limits.Take(network, kStart);
  EXPECT_EQ(Taken(limits, 5, 100, kStart), 0);
}

}  // namespace
}  // namespace commresolve::dht
