// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A network has so many ids, and room again when one has been silent.

#include "dht/node/id_limits.h"

#include <gtest/gtest.h>

namespace commresolve::dht {
namespace {

using std::chrono::minutes;

const IdLimits::Time kStart{std::chrono::hours(1)};

DhtKey Id(size_t number) {
  return {static_cast<uint8_t>(number >> 8), static_cast<uint8_t>(number)};
}

TEST(IdLimitsTest, ANetworkHasSoManyIds) {
  IdLimits limits;
  size_t admitted = 0;
  for (size_t i = 0; i < 1000; ++i) admitted += limits.Admit(7, Id(i), kStart) ? 1 : 0;
  EXPECT_EQ(admitted, IdLimits::kIds);
  EXPECT_TRUE(limits.Admit(7, Id(0), kStart));
  EXPECT_FALSE(limits.Admit(7, Id(500), kStart));
  EXPECT_TRUE(limits.Admit(8, Id(500), kStart)) << "another network has room of its own";
}

TEST(IdLimitsTest, SilenceMakesRoom) {
  IdLimits limits;
  for (size_t i = 0; i < IdLimits::kIds; ++i) limits.Admit(7, Id(i), kStart);
  for (size_t i = 1; i < IdLimits::kIds; ++i) limits.Admit(7, Id(i), kStart + minutes(20));
  EXPECT_FALSE(limits.Admit(7, Id(100), kStart + minutes(29)));
  EXPECT_TRUE(limits.Admit(7, Id(100), kStart + minutes(31)));
  EXPECT_FALSE(limits.Admit(7, Id(0), kStart + minutes(31))) << "its place is taken";
}

TEST(IdLimitsTest, ManyNetworksAreForgottenAndNotPiledUp) {
  IdLimits limits;
  for (size_t i = 0; i < IdLimits::kIds; ++i) limits.Admit(7, Id(i), kStart);
  for (uint64_t network = 100; network < 5100; ++network) limits.Admit(network, Id(1), kStart);
  EXPECT_TRUE(limits.Admit(7, Id(100), kStart));
}

}  // namespace
}  // namespace commresolve::dht
