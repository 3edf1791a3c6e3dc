// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// When records are put again, and their ends.

#include "dht/publish/schedule.h"

#include <gtest/gtest.h>

#include <set>

#include "dht/record/pseudonym.h"
#include "tests/dht/record/samples.h"

namespace commresolve::dht {
namespace {

TEST(Schedule, PutsAgainBeforeNodesForgetAndNeverAllAtOnce) {
  Random random(1);
  for (const RecordKind& kind : RecordKinds()) {
    const PutInterval interval = IntervalOf(kind.type);
    EXPECT_LE(2 * interval.least, kind.stored_for) << kind.name;
    EXPECT_LE(interval.most, kind.stored_for / 2) << kind.name;
    std::set<UnixTime> times;
    for (int i = 0; i < 100; ++i) {
      const UnixTime due = AfterSuccess(kind.type, kNow, random);
      EXPECT_GE(due, kNow + interval.least) << kind.name;
      EXPECT_LE(due, kNow + interval.most) << kind.name;
      times.insert(due);
    }
    EXPECT_GT(times.size(), 90U) << kind.name;
  }
}

TEST(Schedule, BacksOffUpToAnHour) {
  Random random(1);
  for (const auto& [failures, longest] : {std::pair{1U, 60},
                                          {2U, 120},
                                          {3U, 240},
                                          {6U, 1'920},
                                          {7U, 3'600},
                                          {4'000'000'000U, 3'600}}) {
    std::set<UnixTime> times;
    for (int i = 0; i < 100; ++i) {
      const UnixTime pause = AfterFailure(failures, 0, random);
      EXPECT_GE(pause, longest / 2) << failures;
      EXPECT_LE(pause, longest) << failures;
      times.insert(pause);
    }
    EXPECT_GT(times.size(), 10U) << failures;
  }
}

TEST(Schedule, EndsOfRecordsAreTheSameForHalfTheLongestValidity) {
  for (const RecordKind& kind : RecordKinds()) {
    const int64_t half = kind.longest_valid / 2;
    std::set<UnixTime> ends;
    for (UnixTime now = kNow; now < kNow + 10 * half; now += half / 10) {
      const UnixTime end = ExpiryAt(kind.type, now);
      EXPECT_TRUE(CheckExpiry(kind.type, end, now).ok()) << kind.name;
      // It lives at least until the put after the next one.
      EXPECT_GE(end - now, IntervalOf(kind.type).most) << kind.name;
      ends.insert(end);
    }
    EXPECT_LE(ends.size(), 11U) << kind.name;
  }
}

}  // namespace
}  // namespace commresolve::dht
