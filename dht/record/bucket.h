// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Buckets: where the postings of a word lie, and what is derived from a word.
//
// A look-up tells the network a bucket: the first bits of a hash of the word. All words with the
// same bits share it, and who asks for one of them is not told apart. Everything else that is
// derived from the word comes from other hashes, so a bucket reveals nothing more.
//
// Words are keywords in normal form (resolver/keyword/fold.h). Pure; safe for concurrent use.

#ifndef COMMRESOLVE_DHT_RECORD_BUCKET_H_
#define COMMRESOLVE_DHT_RECORD_BUCKET_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "dht/record/ids.h"

namespace commresolve::dht {

/// Bits of a bucket that the whole network uses: of 1,000,000 words 15 share one.
inline constexpr unsigned kBucketBits = 16;
/// Keys of its own that a hot word may have.
inline constexpr uint8_t kMaxShards = 64;
/// Postings of one of them: 8 blocks.
inline constexpr uint32_t kShardPostings = 144;
/// A word of more certificates, like "www" or "com", finds nothing that anybody could look through.
inline constexpr uint32_t kMostListings = 50'000;

/// Where the postings of a word go.
enum class Spread : uint8_t {
  kBucket,   ///< Into its bucket.
  kOwnKeys,  ///< To keys of its own; the bucket gets a signpost. The best stand in shard 0.
  kNowhere,  ///< The bucket gets a signpost to no shards.
};
/// By the number of certificates that carry the word, as far as the finder knows: up to
/// kShardPostings, up to kMostListings, more.
Spread SpreadOf(uint32_t listings);
/// How many shards hold `listings`, or the best of them: 1 to kMaxShards.
uint8_t ShardsOf(uint32_t listings);

/// The bucket of `word`.
DhtKey BucketOf(std::string_view word);
/// One of the own keys of a word that has too many postings for a bucket: shard 0 holds the best.
/// Whoever asks for it tells the network the word, as far as the network can guess hot words.
DhtKey HotWordKey(std::string_view word, uint8_t shard);

/// The key under which postings of `word` are encrypted. Whoever can guess the word has it.
std::array<uint8_t, 32> WordSecret(std::string_view word);

/// A Bloom filter of 32 bits and two hashes over the words of a certificate. With 8 words 16 % of
/// all other words seem to be in it, with 16 words 40 %; none is missed.
using Sketch = uint32_t;
Sketch SketchOf(const std::vector<std::string>& words);
/// False only if `word` was not among the words of the sketch.
bool MayHold(Sketch sketch, std::string_view word);

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_RECORD_BUCKET_H_
