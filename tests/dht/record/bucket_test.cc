// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Buckets: where the document says, shared by enough words; sketches: nothing is missed.

#include "dht/record/bucket.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

namespace commresolve::dht {
namespace {

std::string KeyHex(const DhtKey& key) {
  return Hex({reinterpret_cast<const char*>(key.data()), key.size()});
}

TEST(Bucket, LiesWhereTheDocumentSays) {
  // h=$(printf 'commresolve dht bucket hash v1\0debian' | sha256sum | cut -c1-4)
  // printf "commresolve dht bucket v1\0\x10\x${h:0:2}\x${h:2:2}" | sha256sum | cut -c1-40
  EXPECT_EQ(KeyHex(BucketOf("debian")), "69226bac13cb36df8518ee4a7daab40fba782350");
  // printf 'commresolve dht hot word v1\0\x02debian' | sha256sum | cut -c1-40
  EXPECT_EQ(KeyHex(HotWordKey("debian", 2)), "e747d9958c7dd8e1bf94d69353c90d5f3d33a369");
}

TEST(Bucket, IsSharedByManyWords) {
  constexpr size_t kWords = 200'000;
  std::map<DhtKey, size_t> buckets;
  for (size_t i = 0; i < kWords; ++i) ++buckets[BucketOf("w" + std::to_string(i))];
  EXPECT_LE(buckets.size(), size_t{1} << kBucketBits);
  // At 1,000,000 words a bucket has at least 6 with a chance of 99.9 %.
  EXPECT_GT(static_cast<double>(kWords) / static_cast<double>(buckets.size()), 3.0);
}

TEST(Bucket, TheHashesOfAWordHaveNothingInCommon) {
  std::set<std::string> begins;
  const auto secret = WordSecret("debian");
  begins.insert(Hex({reinterpret_cast<const char*>(secret.data()), 4}));
  for (const DhtKey& key : {BucketOf("debian"), HotWordKey("debian", 0), HotWordKey("debian", 1)}) {
    begins.insert(KeyHex(key).substr(0, 8));
  }
  EXPECT_EQ(begins.size(), 4U);
}

TEST(Spread, GrowsWithTheWord) {
  EXPECT_EQ(SpreadOf(0), Spread::kBucket);
  EXPECT_EQ(SpreadOf(144), Spread::kBucket);
  EXPECT_EQ(SpreadOf(145), Spread::kOwnKeys);
  EXPECT_EQ(SpreadOf(50'000), Spread::kOwnKeys);
  EXPECT_EQ(SpreadOf(50'001), Spread::kNowhere);
  EXPECT_EQ(ShardsOf(0), 1);
  EXPECT_EQ(ShardsOf(144), 1);
  EXPECT_EQ(ShardsOf(145), 2);
  EXPECT_EQ(ShardsOf(64 * 144), 64);
  EXPECT_EQ(ShardsOf(0xffffffff), 64);
}

TEST(Sketch, MissesNoWord) {
  std::vector<std::string> words;
  for (int i = 0; i < 64; ++i) {
    words.push_back("word" + std::to_string(i));
    const Sketch sketch = SketchOf(words);
    for (const std::string& word : words) EXPECT_TRUE(MayHold(sketch, word));
  }
}

TEST(Sketch, TellsMostOthersApart) {
  size_t mistaken = 0;
  constexpr size_t kTries = 20'000;
  for (size_t i = 0; i < kTries; ++i) {
    std::vector<std::string> words;
    for (size_t j = 0; j < 8; ++j) words.push_back(std::to_string(8 * i + j));
    mistaken += MayHold(SketchOf(words), "other" + std::to_string(i)) ? 1 : 0;
  }
  EXPECT_NEAR(static_cast<double>(mistaken) / kTries, 0.16, 0.02);
  EXPECT_FALSE(MayHold(0, "debian"));
  EXPECT_TRUE(MayHold(~Sketch{0}, "debian"));
}

}  // namespace
}  // namespace commresolve::dht
