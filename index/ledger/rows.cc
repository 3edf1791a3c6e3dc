// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Rows that are put together from several tables.

#include "index/ledger/rows.h"

namespace commresolve::index {

Error MissingRow(Table table, uint32_t number) {
  return {Code::kCorrupt, "row " + std::to_string(number) + " of the ledger's table " +
                              TableName(table) + " is missing"};
}

Result<std::string> ReadDer(const Transaction& txn, CertNo number) {
  COMMRESOLVE_ASSIGN(record, ReadRow(txn, Table::kCertificates, number, DecodeCertificate));
  return txn.environment()->ders.Read(record);
}

Result<Totals> ReadTotals(const Transaction& txn) {
  COMMRESOLVE_ASSIGN(totals, FindRow(txn, Table::kMeta, kTotalsKey, DecodeTotals));
  if (!totals) return Error{Code::kCorrupt, "the ledger has lost its totals"};
  return *totals;
}

Result<std::optional<Listing>> ReadListing(const Transaction& txn, ListingId id) {
  COMMRESOLVE_ASSIGN(fields, FindRow(txn, Table::kListings, id, DecodeFields));
  if (!fields) return std::optional<Listing>();
  COMMRESOLVE_ASSIGN(facts, ReadRow(txn, Table::kFacts, id, DecodeFacts));
  COMMRESOLVE_ASSIGN(extras, ReadRow(txn, Table::kExtras, id, DecodeExtras));
  return std::optional<Listing>(Listing{id, *std::move(fields), std::move(extras.issuers),
                                        std::move(extras.ports), std::move(extras.protocols),
                                        facts.facts.public_chain, facts.facts.not_after,
                                        facts.facts.last_seen});
}

}  // namespace commresolve::index
