// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// IdFilter: tells digests that a table does not hold without a look at the table.

#ifndef COMMRESOLVE_INDEX_LEDGER_ID_FILTER_H_
#define COMMRESOLVE_INDEX_LEDGER_ID_FILTER_H_

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "resolver/base/digest.h"

namespace commresolve::index {

/// A set of digests that may claim to hold one more, never one less: of those it does not hold it
/// claims about one in three hundred when full. A Bloom filter of blocks (Putze, Sanders, Singler,
/// "Cache-, hash- and space-efficient Bloom filters", 2007); digests are their own hash values.
class IdFilter {
 public:
  /// Room for `most` digests, at two bytes each.
  explicit IdFilter(uint64_t most);

  [[nodiscard]] bool MayHold(const PlainDigest& digest) const;
  void Add(const PlainDigest& digest);
  /// More digests make the claims worse.
  [[nodiscard]] bool full() const { return held_ >= most_; }

 private:
  using Block = std::array<uint64_t, 8>;  // As large as a line of the processor's cache.

  [[nodiscard]] size_t BlockOf(const PlainDigest& digest) const;

  uint64_t most_;
  uint64_t held_ = 0;
  std::vector<Block> blocks_;
};

/// The filter of one table, made when it pays.
struct TableFilter {
  std::optional<IdFilter> filter;
  uint64_t misses = 0;  ///< Digests that were looked for in vain without it.
};

/// The filters of a ledger. For the holder of its write lock.
class IdFilters {
 public:
  /// `transaction`: the number of a writer that begins. A commit of another process since the last
  /// one of this process is in no filter: they are forgotten.
  void Begin(uint64_t transaction);
  /// The writer that began last has committed.
  void Committed() { committed_ = begun_; }

  TableFilter certificates;
  TableFilter keys;
  TableFilter listings;

 private:
  uint64_t begun_ = 0;
  uint64_t committed_ = 0;
};

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_LEDGER_ID_FILTER_H_
