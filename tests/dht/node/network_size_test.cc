// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The estimate is right on average, and exact where everybody is known.

#include "dht/node/network_size.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace commresolve::dht {
namespace {

DhtKey Random(std::mt19937& random) {
  DhtKey key;
  for (uint8_t& byte : key) byte = static_cast<uint8_t>(random());
  return key;
}

TEST(NetworkSizeTest, CountsAFew) {
  std::mt19937 random(1);
  std::vector<DhtKey> others;
  for (uint64_t size = 1; size <= 8; ++size) {
    EXPECT_EQ(EstimateNetworkSize(Random(random), others), size);
    others.push_back(Random(random));
  }
}

TEST(NetworkSizeTest, IsRightOnAverage) {
  for (const size_t size : {100U, 10'000U}) {
    std::mt19937 random(2);
    double sum = 0;
    constexpr int kTrials = 200;
    for (int trial = 0; trial < kTrials; ++trial) {
      std::vector<DhtKey> others(size);
      for (DhtKey& other : others) other = Random(random);
      sum += static_cast<double>(EstimateNetworkSize(Random(random), others));
    }
    EXPECT_NEAR(sum / kTrials / static_cast<double>(size), 1.0, 0.15);
  }
}

TEST(NetworkSizeTest, EqualIdsAreNoDivisionByZero) {
  const std::vector<DhtKey> others(20, DhtKey{});
  EXPECT_EQ(EstimateNetworkSize(DhtKey{}, others), 21U);
}

}  // namespace
}  // namespace commresolve::dht
