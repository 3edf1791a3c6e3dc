// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Times and lengths of time as text, and back.

#include "resolver/base/clock.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <random>
#include <string>

namespace commresolve {
namespace {

constexpr UnixTime kYear0 = -62'167'219'200;
constexpr UnixTime kEndOf9999 = 253'402'300'799;

TEST(ClockTest, FormatsRfc3339) {
  EXPECT_EQ(FormatTime(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(FormatTime(-1), "1969-12-31T23:59:59Z");
  EXPECT_EQ(FormatTime(1'774'182'513), "2026-03-22T12:28:33Z");
  EXPECT_EQ(FormatTime(951'827'696), "2000-02-29T12:34:56Z");
  EXPECT_EQ(FormatTime(-62'135'596'800), "0001-01-01T00:00:00Z");
  EXPECT_EQ(FormatTime(kEndOf9999), "9999-12-31T23:59:59Z");
}

TEST(ClockTest, TimesThatRfc3339CannotWriteShowTheNearestItCan) {
  EXPECT_EQ(FormatTime(kEndOf9999 + 1), "9999-12-31T23:59:59Z");
  EXPECT_EQ(FormatTime(std::numeric_limits<UnixTime>::max()), "9999-12-31T23:59:59Z");
  EXPECT_EQ(FormatTime(std::numeric_limits<UnixTime>::min()), "0000-01-01T00:00:00Z");
}

TEST(ClockTest, ParseReadsBackWhatFormatWrote) {
  std::mt19937_64 random(1);
  std::uniform_int_distribution<UnixTime> times(kYear0, kEndOf9999);
  for (int i = 0; i < 20'000; ++i) {
    const UnixTime time = times(random);
    const auto parsed = ParseTime(FormatTime(time));
    ASSERT_TRUE(parsed.ok()) << FormatTime(time);
    ASSERT_EQ(*parsed, time);
  }
}

TEST(ClockTest, ParsesFractionsAndOffsets) {
  EXPECT_EQ(*ParseTime("1970-01-01T00:00:09.999999999Z"), 9);
  EXPECT_EQ(*ParseTime("1970-01-01 01:30:00+01:30"), 0);
  EXPECT_EQ(*ParseTime("1969-12-31t23:00:00-01:00"), 0);
  EXPECT_EQ(*ParseTime("2016-12-31T23:59:60z"), *ParseTime("2017-01-01T00:00:00Z"));
}

TEST(ClockTest, RefusesWhatIsNoTime) {
  for (const char* text : {"",
                           "2026",
                           "2026-03-22",
                           "2026-03-22T12:28Z",
                           "2026-03-22T12:28:33",
                           "2026-02-29T00:00:00Z",
                           "2026-13-01T00:00:00Z",
                           "2026-00-01T00:00:00Z",
                           "2026-03-22T24:00:00Z",
                           "2026-03-22T12:60:00Z",
                           "2026-03-22T12:28:61Z",
                           "2026-03-22T12:28:33.Z",
                           "2026-03-22T12:28:33+1:00",
                           "2026-03-22T12:28:33+24:00",
                           "2026-03-22T12:28:33+00:60",
                           "2026-03-22T12:28:33Zx",
                           "-026-03-22T12:28:33Z",
                           "2026/03/22T12:28:33Z",
                           "2026-03-22x12:28:33Z",
                           "2026-03-22T12.28.33Z",
                           "2026-03-22T12:28:-3Z",
                           "now"}) {
    const auto parsed = ParseTime(text);
    ASSERT_FALSE(parsed.ok()) << text;
    EXPECT_EQ(parsed.error().code, Code::kInvalidArgument);
    EXPECT_FALSE(parsed.error().hint.empty());
  }
}

TEST(ClockTest, FormatsAges) {
  EXPECT_EQ(FormatAge(0), "0 s");
  EXPECT_EQ(FormatAge(119), "119 s");
  EXPECT_EQ(FormatAge(120), "2 min");
  EXPECT_EQ(FormatAge(7'199), "119 min");
  EXPECT_EQ(FormatAge(7'200), "2 h");
  EXPECT_EQ(FormatAge(172'799), "47 h");
  EXPECT_EQ(FormatAge(172'800), "2 d");
  EXPECT_EQ(FormatAge(-432'000), "-5 d");
  EXPECT_EQ(FormatAge(std::numeric_limits<int64_t>::min()), "-106751991167300 d");
}

TEST(ClockTest, ParsesDurations) {
  EXPECT_EQ(*ParseDuration("0"), 0);
  EXPECT_EQ(*ParseDuration("45"), 45);
  EXPECT_EQ(*ParseDuration("90s"), 90);
  EXPECT_EQ(*ParseDuration("15m"), 900);
  EXPECT_EQ(*ParseDuration("12h"), 43'200);
  EXPECT_EQ(*ParseDuration("3650d"), 315'360'000);
}

TEST(ClockTest, RefusesDurationsBeyondTenYearsOrWithoutNumber) {
  for (const char* text : {"", "s", "d", "-1s", "+1s", " 1s", "1 s", "1w", "1.5h", "3651d",
                           "315360001", "99999999999999999999d", "0x10", "1dd"}) {
    EXPECT_FALSE(ParseDuration(text).ok()) << text;
  }
}

TEST(ClockTest, SystemClockIsLaterThanThisTest) {
  EXPECT_GT(SystemClock().Now(), *ParseTime("2024-01-01T00:00:00Z"));
  EXPECT_LT(SystemClock().Now(), kEndOf9999);
}

TEST(ClockTest, ManualClockStandsStill) {
  ManualClock clock(100);
  EXPECT_EQ(clock.Now(), 100);
  clock.Advance(-30);
  EXPECT_EQ(clock.Now(), 70);
  clock.Set(5);
  EXPECT_EQ(clock.Now(), 5);
}

}  // namespace
}  // namespace commresolve
