// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Checker: looks for rows of a ledger that contradict each other.

#ifndef COMMRESOLVE_INDEX_LEDGER_CHECKER_H_
#define COMMRESOLVE_INDEX_LEDGER_CHECKER_H_

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "index/ledger/ledger.h"
#include "index/ledger/records.h"
#include "index/ledger/rows.h"
#include "index/ledger/transaction.h"

namespace commresolve::index {

/// One run over one state of the ledger. Memory does not grow with the ledger.
class Checker {
 public:
  explicit Checker(const Transaction& txn) : txn_(txn) {}
  Result<LedgerCheck> Run();

 private:
  /// Calls `check` for every row of `table`, which Fail() and Need() then name.
  Status Each(Table table, const std::function<Status(const Cursor&)>& check);
  void Fail(const std::string& what);
  void Require(bool condition, const char* what) {
    if (!condition) Fail(what);
  }
  /// The value if it decoded; else a problem.
  template <class T>
  std::optional<T> Decoded(Result<T> decoded);
  /// The row that this one refers to; else a problem.
  template <class Key, class Decode>
  auto Need(Table table, const Key& key, Decode decode)
      -> std::optional<typename std::decay_t<decltype(decode({}).value())>>;
  void NeedNumber(Table table, std::string_view key, uint32_t number);
  void NeedRow(Table table, std::string_view key);

  // checker.cc
  Status CheckCertificateIds();
  Status CheckCertificates();
  void CheckListed(CertNo number, const CertRecord& record);
  Status CheckKeys();
  Status CheckTotals();
  // checker_listing.cc
  Status CheckListings();
  Status CheckFacts();
  Status CheckListingCertificates();
  Status CheckKeyListings();
  Status CheckChanged();
  /// Certificates and distinct keys.
  Result<std::pair<uint32_t, uint32_t>> CountMembers(ListingId listing);
  // checker_sighting.cc
  Status CheckSightings();
  Status CheckPlaces();
  Status CheckProofs();
  Status CheckSources();

  const Transaction& txn_;
  LedgerCheck report_;
  Totals totals_;
  Totals counted_;
  Table table_ = Table::kMeta;
  std::string row_;
};

template <class T>
std::optional<T> Checker::Decoded(Result<T> decoded) {
  if (decoded.ok()) return std::move(decoded).value();
  Fail(decoded.error().message);
  return std::nullopt;
}

template <class Key, class Decode>
auto Checker::Need(Table table, const Key& key, Decode decode)
    -> std::optional<typename std::decay_t<decltype(decode({}).value())>> {
  const auto bytes = txn_.Get(table, key);
  if (bytes.ok() && *bytes) return Decoded(decode(**bytes));
  Fail(std::string("refers to a missing row of ") + TableName(table));
  return std::nullopt;
}

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_LEDGER_CHECKER_H_
