// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Searches by words in a size that takes seconds. sim_table runs them at full size.

#include "tests/dht/sim/find_scenarios.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <vector>

namespace commresolve::sim {
namespace {

TEST(FindSimulationTest, WordsOfAListingFindIt) {
  const FindFigures figures = FindMany(50, 1'000, 40)[0];
  EXPECT_EQ(figures.searches, 40U);
  EXPECT_GE(figures.answered, 36U);
  EXPECT_GE(figures.recall, 0.8);
  EXPECT_GE(figures.replicas, 7.0);
  EXPECT_LE(figures.first.At(0.5), 300);
  std::printf("recall at 10: %.3f, first claim p50 %.0f ms, %.0f packets, %.0f kB a search\n",
              figures.recall, figures.first.At(0.5), figures.packets, figures.kilobytes);
}

TEST(FindSimulationTest, ForgersDoNotPushOutTheHonest) {
  const std::vector<FindFigures> rows = FindForged(50, 20);
  for (const FindFigures& figures : rows) {
    EXPECT_EQ(figures.searches, 20U);
    EXPECT_GE(figures.answered, 17U) << figures.what;
    EXPECT_GE(figures.with_place, 7U) << figures.what;
    EXPECT_EQ(figures.believed, 0U) << figures.what;
    std::printf("%s: %zu of %zu, %.2f right, %.2f forged\n", figures.what.c_str(), figures.answered,
                figures.searches, figures.right, figures.forged);
  }
  EXPECT_LE(rows[0].forged, 0.35) << "a crowd that says the same";
  EXPECT_LT(rows[1].forged, rows[0].forged) << "liars are remembered";
  EXPECT_LT(rows[3].forged, rows[2].forged);
}

}  // namespace
}  // namespace commresolve::sim
