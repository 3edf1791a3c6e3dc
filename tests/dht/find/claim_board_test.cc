// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What finders say, merged, ordered and withdrawn.

#include "dht/find/claim_board.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/dht/find/fake_getter.h"

namespace commresolve::dht {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

const std::vector<std::string> kBoth = {"bugs", "debian"};

class ClaimBoardTest : public testing::Test {
 protected:
  ClaimBoard Board(RankOfFinder rank = {}, uint64_t lot = 1) {
    return {*KeywordSet::FromText("debian bugs"), "bugs", std::move(rank), lot};
  }
  static PostingBlock Said(uint8_t finder, const std::vector<WordEntry>& entries,
                           uint32_t sequence = 1, DhtKey where = BucketOf("bugs")) {
    return *ReadPostingBlock(where, Block(where, finder, entries, sequence), kNow);
  }
  static std::vector<uint8_t> Keys(const std::vector<Claim>& claims) {
    std::vector<uint8_t> keys;
    for (const Claim& claim : claims) keys.push_back(claim.key[0]);
    return keys;
  }
};

TEST_F(ClaimBoardTest, FindersOfOneKeyAreMerged) {
  ClaimBoard board = Board();
  EXPECT_THAT(board.Add(Said(1, {PostingOf("bugs", 7, 50, kBoth)})), ElementsAre(Prefix(7)));
  EXPECT_THAT(board.Add(Said(2, {PostingOf("bugs", 7, 90, kBoth)})), ElementsAre(Prefix(7)));
  EXPECT_THAT(board.Add(Said(2, {PostingOf("bugs", 7, 90, kBoth)})), IsEmpty()) << "said before";
  const Claim claim = board.Get(Prefix(7));
  EXPECT_EQ(claim.word, "bugs");
  EXPECT_EQ(claim.score, 90);
  EXPECT_EQ(claim.good_finders, 0U);
  EXPECT_THAT(claim.finders, UnorderedElementsAre(Finder(1), Finder(2)));
  EXPECT_THAT(board.Ranked(10), ElementsAre(claim));
}

TEST_F(ClaimBoardTest, OfWhatAFinderSaysTwiceTheBetterCounts) {
  ClaimBoard board = Board();
  board.Add(Said(1, {PostingOf("bugs", 7, 90, kBoth), PostingOf("bugs", 7, 20, kBoth)}));
  EXPECT_EQ(board.Get(Prefix(7)).score, 90);
  EXPECT_THAT(board.Get(Prefix(7)).finders, ElementsAre(Finder(1)));
}

TEST_F(ClaimBoardTest, FindersInGoodStandingAreNamedFirst) {
  for (uint8_t good = 1; good < 4; ++good) {
    ClaimBoard board = Board([good](const Ed25519Key& finder) {
      return finder == Finder(good) ? FinderRank::kGood : FinderRank::kUnknown;
    });
    for (uint8_t finder = 1; finder < 4; ++finder) {
      board.Add(Said(finder, {PostingOf("bugs", 7, 90, kBoth)}));
    }
    EXPECT_EQ(board.Get(Prefix(7)).finders.front(), Finder(good));
  }
}

TEST_F(ClaimBoardTest, TheOtherWordsHaveToBeInTheSketch) {
  ClaimBoard board = Board();
  EXPECT_THAT(
      board.Add(Said(1, {PostingOf("bugs", 7, 50, {"bugs"}), PostingOf("bugs", 8, 50, kBoth),
                         PostingOf("other", 9, 50, kBoth)})),
      ElementsAre(Prefix(8)));
}

TEST_F(ClaimBoardTest, ANewSequenceWithdrawsTheOldAndOldNeverWins) {
  ClaimBoard board = Board();
  board.Add(Said(1, {PostingOf("bugs", 7, 50, kBoth), PostingOf("bugs", 8, 50, kBoth)}, 5));
  board.Add(Said(1, {PostingOf("bugs", 8, 60, kBoth)}, 6));
  EXPECT_THAT(Keys(board.Ranked(10)), ElementsAre(8));
  EXPECT_THAT(board.Add(Said(1, {PostingOf("bugs", 7, 50, kBoth)}, 5)), IsEmpty());
  board.Add(Said(1, {PostingOf("bugs", 9, 50, kBoth)}, 6));
  EXPECT_EQ(board.size(), 2U) << "blocks of one sequence number hold together";
}

TEST_F(ClaimBoardTest, AnotherKeysBlocksStay) {
  ClaimBoard board = Board();
  const DhtKey shard = HotWordKey("bugs", 0);
  board.Add(Said(1, {PostingOf("bugs", 7, 50, kBoth)}, 5));
  board.Add(Said(1, {PostingOf("bugs", 8, 50, kBoth)}, 9, shard));
  EXPECT_EQ(board.size(), 2U);
  board.Add(Said(1, {PostingOf("bugs", 9, 50, kBoth)}, 6));
  EXPECT_THAT(Keys(board.Ranked(10)), testing::UnorderedElementsAre(8, 9));
}

TEST_F(ClaimBoardTest, MoreFindersComeFirst) {
  ClaimBoard board = Board();
  board.Add(Said(1, {PostingOf("bugs", 7, 255, kBoth)}));
  for (uint8_t finder = 2; finder < 5; ++finder) {
    board.Add(Said(finder, {PostingOf("bugs", 8, 10, kBoth)}));
  }
  EXPECT_THAT(Keys(board.Ranked(10)), ElementsAre(8, 7));
}

TEST_F(ClaimBoardTest, OneGoodFinderBeatsManyStrangers) {
  const RankOfFinder rank = [](const Ed25519Key& finder) {
    return finder == Finder(1) ? FinderRank::kGood : FinderRank::kUnknown;
  };
  ClaimBoard board = Board(rank);
  for (uint8_t finder = 2; finder < 30; ++finder) {
    board.Add(Said(finder, {PostingOf("bugs", 8, 255, kBoth)}));
  }
  board.Add(Said(1, {PostingOf("bugs", 7, 1, kBoth)}));
  const auto ranked = board.Ranked(10);
  EXPECT_THAT(Keys(ranked), ElementsAre(7, 8));
  EXPECT_EQ(ranked[0].good_finders, 1U);
}

TEST_F(ClaimBoardTest, ALiarIsNotHeard) {
  ClaimBoard board = Board([](const Ed25519Key&) { return FinderRank::kLiar; });
  EXPECT_THAT(board.Add(Said(1, {PostingOf("bugs", 7, 50, kBoth)})), IsEmpty());
  EXPECT_EQ(board.size(), 0U);
}

TEST_F(ClaimBoardTest, ACrowdThatSaysTheSameFillsOnePlaceOfARound) {
  ClaimBoard board = Board();
  std::vector<WordEntry> forged;
  for (uint8_t key = 100; key < 110; ++key) forged.push_back(PostingOf("bugs", key, 255, kBoth));
  for (uint8_t finder = 100; finder < 140; ++finder) board.Add(Said(finder, forged));
  for (uint8_t finder = 1; finder < 6; ++finder) {
    board.Add(Said(finder, {PostingOf("bugs", finder, 10, kBoth)}));
  }
  const std::vector<uint8_t> keys = Keys(board.Ranked(10));
  ASSERT_EQ(keys.size(), 10U);
  const auto honest =
      std::count_if(keys.begin(), keys.begin() + 6, [](uint8_t k) { return k < 6; });
  EXPECT_EQ(honest, 5) << "each of the five finders is served before the crowd is again";
}

TEST_F(ClaimBoardTest, ShoutingDoesNotFillTheFirstTenPlaces) {
  std::vector<PostingBlock> blocks;
  for (uint8_t finder = 100; finder < 115; ++finder) {
    blocks.push_back(Said(finder, {PostingOf("bugs", finder, 255, kBoth)}));
  }
  for (uint8_t finder = 1; finder < 36; ++finder) {
    blocks.push_back(Said(finder, {PostingOf("bugs", finder, 10, kBoth)}));
  }
  size_t without = 0;
  for (uint64_t lot = 0; lot < 200; ++lot) {
    ClaimBoard board = Board({}, lot);
    for (const PostingBlock& block : blocks) board.Add(block);
    const std::vector<uint8_t> keys = Keys(board.Ranked(10));
    without += std::ranges::any_of(keys, [](uint8_t key) { return key < 36; }) ? 0 : 1;
  }
  EXPECT_LE(without, 5U) << "each search has a lot of its own";
}

TEST_F(ClaimBoardTest, OfAFinderTheBestAreKept) {
  ClaimBoard board = Board();
  for (uint8_t i = 0; i < 100; ++i) {
    const auto key = static_cast<uint8_t>(i + 1);
    board.Add(Said(1, {PostingOf("bugs", key, key, kBoth)}));
  }
  EXPECT_EQ(board.size(), ClaimBoard::kClaimsOfFinder);
  const std::vector<uint8_t> keys = Keys(board.Ranked(100));
  EXPECT_EQ(keys.size(), ClaimBoard::kClaimsOfFinder);
  EXPECT_EQ(*std::ranges::min_element(keys), 101 - ClaimBoard::kClaimsOfFinder);
}

TEST_F(ClaimBoardTest, SignpostsNeedVoices) {
  ClaimBoard board = Board();
  EXPECT_EQ(board.Signposted(1), std::nullopt);
  board.Add(Said(1, {SignpostOf("bugs", 64, 40'000)}));
  EXPECT_EQ(board.Signposted(2), std::nullopt);
  board.Add(Said(2, {SignpostOf("bugs", 3, 400)}));
  board.Add(Said(3, {SignpostOf("bugs", 2, 300)}));
  EXPECT_EQ(board.Signposted(2), (Signpost{3, 400}));
  EXPECT_EQ(board.Signposted(1), (Signpost{64, 40'000}));
}

TEST_F(ClaimBoardTest, AGoodFindersSignpostIsEnough) {
  ClaimBoard board = Board([](const Ed25519Key&) { return FinderRank::kGood; });
  board.Add(Said(1, {SignpostOf("bugs", 3, 400)}));
  EXPECT_EQ(board.Signposted(2), (Signpost{3, 400}));
}

TEST_F(ClaimBoardTest, ASignpostOfAFewListingsIsNone) {
  ClaimBoard board = Board();
  board.Add(Said(1, {SignpostOf("bugs", 1, kShardPostings)}));
  EXPECT_EQ(board.Signposted(1), std::nullopt);
}

TEST_F(ClaimBoardTest, ASignpostIsWithdrawnToo) {
  ClaimBoard board = Board();
  board.Add(Said(1, {SignpostOf("bugs", 3, 400)}, 1));
  board.Add(Said(1, {PostingOf("bugs", 7, 1, kBoth)}, 2));
  EXPECT_EQ(board.Signposted(1), std::nullopt);
}

}  // namespace
}  // namespace commresolve::dht
