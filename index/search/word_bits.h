// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// WordBits: which listings of a sealed shard carry a word, a bit for each. To see whether one
// listing carries a word that very many do, Xapian steps over half a thousand of them; who looks at
// many listings one by one is better off with bits, which a reader keeps, since shards never
// change. Throws what Xapian throws.

#ifndef COMMRESOLVE_INDEX_SEARCH_WORD_BITS_H_
#define COMMRESOLVE_INDEX_SEARCH_WORD_BITS_H_

#include <xapian.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "index/search/exact_terms.h"
#include "index/search/shard_list.h"

namespace commresolve::index {

/// The bits of one word in one shard.
class ShardBits {
 public:
  ShardBits(const Xapian::Database& database, const std::string& term, const Shard& shard);

  [[nodiscard]] bool Holds(uint64_t listing) const;
  /// The first one from `from` on; one behind the shard if there is none.
  [[nodiscard]] uint64_t Next(uint64_t from) const;
  [[nodiscard]] uint64_t end() const { return uint64_t{shard_.last} + 1; }
  [[nodiscard]] size_t count() const { return count_; }
  [[nodiscard]] size_t Bytes() const { return words_.size() * sizeof(uint64_t); }

 private:
  const Shard shard_;
  std::vector<uint64_t> words_;
  size_t count_ = 0;
};

/// Bits of the words that were asked for lately. Used by one thread.
class WordBits {
 public:
  /// What is kept, but for the bits that were asked for last.
  static constexpr size_t kMaxBytes = size_t{8} << 20;

  /// Makes them if they are not kept. `database` is that of `shard`.
  std::shared_ptr<const ShardBits> Of(const std::string& term, const Shard& shard,
                                      const Xapian::Database& database);
  /// True if bits of `term` are kept.
  [[nodiscard]] bool Keeps(const std::string& term) const;
  [[nodiscard]] size_t bytes() const { return bytes_; }

 private:
  struct Kept {
    std::shared_ptr<const ShardBits> bits;
    uint64_t asked = 0;
  };
  void DropOldest();

  std::map<std::pair<std::string, ListingId>, Kept> kept_;  // By term and first listing.
  size_t bytes_ = 0;
  uint64_t asked_ = 0;  // How often Of() was called.
};

/// Listings that carry the word `term`, each of `weight`; by bits in the shards of `exact`.
Xapian::Query WordBitsQuery(std::shared_ptr<WordBits> bits, std::shared_ptr<const ExactTerms> exact,
                            const std::string& term, double weight);

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_SEARCH_WORD_BITS_H_
