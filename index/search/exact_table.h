// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// ExactTable: which listings of a sealed shard carry an exact term (terms.h), and the rank of each
// listing. Such a term is asked for as a whole or not at all, and most of them are carried by one
// listing or by very many: here it costs a few bytes, to Xapian it would be a word. Pure; works on
// the bytes of a file (docs/formats/search.md).

#ifndef COMMRESOLVE_INDEX_SEARCH_EXACT_TABLE_H_
#define COMMRESOLVE_INDEX_SEARCH_EXACT_TABLE_H_

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "index/search/shard_list.h"
#include "resolver/base/result.h"

namespace commresolve::index {

/// The bit of a rank that says that there is a valid public chain.
inline constexpr uint8_t kPublicRank = 1;

/// 40 bits of a hash, then the kind. Of one kind, different terms share a key about once in a
/// million questions.
using ExactKey = uint64_t;
/// Of a term that IsExact().
ExactKey ExactKeyOf(std::string_view term);

/// That a listing carries a term.
struct ExactPosting {
  ExactKey key = 0;
  ListingId listing = 0;
  auto operator<=>(const ExactPosting&) const = default;
};

class ExactTable {
 public:
  /// No terms.
  ExactTable() = default;
  /// Borrows `bytes`. kCorrupt unless their sizes are those of the table of `shard`. What else is
  /// wrong in them makes answers poor, nothing worse.
  static Result<ExactTable> Read(std::string_view bytes, const Shard& shard);

  [[nodiscard]] const Shard& shard() const { return shard_; }
  /// Distinct terms, which have numbers from 0 in the order of their keys.
  [[nodiscard]] size_t terms() const { return terms_; }
  [[nodiscard]] ExactKey KeyAt(size_t term) const;

  /// Numbers of postings, of one term.
  struct Range {
    size_t begin = 0;
    size_t end = 0;
    [[nodiscard]] size_t size() const { return end - begin; }
  };
  [[nodiscard]] Range PostingsOf(size_t term) const;
  /// Empty if no listing carries it.
  [[nodiscard]] Range Find(ExactKey key) const;
  /// Within a range they rise.
  [[nodiscard]] ListingId ListingAt(size_t posting) const;

  /// What a listing is worth before any query (champions.h): the higher the better; 0 for one that
  /// is not in the shard.
  [[nodiscard]] uint8_t RankOf(ListingId listing) const;
  /// Listings whose rank has kPublicRank.
  [[nodiscard]] size_t public_listings() const { return public_; }
  /// The first of them from `from` on; one behind the shard if there is none.
  [[nodiscard]] uint64_t NextPublic(uint64_t from) const;

 private:
  [[nodiscard]] size_t BucketAt(size_t number) const;

  std::string_view bytes_;
  Shard shard_;
  size_t terms_ = 0;
  size_t postings_ = 0;
  size_t public_ = 0;
  size_t bucket_bits_ = 0;
  size_t ranks_at_ = 0;
  size_t terms_at_ = 0;
  size_t buckets_at_ = 0;
};

/// Writes a table to `out` (borrowed), which the caller looks at for errors at the end. Keeps ten
/// bytes for each distinct term.
class ExactTableWriter {
 public:
  ExactTableWriter(const Shard& shard, std::ostream& out);
  /// In rising order; less than 2^32.
  void Add(const ExactPosting& posting);
  /// Ranks of all numbers of the shard, from its first to its last.
  void Finish(const std::vector<uint8_t>& ranks);

 private:
  std::ostream& out_;
  const Shard shard_;
  std::string terms_;  // As they will be written.
  std::optional<ExactKey> last_;
  uint32_t added_ = 0;
};

/// One table of several, whose shards follow each other and lie in `whole`.
void MergeExactTables(const std::vector<ExactTable>& tables, const Shard& whole, std::ostream& out);

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_SEARCH_EXACT_TABLE_H_
