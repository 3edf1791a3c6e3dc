// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Typed reads of ledger rows inside a transaction.

#ifndef COMMRESOLVE_INDEX_LEDGER_ROWS_H_
#define COMMRESOLVE_INDEX_LEDGER_ROWS_H_

#include <optional>
#include <string_view>

#include "index/ledger/records.h"
#include "index/ledger/transaction.h"
#include "resolver/base/result.h"

namespace commresolve::index {

/// kCorrupt: `what` refers to a row of `table` that is not there.
Error MissingRow(Table table, uint32_t number);

/// Decodes the row `key` of `table`; empty if there is none.
template <class Key, class Decode>
auto FindRow(const Transaction& txn, Table table, const Key& key, Decode decode)
    -> Result<std::optional<typename std::decay_t<decltype(decode({}).value())>>> {
  using Value = std::decay_t<decltype(decode({}).value())>;
  COMMRESOLVE_ASSIGN(bytes, txn.Get(table, key));
  if (!bytes) return std::optional<Value>();
  COMMRESOLVE_ASSIGN(value, decode(*bytes));
  return std::optional<Value>(std::move(value));
}

/// Decodes row `number` of `table`, which another row refers to.
template <class Decode>
auto ReadRow(const Transaction& txn, Table table, uint32_t number, Decode decode)
    -> decltype(decode({})) {
  COMMRESOLVE_ASSIGN(bytes, txn.Get(table, number));
  if (!bytes) return MissingRow(table, number);
  return decode(*bytes);
}

/// The number of a certificate, key or listing by its digest.
inline Result<std::optional<uint32_t>> FindNumber(const Transaction& txn, Table table,
                                                  std::string_view digest) {
  return FindRow(txn, table, digest, DecodeNumber);
}

/// The DER of a certificate on record.
Result<std::string> ReadDer(const Transaction& txn, CertNo number);

/// The sums as of the last commit.
Result<Totals> ReadTotals(const Transaction& txn);

/// The listing as the search index wants it; empty if there is none.
Result<std::optional<Listing>> ReadListing(const Transaction& txn, ListingId id);

inline constexpr std::string_view kFormatKey = "format";
inline constexpr std::string_view kTotalsKey = "totals";
inline constexpr uint32_t kLedgerFormat = 2;

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_LEDGER_ROWS_H_
