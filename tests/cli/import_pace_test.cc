// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What stands beside the progress bar of an import.

#include "cli/import_pace.h"

#include <gtest/gtest.h>

namespace commresolve::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(ImportPaceTest, TellsRateAndTimeLeft) {
  const ImportPace::Clock::time_point start{};
  ImportPace pace(start);
  EXPECT_EQ(pace.Text(start, 0, 0, 1'000), "importing");
  EXPECT_EQ(pace.Text(start + milliseconds(999), 20'000, 10, 1'000), "importing");
  EXPECT_EQ(pace.Text(start + seconds(2), 24'690, 10, 1'000),
            "importing, 12,345 a second, 3:18 left");
  EXPECT_EQ(pace.Text(start + milliseconds(2'500), 40'000, 500, 1'000),
            "importing, 12,345 a second, 3:18 left")
      << "once a second is enough";
  EXPECT_EQ(pace.Text(start + seconds(100), 100'000'000, 1'000, 1'000),
            "importing, 1,000,000 a second, 0:00 left");
}

TEST(ImportPaceTest, LongAndSenseless) {
  const ImportPace::Clock::time_point start{};
  EXPECT_EQ(ImportPace(start).Text(start + seconds(10), 10, 1, 1'000),
            "importing, 1 a second, 2:46:30 left");
  EXPECT_EQ(ImportPace(start).Text(start + seconds(10), 10, 0, 1'000), "importing, 1 a second");
  EXPECT_EQ(ImportPace(start).Text(start + seconds(10), 10, 2'000, 1'000), "importing, 1 a second");
  EXPECT_EQ(ImportPace(start).Text(start + seconds(10), 10, 1, ~uint64_t{0}),
            "importing, 1 a second, 100:00:00 left");
}

}  // namespace
}  // namespace commresolve::cli
