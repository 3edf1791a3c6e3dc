// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The rarest word, as far as one knows.

#include "dht/find/word_hints.h"

#include <gtest/gtest.h>

namespace commresolve::dht {
namespace {

constexpr UnixTime kToday = 1'770'000'000;

std::optional<uint32_t> Local(const std::string& word) {
  if (word == "debian") return 900;
  if (word == "bugs") return 40;
  return {};
}

TEST(WordHintsTest, TheRarestHereIsAsked) {
  const WordHints hints(10);
  EXPECT_EQ(hints.Rarest({"bugs", "debian"}, Local, kToday), "bugs");
  EXPECT_EQ(hints.Rarest({"bugs", "debian", "quux"}, Local, kToday), "quux") << "nobody has it";
}

TEST(WordHintsTest, OfEqualsTheLongestThenTheFirst) {
  const WordHints hints(10);
  EXPECT_EQ(hints.Rarest({"aa", "bbb", "ccc"}, {}, kToday), "bbb");
}

TEST(WordHintsTest, ASignpostOutweighsASmallIndex) {
  WordHints hints(10);
  hints.Learn("bugs", 5'000, kToday);
  EXPECT_EQ(hints.Estimate("bugs", Local, kToday), 5'000U);
  EXPECT_EQ(hints.Rarest({"bugs", "debian"}, Local, kToday), "debian");
  hints.Learn("debian", 1, kToday);
  EXPECT_EQ(hints.Estimate("debian", Local, kToday), 900U) << "ours are more than that";
}

TEST(WordHintsTest, ADayLaterItIsForgotten) {
  WordHints hints(10);
  hints.Learn("bugs", 5'000, kToday);
  EXPECT_EQ(hints.Estimate("bugs", Local, kToday + 86'400), 5'000U);
  EXPECT_EQ(hints.Estimate("bugs", Local, kToday + 86'401), 40U);
}

TEST(WordHintsTest, TheOldestMakesRoom) {
  WordHints hints(2);
  hints.Learn("a", 10, kToday);
  hints.Learn("b", 11, kToday + 1);
  hints.Learn("a", 12, kToday + 2);
  hints.Learn("c", 13, kToday + 3);
  EXPECT_EQ(hints.size(), 2U);
  EXPECT_EQ(hints.Estimate("a", {}, kToday + 3), 12U);
  EXPECT_EQ(hints.Estimate("b", {}, kToday + 3), 0U);
}

}  // namespace
}  // namespace commresolve::dht
