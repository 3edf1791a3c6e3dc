// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Four hashes of a word that have nothing in common.

#include "dht/record/bucket.h"

#include <algorithm>

#include "resolver/base/byte_codec.h"

namespace commresolve::dht {
namespace {

constexpr std::string_view kBucketHash = "commresolve dht bucket hash v1";
constexpr std::string_view kBucketContext = "commresolve dht bucket v1";
constexpr std::string_view kHotWordContext = "commresolve dht hot word v1";
constexpr std::string_view kSecretContext = "commresolve dht word secret v1";
constexpr std::string_view kSketchContext = "commresolve dht sketch v1";

std::array<uint8_t, 32> Hash(std::string_view context, std::string_view word) {
  std::string text(context);
  text += '\0';
  text += word;
  return Sha256(text);
}

Sketch BitsOf(std::string_view word) {
  const std::array<uint8_t, 32> hash = Hash(kSketchContext, word);
  return Sketch{1} << (hash[0] % 32) | Sketch{1} << (hash[1] % 32);
}

}  // namespace

Spread SpreadOf(uint32_t listings) {
  if (listings <= kShardPostings) return Spread::kBucket;
  return listings <= kMostListings ? Spread::kOwnKeys : Spread::kNowhere;
}

uint8_t ShardsOf(uint32_t listings) {
  const uint32_t full = listings / kShardPostings;
  const uint32_t shards = full + (listings % kShardPostings == 0 ? 0 : 1);
  return static_cast<uint8_t>(std::clamp<uint32_t>(shards, 1, kMaxShards));
}

DhtKey BucketOf(std::string_view word) {
  static_assert(kBucketBits == 16, "the prefix below is the first 2 bytes");
  const std::array<uint8_t, 32> hash = Hash(kBucketHash, word);
  ByteWriter bucket;
  bucket.Byte(kBucketBits);
  bucket.Byte(hash[0]);
  bucket.Byte(hash[1]);
  return HashedKey(kBucketContext, bucket.bytes());
}

DhtKey HotWordKey(std::string_view word, uint8_t shard) {
  ByteWriter key;
  key.Byte(shard);
  key.Raw(word);
  return HashedKey(kHotWordContext, key.bytes());
}

std::array<uint8_t, 32> WordSecret(std::string_view word) { return Hash(kSecretContext, word); }

Sketch SketchOf(const std::vector<std::string>& words) {
  Sketch sketch = 0;
  for (const std::string& word : words) sketch |= BitsOf(word);
  return sketch;
}

bool MayHold(Sketch sketch, std::string_view word) {
  const Sketch bits = BitsOf(word);
  return (sketch & bits) == bits;
}

}  // namespace commresolve::dht
