// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Finder: a parsed query to result rows: one row an identity, with what a person needs to choose.

#ifndef COMMRESOLVE_INDEX_FINDER_H_
#define COMMRESOLVE_INDEX_FINDER_H_

#include <functional>
#include <string>
#include <vector>

#include "index/search/query.h"
#include "index/store.h"

namespace commresolve::index {

/// One result: all certificates with the same DNS names. `best` is a bound key among the
/// certificates with these names, else the best evidenced one.
struct SearchRow {
  Candidate best;
  std::vector<std::string> matched;  ///< Words of the query it carries.
  std::vector<KeyId> keys;           ///< All keys with these names, best first, at most 16.
  size_t key_count = 0;
  std::vector<CertId> certificates;  ///< Newest first, at most 64.
  ListingFacts facts;
  ListingId listing = 0;
  double score = 0;          ///< Orders the rows of one query; falls from row to row.
  std::string index_server;  ///< Who says so; empty: the ledger of this store.
};

struct SearchRows {
  std::vector<SearchRow> rows;
  size_t estimated_total = 0;  ///< Listings that match, roughly.
  std::string did_you_mean;
  bool corrected = false;
  bool more = false;     ///< Rows follow; at most 2,000 hits are looked at.
  bool partial = false;  ///< Nothing carries every word; the rows carry at least half of them.
};

/// Tells which keys are the same identity beyond being equal: the other accepted keys of the
/// binding that accepts `key`, none if no binding does. May be empty.
using SameIdentity = std::function<std::vector<KeyId>(const KeyId& key)>;

/// Rows `offset` to `offset + limit` of the ranked result, each identity once. kNotFound if nothing
/// is indexed yet; kCorrupt.
Result<SearchRows> FindRows(Store& store, const Query& query, size_t offset, size_t limit,
                            UnixTime now, const SameIdentity& same);

/// Words of the index that begin with `beginning`, folded as queries are, those of most listings
/// first, at most `limit`. kNotFound if nothing is indexed yet; kInvalidArgument for a beginning of
/// more than kMaxQueryBytes; kCorrupt.
Result<std::vector<CountedWord>> CompleteWord(Store& store, const std::string& beginning,
                                              size_t limit);

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_FINDER_H_
