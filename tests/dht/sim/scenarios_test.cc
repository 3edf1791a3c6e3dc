// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The simulations in a size that takes seconds. Node ids are random, so bounds leave room for
// chance; the figures are those of sim_table at full size.

#include "tests/dht/sim/scenarios.h"

#include <gtest/gtest.h>

namespace commresolve::sim {
namespace {

TEST(SimulationTest, ASettledNetworkFindsAllAndFast) {
  const Rows rows = Settled(200, 300, {});
  const Figures& put = rows[0].figures;
  EXPECT_GE(put.found, 298U);
  EXPECT_GE(put.replicas, 7.0);
  const Figures& get = rows[1].figures;
  EXPECT_GE(get.found, 298U);
  EXPECT_LE(get.first.At(0.5), 150);
  EXPECT_LE(get.first.At(0.99), 400);
}

TEST(SimulationTest, LossCostsTimeAndNothingElse) {
  for (const Row& row : Settled(60, 100, {.loss = 0.05})) {
    EXPECT_GE(row.figures.found + 2, row.figures.asked) << row.what;
  }
}

TEST(SimulationTest, RecordsSurviveWavesOfReplacement) {
  for (const Row& row : Waves(60, 100)) {
    EXPECT_GE(row.figures.found, 96U) << row.what;
    EXPECT_EQ(row.figures.wrong, 0U) << row.what;
  }
}

TEST(SimulationTest, RecordsSurviveNodesThatComeAndGo) {
  for (const Row& row : Sessions(50, 100, 6)) EXPECT_GE(row.figures.found, 92U) << row.what;
}

TEST(SimulationTest, ACutNetworkServesBothHalvesAndHeals) {
  const Rows rows = Cut(60, 100);
  for (const Row& row : rows) EXPECT_GE(row.figures.found, 96U) << row.what;
}

TEST(SimulationTest, AWireClientPublishesInBulk) {
  const Rows rows = Bulk(60, 1000);
  for (const Row& row : rows)
    EXPECT_GE(row.figures.found * 100, row.figures.asked * 98) << row.what;
  EXPECT_GE(rows[1].figures.replicas, 7.5);
  EXPECT_LE(rows[1].figures.packets, 20) << "eight requests and eight answers";
  EXPECT_LE(rows[1].figures.done.At(0.5), 150) << "one round trip";
}

TEST(SimulationTest, HostilePeersChangeNothing) {
  const HostileRows hostile = Hostile(150, 100);
  // In a network as small as this, the 16 nodes around one key are among the closest of its
  // neighbours too.
  EXPECT_GE(hostile.rows[1].figures.found, 75U);
  EXPECT_EQ(hostile.rows[1].figures.wrong, 0U);
}

TEST(SimulationTest, AFloodEvictsNobodysRecord) {
  const FloodRows flood = Flood(30, 100, 5000, 5000);
  EXPECT_GE(flood.rows[0].figures.found, 97U);
  EXPECT_EQ(flood.rows[0].figures.wrong, 0U);
  EXPECT_GT(flood.over_rate, 0U);
  EXPECT_GT(flood.refused_for_room, 0U);
}

TEST(SimulationTest, BrokenPacketsReachNobody) {
  const FuzzRows fuzz = Fuzz(30'000);
  EXPECT_GT(fuzz.passed, 100U) << "otherwise OpenDHT has seen nothing of them";
  EXPECT_GT(fuzz.honest, 100U);
  EXPECT_EQ(fuzz.honest_dropped, 0U);
  EXPECT_EQ(fuzz.faults, 0U);
  // It lives. The packets claimed ids, as many as one network may have; here these are more than
  // there are nodes, and they are still waited for, so by chance much is not found in time.
  EXPECT_GE(fuzz.after.found, 20U);
  EXPECT_EQ(fuzz.after.wrong, 0U);
}

}  // namespace
}  // namespace commresolve::sim
