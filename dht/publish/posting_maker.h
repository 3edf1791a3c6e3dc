// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// PostingMaker: listings in, what to publish about their words out, key by key.
//
// Every word of a listing that may leave the machine (public_words.h) becomes a posting in the
// word's bucket, or, if more listings have it than a bucket should hold, at keys of its own; see
// SpreadOf() in dht/record/bucket.h.

#ifndef COMMRESOLVE_DHT_PUBLISH_POSTING_MAKER_H_
#define COMMRESOLVE_DHT_PUBLISH_POSTING_MAKER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "dht/publish/content.h"
#include "dht/publish/public_words.h"
#include "dht/publish/sorted_rows.h"

namespace commresolve::dht {

struct MakerOptions {
  /// Blocks in a bucket, 1 to kMaxSetBlocks. A reader fetches all blocks of all finders there, and
  /// more than 20 to 30 make him wait; so 3 leave room for ten finders.
  size_t bucket_blocks = 3;
  /// Bytes of postings in memory at one time; the rest lies in files without names. A posting takes
  /// about 70: a million listings of eight words make about 600 MB, and nine files.
  size_t memory = size_t{64} << 20;
};

struct MakerCounts {
  size_t listings = 0;
  size_t withheld = 0;  ///< Of these, listings of which no word may leave the machine.
  size_t postings = 0;  ///< Of different words and keys, that might have been published.
  size_t cut = 0;       ///< Of these, those that had no room, or whose word has too many.
  size_t sets = 0;
  size_t blocks = 0;
};

/// Used by one thread. Besides MakerOptions::memory it needs a few megabytes, however many listings
/// there are.
class PostingMaker {
 public:
  /// `folder` exists, and is as private as the index: words lie in its files for a while.
  PostingMaker(const std::string& folder, const MakerOptions& options)
      : options_(options), rows_(folder, options.memory) {}

  /// As SortedRows::Add().
  Status Add(const FoundListing& listing);

  using Take = std::function<Status(PostingSet)>;
  /// Calls `take` for every key that has entries, once. The same listings, in whatever order they
  /// were added, make the same sets.
  ///
  /// In a bucket stand first the signposts of hot words, then the best posting of every word, then
  /// the second best of every word, and so on, as far as there is room: a word with many postings
  /// does not push out those with few. Shards hold the best of their word, the very best in shard
  /// 0. The number of listings in a signpost is rounded down to four binary digits, so that it
  /// changes seldom.
  ///
  /// Stops with the first error of `take`. As SortedRows::Each(). Once.
  Status Finish(const Take& take);
  [[nodiscard]] const MakerCounts& counts() const { return counts_; }

 private:
  const MakerOptions options_;
  SortedRows rows_;
  MakerCounts counts_;
};

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_PUBLISH_POSTING_MAKER_H_
