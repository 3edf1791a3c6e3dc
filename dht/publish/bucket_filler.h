// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// BucketFiller: postings in the order of buckets and words become sets, one bucket at a time.

#ifndef COMMRESOLVE_DHT_PUBLISH_BUCKET_FILLER_H_
#define COMMRESOLVE_DHT_PUBLISH_BUCKET_FILLER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "dht/publish/content.h"

namespace commresolve::dht {

/// Keeps no more than the best of one word and of one bucket. Used by one thread.
class BucketFiller {
 public:
  using Take = std::function<Status(PostingSet)>;
  BucketFiller(size_t bucket_blocks, Take take);

  /// One posting of `word`, whose bucket is `bucket`. All of a bucket, in it all of a word, and of
  /// that all of a key come one after the other; of those the best score counts, and all sketches.
  Status Add(const DhtKey& bucket, std::string_view word, const Posting& posting);
  /// After the last posting.
  Status Finish();

  /// Different postings, and those that had no room or whose word has too many.
  [[nodiscard]] size_t postings() const { return postings_; }
  [[nodiscard]] size_t cut() const { return postings_ - placed_; }

 private:
  /// An entry of a bucket: `rank` 0 for signposts, 1 for the best of each word, ...
  struct Ranked {
    uint32_t rank = 0;
    WordEntry entry;
  };
  static bool Before(const Ranked& a, const Ranked& b);

  void KeepBest(size_t most);
  Status EndWord();
  Status EndBucket();
  Status PutShards(uint32_t listings);
  Status Give(const DhtKey& key, std::vector<WordEntry> entries);

  const size_t bucket_entries_;
  const Take take_;
  DhtKey bucket_{};
  std::string word_;
  std::vector<Posting> best_;   ///< Of the word, distinct keys; not yet in order.
  uint32_t listings_ = 0;       ///< Of the word.
  std::vector<Ranked> ranked_;  ///< Of the bucket.
  size_t postings_ = 0;
  size_t placed_ = 0;
};

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_PUBLISH_BUCKET_FILLER_H_
