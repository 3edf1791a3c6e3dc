// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Suggestions one slip away.

#include "index/search/spelling.h"

#include <gtest/gtest.h>

namespace commresolve::index {
namespace {

SpellingIndex Words(const std::vector<std::pair<std::string, size_t>>& words) {
  SpellingIndex index;
  for (const auto& [word, frequency] : words) index.Add(word, frequency);
  index.Finish();
  return index;
}

TEST(Spelling, EveryKindOfSlip) {
  const SpellingIndex index = Words({{"debian", 5}, {"mozilla", 3}, {"kümmert", 1}});
  EXPECT_EQ(index.Suggest("debin"), "debian");    // Left out.
  EXPECT_EQ(index.Suggest("debiaan"), "debian");  // Added.
  EXPECT_EQ(index.Suggest("debisn"), "debian");   // Replaced.
  EXPECT_EQ(index.Suggest("debain"), "debian");   // Swapped.
  EXPECT_EQ(index.Suggest("ebian"), "debian");
  EXPECT_EQ(index.Suggest("debianx"), "debian");
  EXPECT_EQ(index.Suggest("kummert"), "kümmert");  // One character, two bytes.
}

TEST(Spelling, NotTwoSlips) {
  const SpellingIndex index = Words({{"debian", 5}});
  EXPECT_EQ(index.Suggest("dbin"), std::nullopt);
  EXPECT_EQ(index.Suggest("edbain"), std::nullopt);
  EXPECT_EQ(index.Suggest("debianxy"), std::nullopt);
  EXPECT_EQ(index.Suggest("ebiand"), std::nullopt);
}

TEST(Spelling, TheMoreFrequentWordThenTheFirst) {
  EXPECT_EQ(Words({{"cart", 1}, {"card", 9}}).Suggest("carx"), "card");
  EXPECT_EQ(Words({{"cart", 2}, {"card", 2}}).Suggest("carx"), "card");
  EXPECT_EQ(Words({{"debian", 2}}).Suggest("debian"), std::nullopt);
}

TEST(Spelling, ShortWordsAndNumbersAreLeftAlone) {
  const SpellingIndex index = Words({{"org", 9}, {"2024", 9}, {std::string(41, 'a'), 9}});
  EXPECT_EQ(index.size(), 0U);
  EXPECT_EQ(index.Suggest("orgg"), std::nullopt);
  EXPECT_EQ(index.Suggest(""), std::nullopt);
}

}  // namespace
}  // namespace commresolve::index
