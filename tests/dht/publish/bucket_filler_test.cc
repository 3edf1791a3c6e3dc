// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a bucket keeps when there is no room for all.

#include "dht/publish/bucket_filler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "tests/dht/publish/publish_fixture.h"

namespace commresolve::dht {
namespace {

using testing::SizeIs;

Posting Nth(int i, uint8_t score) {
  Posting posting;
  posting.score = score;
  posting.key[0] = static_cast<uint8_t>(1 + i / 256);
  posting.key[1] = static_cast<uint8_t>(i % 256);
  return posting;
}

/// The sets of one bucket with these words, in this order: how many postings, and their score.
std::vector<PostingSet> Fill(const std::vector<std::tuple<std::string, int, uint8_t>>& words,
                             size_t blocks = 3) {
  std::vector<PostingSet> sets;
  BucketFiller filler(blocks, [&](PostingSet set) -> Status {
    sets.push_back(std::move(set));
    return {};
  });
  for (const auto& [word, count, score] : words) {
    for (int i = 0; i < count; ++i) {
      EXPECT_TRUE(filler.Add(SampleBucket(), word, Nth(i, score)).ok());
    }
  }
  EXPECT_TRUE(filler.Finish().ok());
  size_t placed = 0;
  for (const PostingSet& set : sets) {
    for (const WordEntry& entry : set.entries) placed += entry.signpost ? 0 : 1;
  }
  EXPECT_EQ(filler.postings() - filler.cut(), placed);
  return sets;
}

TEST(BucketFiller, AWordWithManyPostingsDoesNotPushOutThoseWithFew) {
  std::vector<std::tuple<std::string, int, uint8_t>> words = {{"crowd", 144, 255},
                                                              {"mob", 144, 254}};
  for (int i = 0; i < 30; ++i) words.emplace_back("word" + std::to_string(i), 1, 0);
  words.emplace_back("zz-hot", 145, 0);
  const auto sets = Fill(words);
  ASSERT_THAT(sets, SizeIs(2 + 1));  // Two shards of the hot word.
  const auto& entries = sets.back().entries;
  ASSERT_THAT(entries, SizeIs(54));
  EXPECT_EQ(entries[0].word, "zz-hot");
  EXPECT_EQ(entries[0].signpost->shards, 2);
  EXPECT_EQ(entries[1].word, "crowd");
  EXPECT_EQ(entries[2].word, "mob");
  std::map<std::string, int> kept;
  for (const WordEntry& entry : entries) ++kept[entry.word];
  EXPECT_THAT(kept, SizeIs(33));
  EXPECT_EQ(kept["crowd"], 12);
  EXPECT_EQ(kept["mob"], 11);
  EXPECT_THAT(Fill(words, 8).back().entries, SizeIs(144));
}

TEST(BucketFiller, KeepsTheBestOfAWordThatIsAlmostEverywhere) {
  // More than are kept in memory, the best in the middle.
  std::vector<PostingSet> sets;
  BucketFiller filler(3, [&](PostingSet set) -> Status {
    sets.push_back(std::move(set));
    return {};
  });
  for (int i = 0; i < 30'000; ++i) {
    const bool best = i >= 15'000 && i < 15'000 + 144;
    const auto score = static_cast<uint8_t>(best ? 9 : i % 3);
    ASSERT_TRUE(filler.Add(SampleBucket(), "www", Nth(i, score)).ok());
  }
  ASSERT_TRUE(filler.Finish().ok());
  ASSERT_THAT(sets, SizeIs(64 + 1));
  EXPECT_EQ(sets[0].key, HotWordKey("www", 0));
  for (const WordEntry& entry : sets[0].entries) EXPECT_EQ(entry.posting.score, 9);
  for (const WordEntry& entry : sets[63].entries) EXPECT_EQ(entry.posting.score, 2);
  EXPECT_EQ(sets[64].entries[0].signpost, (Signpost{64, 28'672}));
}

TEST(BucketFiller, ABucketOfVeryManyWordsIsSortedOutOnTheWay) {
  std::vector<std::tuple<std::string, int, uint8_t>> words;
  for (int i = 0; i < 20'000; ++i) {
    words.emplace_back("word" + std::to_string(i), 1, static_cast<uint8_t>(i == 11'111 ? 9 : 1));
  }
  const auto sets = Fill(words);
  ASSERT_THAT(sets, SizeIs(1));
  EXPECT_THAT(sets[0].entries, SizeIs(54));
  EXPECT_EQ(sets[0].entries[0].word, "word11111");
}

}  // namespace
}  // namespace commresolve::dht
