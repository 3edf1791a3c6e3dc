// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Hits to rows.

#include "index/finder.h"

#include <algorithm>
#include <set>

namespace commresolve::index {
namespace {

constexpr size_t kKeysPerRow = 16;
constexpr size_t kHitsPerRound = 50;
constexpr size_t kMaxHitsLookedAt = 2'000;

/// Own proof before public chain before newest; what never answered before what answered wrongly.
bool BetterEvidence(const Candidate& a, const Candidate& b) {
  const auto rank = [](const Candidate& candidate) {
    return std::tuple(candidate.certificate.public_chain.valid, candidate.proved_at().value_or(0),
                      candidate.certificate.not_after, candidate.last_seen);
  };
  return rank(a) > rank(b);
}

Result<std::optional<SearchRow>> RowOf(Store& store, const Hit& hit) {
  COMMRESOLVE_ASSIGN(keys, store.ledger().KeysOf(hit.listing, kKeysPerRow));
  std::vector<Candidate> candidates;
  for (const KeyId& key : keys.keys) {
    COMMRESOLVE_ASSIGN(candidate, store.FindKey(key));
    if (candidate) candidates.push_back(std::move(*candidate));
  }
  if (candidates.empty()) return std::optional<SearchRow>();
  std::stable_sort(candidates.begin(), candidates.end(), BetterEvidence);
  SearchRow row;
  row.best = candidates.front();
  row.matched = hit.matched;
  for (const Candidate& candidate : candidates) row.keys.push_back(candidate.key());
  row.key_count = keys.total;
  row.certificates = keys.certificates;
  row.listing = hit.listing;
  COMMRESOLVE_ASSIGN(facts, store.ledger().Facts(hit.listing));
  if (facts) row.facts = *facts;
  return std::optional<SearchRow>(std::move(row));
}

}  // namespace

Result<SearchRows> FindRows(Store& store, const Query& query, size_t offset, size_t limit,
                            UnixTime now, const SameIdentity& same) {
  COMMRESOLVE_ASSIGN(reader, store.Search());
  const FactsSource facts = FactsFrom(store.ledger());
  SearchRows result;
  std::set<KeyId> shown;
  size_t rows = 0;
  for (size_t at = 0; at < kMaxHitsLookedAt && result.rows.size() < limit; at += kHitsPerRound) {
    COMMRESOLVE_ASSIGN(found, reader->Search(query, at, kHitsPerRound, now, facts));
    if (at == 0) {
      result.estimated_total = found.estimated_total;
      result.did_you_mean = found.did_you_mean;
      result.corrected = found.corrected;
      result.partial = found.partial;
    }
    for (const Hit& hit : found.hits) {
      if (result.rows.size() == limit) break;
      COMMRESOLVE_ASSIGN(row, RowOf(store, hit));
      if (!row || shown.contains(row->best.key())) continue;
      shown.insert(row->best.key());
      if (same) {
        for (const KeyId& key : same(row->best.key())) shown.insert(key);
      }
      if (rows++ >= offset) result.rows.push_back(std::move(*row));
    }
    if (found.hits.size() < kHitsPerRound) break;
  }
  return result;
}

}  // namespace commresolve::index
