// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// From listings to sets: buckets, shards, signposts, order, room, and the same again.

#include "dht/publish/posting_maker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "tests/dht/publish/publish_fixture.h"

namespace commresolve::dht {
namespace {

using testing::SizeIs;

using Sets = std::map<DhtKey, PostingSet>;

Sets Made(PostingMaker& maker) {
  Sets sets;
  const Status made = maker.Finish([&](PostingSet set) -> Status {
    const DhtKey key = set.key;
    EXPECT_TRUE(Content::Of(set).ok());
    EXPECT_TRUE(sets.emplace(key, std::move(set)).second);
    return {};
  });
  EXPECT_TRUE(made.ok()) << made.error().message;
  return sets;
}

Sets Make(const std::vector<FoundListing>& listings, const MakerOptions& options = {}) {
  const TempFolder folder;
  PostingMaker maker(folder.path(), options);
  for (const FoundListing& listing : listings) EXPECT_TRUE(maker.Add(listing).ok());
  return Made(maker);
}

std::vector<WordEntry> EntriesOf(const Sets& sets, const DhtKey& key, const std::string& word) {
  std::vector<WordEntry> entries;
  if (!sets.contains(key)) return entries;
  std::ranges::copy_if(sets.at(key).entries, std::back_inserter(entries),
                       [&](const WordEntry& entry) { return entry.word == word; });
  return entries;
}

std::string Name(int i) { return "host" + std::to_string(i); }

TEST(PostingMaker, EveryWordIsInItsBucketWithKeyScoreAndSketch) {
  const Sets sets = Make({Listing("a", {"bugs.debian.org"}, 80)});
  for (const char* word : {"bugs", "debian", "org"}) {
    const auto entries = EntriesOf(sets, BucketOf(word), word);
    ASSERT_THAT(entries, SizeIs(1)) << word;
    EXPECT_EQ(entries[0].posting.key, PrefixOf(KeyId{Sha256("a")}));
    EXPECT_EQ(entries[0].posting.score, 128 + 20);
    EXPECT_EQ(entries[0].posting.sketch, SketchOf({"bugs", "debian", "org"}));
  }
}

TEST(PostingMaker, OneKeyIsOnePostingOfAWord) {
  const auto sets = Make({Listing("a", {"bugs.debian.org"}, 80),
                          Listing("a", {"www.debian.org"}, 40), Listing("b", {"debian.org"})});
  const auto entries = EntriesOf(sets, BucketOf("debian"), "debian");
  ASSERT_THAT(entries, SizeIs(2));
  EXPECT_EQ(entries[0].posting.score, 128 + 20);
  for (const char* word : {"bugs", "www"}) EXPECT_TRUE(MayHold(entries[0].posting.sketch, word));
}

TEST(PostingMaker, AHotWordHasShardsTheBestFirstAndASignpost) {
  std::vector<FoundListing> listings;
  for (int i = 0; i < 400; ++i) {
    listings.push_back(Listing("key" + std::to_string(i), {Name(i) + ".debian.org"},
                               static_cast<uint8_t>(i % 256)));
  }
  const Sets sets = Make(listings);
  EXPECT_THAT(EntriesOf(sets, BucketOf("debian"), "debian"), SizeIs(1));
  EXPECT_EQ(EntriesOf(sets, BucketOf("debian"), "debian")[0].signpost, (Signpost{3, 384}));
  int last = 256;
  size_t postings = 0;
  for (uint8_t shard = 0; shard < 3; ++shard) {
    const DhtKey key = HotWordKey("debian", shard);
    ASSERT_TRUE(sets.contains(key));
    EXPECT_EQ(sets.at(key).entries.size(), shard < 2 ? kShardPostings : 400 - 2 * kShardPostings);
    for (const WordEntry& entry : sets.at(key).entries) {
      EXPECT_EQ(entry.word, "debian");
      EXPECT_LE(entry.posting.score, last);
      last = entry.posting.score;
      ++postings;
    }
  }
  EXPECT_EQ(postings, 400U);
  EXPECT_FALSE(sets.contains(HotWordKey("debian", 3)));
  // 144 fit into the bucket as far as it has room; 145 do not.
  listings.resize(kShardPostings);
  EXPECT_FALSE(Make(listings).contains(HotWordKey("debian", 0)));
}

TEST(PostingMaker, AWordOfTooManyListingsHasASignpostToNowhere) {
  const TempFolder folder;
  PostingMaker maker(folder.path(), {.memory = size_t{1} << 20});
  FoundListing listing = Listing("", {"debian.org"});
  listing.words.erase(listing.words.begin());  // "org" remains.
  for (uint32_t i = 0; i <= kMostListings; ++i) {
    listing.key = KeyId{Sha256(std::to_string(i))};
    ASSERT_TRUE(maker.Add(listing).ok());
  }
  const Sets sets = Made(maker);
  ASSERT_THAT(sets, SizeIs(1));
  EXPECT_EQ(EntriesOf(sets, BucketOf("org"), "org")[0].signpost, (Signpost{0, 49'152}));
}

TEST(PostingMaker, TheSameListingsMakeTheSameSetsInWhateverOrderAndMemory) {
  std::vector<FoundListing> listings;
  for (int i = 0; i < 2'000; ++i) {
    listings.push_back(Listing("key" + std::to_string(i / 2),
                               {Name(i) + ".site" + std::to_string(i % 40) + ".org"},
                               static_cast<uint8_t>(i % 7)));
  }
  const auto encoded = [](const Sets& sets) {
    std::map<DhtKey, std::string> bytes;
    for (const auto& [key, set] : sets) bytes[key] = Content::Of(set)->Encode();
    return bytes;
  };
  const auto first = encoded(Make(listings));
  EXPECT_GT(first.size(), 1'000U);
  std::mt19937 random(1);
  std::ranges::shuffle(listings, random);
  EXPECT_EQ(encoded(Make(listings, {.memory = 20'000})), first);
  // One more listing changes only the buckets of its words.
  listings.push_back(Listing("new", {"fresh.unheard.org"}));
  const auto second = encoded(Make(listings));
  size_t changed = 0;
  for (const auto& [key, bytes] : second)
    changed += first.contains(key) && first.at(key) == bytes ? 0 : 1;
  EXPECT_LE(changed, 2U + ShardsOf(1'001));
}

}  // namespace
}  // namespace commresolve::dht
