// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The list of sealed shards, and which of them are merged.

#include "index/search/shard_list.h"

#include <gtest/gtest.h>

#include <string>

#include "index/search/merge.h"

namespace commresolve::index {
namespace {

TEST(ShardList, ReadsBackWhatItWrote) {
  for (const Shards& shards :
       {Shards(), Shards{{1, 1}}, Shards{{1, 50'000}, {50'001, 60'000}, {60'002, 4'294'967'295}}}) {
    const Result<Shards> read = ParseShards(FormatShards(shards));
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_EQ(*read, shards);
  }
}

TEST(ShardList, AnythingElseIsCorrupt) {
  const std::string head = FormatShards({});
  for (const char* tail :
       {"1-", "1-2", "0-2\n", "1-02\n", "-2\n", "2-1\n", "1-2\n2-3\n", "5-6\n1-2\n", "1-2 \n",
        "1-4294967296\n", "1-2\r\n", "\n", "a\n", "1-2\n\n"}) {
    const Result<Shards> read = ParseShards(head + tail);
    ASSERT_FALSE(read.ok()) << tail;
    EXPECT_EQ(read.error().code, Code::kCorrupt) << tail;
  }
  EXPECT_FALSE(ParseShards("").ok());
  EXPECT_FALSE(ParseShards("commresolve-shards 2\n").ok());
}

TEST(ShardList, HasALimit) {
  Shards shards;
  for (ListingId id = 1; shards.size() < kMaxShards; ++id) shards.push_back({id, id});
  EXPECT_TRUE(ParseShards(FormatShards(shards)).ok());
  shards.push_back({1'000, 1'000});
  EXPECT_FALSE(ParseShards(FormatShards(shards)).ok());
}

TEST(Merging, ShardsFollowThatAreAtMostTwiceAsLarge) {
  EXPECT_EQ(CountToMerge({}, 20), 0U);
  EXPECT_EQ(CountToMerge({{1, 100}}, 20), 0U);
  EXPECT_EQ(CountToMerge({{1, 40}}, 20), 1U);
  EXPECT_EQ(CountToMerge({{1, 1'000}, {1'001, 1'040}}, 20), 1U);
  EXPECT_EQ(CountToMerge({{1, 120}, {121, 160}}, 20), 2U) << "together they are large enough";
  EXPECT_EQ(CountToMerge({{1, 121}, {122, 161}}, 20), 1U);
}

TEST(Merging, KeepsTheShardsFew) {
  Shards shards;
  ListingId last = 0;
  for (int round = 0; round < 2'000; ++round) {
    const Shard added{last + 1, last + 20'000};
    const size_t count = CountToMerge(shards, 20'000);
    const ListingId first = count == 0 ? added.first : shards[shards.size() - count].first;
    shards.resize(shards.size() - count);
    shards.push_back({first, added.last});
    last = added.last;
    ASSERT_LE(shards.size(), 12U) << last;
  }
}

}  // namespace
}  // namespace commresolve::index
