// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// FreshIds: the digests that one batch gives numbers to.

#ifndef COMMRESOLVE_INDEX_LEDGER_FRESH_IDS_H_
#define COMMRESOLVE_INDEX_LEDGER_FRESH_IDS_H_

#include <cstdint>
#include <memory_resource>
#include <optional>
#include <unordered_map>

#include "index/ledger/id_filter.h"
#include "index/ledger/transaction.h"
#include "resolver/base/digest.h"
#include "resolver/base/result.h"

namespace commresolve::index {

/// The rows that a batch adds to a table of digests and their numbers. They stay in memory until
/// the batch commits and are written in the order of the digests then. Written as they come, nearly
/// each would fall on a page that no other has touched.
class FreshIds {
 public:
  /// `table` and its filter live longer.
  FreshIds(Table table, TableFilter& known);

  /// The number that a digest has in the ledger or in this batch; empty if it has none.
  template <class D>
  Result<std::optional<uint32_t>> Find(const Transaction& txn, const D& digest) {
    return FindPlain(txn, {digest.bytes});
  }
  /// Gives a number to a digest that has none.
  template <class D>
  void Give(const D& digest, uint32_t number) {
    GivePlain({digest.bytes}, number);
  }
  /// Writes what was given. Once, just before `txn` commits.
  Status Write(const WriteTransaction& txn);

 private:
  Result<std::optional<uint32_t>> FindPlain(const Transaction& txn, const PlainDigest& digest);
  void GivePlain(const PlainDigest& digest, uint32_t number);
  /// After many digests were looked for in vain, the filter saves more than it costs.
  Status MakeFilter(const Transaction& txn);

  /// Digests are hash values; the seed is what whoever makes certificates cannot know.
  struct Hash {
    size_t operator()(const PlainDigest& digest) const noexcept;
    uint64_t seed;
  };

  Table table_;
  TableFilter& known_;
  std::pmr::monotonic_buffer_resource memory_;
  std::pmr::unordered_map<PlainDigest, uint32_t, Hash> given_;
};

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_LEDGER_FRESH_IDS_H_
