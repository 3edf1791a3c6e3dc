// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "grpc/engine/merge_parts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace commresolve::daemon {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

KeyId Key(uint8_t number) {
  KeyId key;
  key.bytes[0] = number;
  return key;
}

index::SearchRow Row(const std::string& name, uint8_t key, double score) {
  index::SearchRow row;
  row.best.certificate.names = {name};
  row.best.certificate.key = Key(key);
  row.keys = {Key(key)};
  row.score = score;
  return row;
}

RankedRows Part(const std::string& server, std::vector<index::SearchRow> rows) {
  RankedRows part;
  for (index::SearchRow& row : rows) row.index_server = server;
  part.standings.resize(rows.size());
  part.found.estimated_total = rows.size();
  part.found.rows = std::move(rows);
  return part;
}

std::vector<std::string> Names(const RankedRows& ranked) {
  std::vector<std::string> names;
  for (const index::SearchRow& row : ranked.found.rows) {
    names.push_back((row.index_server.empty() ? "" : row.index_server + ":") +
                    row.best.certificate.names[0]);
  }
  return names;
}

TEST(MergePartsTest, RowsStandByScoreAndOfEqualsTheOwnFirst) {
  const RankedRows merged =
      MergeParts({Part("", {Row("a", 1, 9), Row("b", 2, 5), Row("c", 3, 1)}),
                  Part("n", {Row("d", 4, 10), Row("e", 5, 5)}), Part("s", {Row("f", 6, 5)})},
                 0, 10);
  EXPECT_THAT(Names(merged), ElementsAre("n:d", "a", "b", "n:e", "s:f", "c"));
  EXPECT_EQ(merged.standings.size(), 6U);
  EXPECT_EQ(merged.found.estimated_total, 6U);
  EXPECT_FALSE(merged.found.more);
}

TEST(MergePartsTest, PagesFollowOneAnother) {
  const auto parts = [] {
    return std::vector<RankedRows>{Part("", {Row("a", 1, 9), Row("b", 2, 5)}),
                                   Part("n", {Row("c", 3, 7), Row("d", 4, 3)})};
  };
  const RankedRows first = MergeParts(parts(), 0, 2);
  EXPECT_THAT(Names(first), ElementsAre("a", "n:c"));
  EXPECT_TRUE(first.found.more);
  const RankedRows second = MergeParts(parts(), 2, 2);
  EXPECT_THAT(Names(second), ElementsAre("b", "n:d"));
  EXPECT_FALSE(second.found.more);
  EXPECT_THAT(Names(MergeParts(parts(), 4, 2)), IsEmpty());
}

TEST(MergePartsTest, APartKeepsItsOwnOrder) {
  const RankedRows merged = MergeParts(
      {Part("", {Row("a", 1, 4)}), Part("n", {Row("b", 2, 3), Row("c", 3, 1'000)})}, 0, 10);
  EXPECT_THAT(Names(merged), ElementsAre("a", "n:b", "n:c"));
}

TEST(MergePartsTest, WhatIsHeldHereIsShownOnceAndFromHere) {
  index::SearchRow renewed = Row("a", 7, 99);
  renewed.keys = {Key(7), Key(1)};
  const RankedRows merged = MergeParts({Part("", {Row("a", 1, 4)}), Part("n", {renewed})}, 0, 10);
  EXPECT_THAT(Names(merged), ElementsAre("a"));
}

TEST(MergePartsTest, OnlyTheSameNamesOfAKeyHideARowOfAnotherServer) {
  // Whoever invents names for a key must not make its true ones vanish.
  const RankedRows merged = MergeParts({Part("", {}), Part("liar", {Row("x", 1, 9)}),
                                        Part("n", {Row("a", 1, 5)}), Part("s", {Row("a", 1, 5)})},
                                       0, 10);
  EXPECT_THAT(Names(merged), ElementsAre("liar:x", "n:a"));
}

TEST(MergePartsTest, AsTypedBeatsEased) {
  RankedRows eased = Part("", {Row("a", 1, 9)});
  eased.found.corrected = true;
  eased.found.did_you_mean = "wiki";
  const RankedRows merged = MergeParts({eased, Part("n", {Row("b", 1, 1)})}, 0, 10);
  EXPECT_THAT(Names(merged), ElementsAre("n:b"));
  EXPECT_FALSE(merged.found.corrected);
  EXPECT_EQ(merged.found.did_you_mean, "");
}

TEST(MergePartsTest, EasedPartsGoTogetherIfTheyShowTheSameQuery) {
  const auto eased = [](const std::string& server, uint8_t key, const std::string& query) {
    RankedRows part = Part(server, {Row("r" + std::to_string(key), key, 1)});
    part.found.corrected = true;
    part.found.did_you_mean = query;
    return part;
  };
  const RankedRows merged =
      MergeParts({eased("", 1, "wiki"), eased("n", 2, "wicki"), eased("s", 3, "wiki")}, 0, 10);
  EXPECT_THAT(Names(merged), ElementsAre("r1", "s:r3"));
  EXPECT_TRUE(merged.found.corrected);
  EXPECT_EQ(merged.found.did_you_mean, "wiki");
}

TEST(MergePartsTest, TotalsAddUpAndDoNotOverflow) {
  RankedRows own = Part("", {Row("a", 1, 1)});
  own.found.estimated_total = 100;
  own.found.more = true;
  RankedRows other = Part("n", {Row("b", 2, 1)});
  other.found.estimated_total = 23;
  EXPECT_EQ(MergeParts({own, other}, 0, 10).found.estimated_total, 123U);
  other.found.estimated_total = SIZE_MAX;
  EXPECT_GT(MergeParts({own, other, other}, 0, 10).found.estimated_total, 1'000U);
}

TEST(MergePartsTest, NothingAnywhereIsNothing) {
  RankedRows own = Part("", {});
  own.found.did_you_mean = "wiki";
  const RankedRows merged = MergeParts({own, Part("n", {})}, 0, 10);
  EXPECT_THAT(Names(merged), IsEmpty());
  EXPECT_EQ(merged.found.did_you_mean, "wiki");
  EXPECT_EQ(merged.found.estimated_total, 0U);
}

}  // namespace
}  // namespace commresolve::daemon
