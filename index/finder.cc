// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Hits to rows.

#include "index/finder.h"

#include <algorithm>
#include <set>

#include "index/query_facts.h"
#include "resolver/base/read_ahead.h"

namespace commresolve::index {
namespace {

constexpr size_t kKeysPerRow = 16;
constexpr size_t kHitsPerRound = 16;  // As many as the second phase judges.
constexpr size_t kTrialRows = 1;
constexpr size_t kMaxHitsLookedAt = 2'000;

/// What is bound before a public chain before our own proof before the newest.
bool BetterEvidence(const Candidate& a, const Candidate& b, const SameIdentity& same) {
  const auto rank = [&same](const Candidate& candidate) {
    return std::tuple(same && !same(candidate.key()).empty(),
                      candidate.certificate.public_chain.valid, candidate.proved_at().value_or(0),
                      candidate.certificate.not_after, candidate.last_seen);
  };
  return rank(a) > rank(b);
}

/// Of keys of which nobody saw a proof, the first ones are the best (Ledger::KeysOf).
constexpr size_t kUnprovedLookedAt = 3;

/// What the row may show: all keys if one was proved, else the first and those that are bound.
Result<std::vector<Candidate>> CandidatesOf(Store& store, const std::vector<KeyId>& keys,
                                            bool proved, const SameIdentity& same) {
  std::vector<Candidate> candidates;
  for (const KeyId& key : keys) {
    const bool bound = same && !same(key).empty();
    if (!bound && !proved && candidates.size() >= kUnprovedLookedAt) continue;
    COMMRESOLVE_ASSIGN(candidate, store.FindKey(key));
    if (candidate) candidates.push_back(std::move(*candidate));
  }
  std::stable_sort(
      candidates.begin(), candidates.end(),
      [&same](const Candidate& a, const Candidate& b) { return BetterEvidence(a, b, same); });
  return candidates;
}

/// Reads most of what RowOf() reads.
void LookAtRow(const Ledger& ledger, const Hit& hit) {
  const auto keys = ledger.KeysOf(hit.listing, kKeysPerRow);
  if (!keys.ok()) return;
  for (size_t i = 0; i < keys->keys.size() && i < kUnprovedLookedAt; ++i) {
    static_cast<void>(ledger.FindKey(keys->keys[i]));
  }
}

Result<std::optional<SearchRow>> RowOf(Store& store, const Hit& hit, const SameIdentity& same) {
  COMMRESOLVE_ASSIGN(keys, store.ledger().KeysOf(hit.listing, kKeysPerRow));
  COMMRESOLVE_ASSIGN(facts, store.ledger().Facts(hit.listing));
  const bool proved = facts && facts->proved_at != 0;
  COMMRESOLVE_ASSIGN(candidates, CandidatesOf(store, keys.keys, proved, same));
  if (candidates.empty()) return std::optional<SearchRow>();
  SearchRow row;
  row.best = candidates.front();
  row.matched = hit.matched;
  for (const Candidate& candidate : candidates) row.keys.push_back(candidate.key());
  for (const KeyId& key : keys.keys) {
    if (std::ranges::find(row.keys, key) == row.keys.end()) row.keys.push_back(key);
  }
  row.key_count = keys.total;
  row.certificates = keys.certificates;
  row.listing = hit.listing;
  row.score = hit.score;
  if (facts) row.facts = *facts;
  return std::optional<SearchRow>(std::move(row));
}

std::set<std::string> NamesOf(const SearchRow& row) {
  const auto& names = row.best.certificate.names;
  return {names.begin(), names.end()};
}

bool Holds(const std::vector<KeyId>& keys, const KeyId& key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

/// The rows on the way to a result, where each identity and each set of DNS names has one.
class RowCollector {
 public:
  explicit RowCollector(const SameIdentity& same) : same_(same) {}

  /// Adds a row, or joins it to the one of its identity or names that stands there already.
  void Take(SearchRow row) {
    const std::vector<KeyId> identity = IdentityOf(row.best.key());
    const std::set<std::string> names = NamesOf(row);
    for (SearchRow& other : rows_) {
      const bool same_key = Holds(identity, other.best.key());
      if (!same_key && (names.empty() || NamesOf(other) != names)) continue;
      Join(other, row, same_key);
      return;
    }
    rows_.push_back(std::move(row));
  }
  [[nodiscard]] std::vector<SearchRow>& rows() { return rows_; }

 private:
  [[nodiscard]] std::vector<KeyId> IdentityOf(const KeyId& key) const {
    std::vector<KeyId> keys = same_ ? same_(key) : std::vector<KeyId>();
    keys.push_back(key);
    return keys;
  }

  void Join(SearchRow& row, SearchRow& late, bool same_key) const {
    if (!same_key && BetterEvidence(late.best, row.best, same_)) std::swap(row.best, late.best);
    for (const KeyId& key : late.keys) {
      if (Holds(row.keys, key)) continue;
      ++row.key_count;
      if (row.keys.size() < kKeysPerRow) row.keys.push_back(key);
    }
    row.certificates.insert(row.certificates.end(), late.certificates.begin(),
                            late.certificates.end());
    row.facts.first_seen = std::min(row.facts.first_seen, late.facts.first_seen);
    row.facts.last_seen = std::max(row.facts.last_seen, late.facts.last_seen);
  }

  const SameIdentity& same_;
  std::vector<SearchRow> rows_;
};

}  // namespace

Result<SearchRows> FindRows(Store& store, const Query& query, size_t offset, size_t limit,
                            UnixTime now, const SameIdentity& same) {
  COMMRESOLVE_ASSIGN(reader, store.Search());
  SearchRows result;
  RowCollector collector(same);
  // One row more than wanted, to know whether there is more.
  for (size_t at = 0; at < kMaxHitsLookedAt && collector.rows().size() <= offset + limit;
       at += kHitsPerRound) {
    COMMRESOLVE_ASSIGN(found,
                       reader->Search(query, at, kHitsPerRound, now, FactsFrom(store.ledger())));
    if (at == 0) {
      result.estimated_total = found.estimated_total;
      result.did_you_mean = found.did_you_mean;
      result.corrected = found.corrected;
      result.partial = found.partial;
    }
    const ReadAhead ahead(kTrialRows);
    const size_t needed = offset + limit + 1 - collector.rows().size();
    for (size_t i = 0; i < found.hits.size(); ++i) {
      if (collector.rows().size() > offset + limit) break;
      ahead.Before(i, std::min(found.hits.size(), needed),
                   [&](size_t hit) { LookAtRow(store.ledger(), found.hits[hit]); });
      COMMRESOLVE_ASSIGN(row, RowOf(store, found.hits[i], same));
      if (row) collector.Take(std::move(*row));
    }
    if (found.hits.size() < kHitsPerRound) break;
  }
  std::vector<SearchRow>& rows = collector.rows();
  result.more = rows.size() > offset + limit;
  for (size_t i = offset; i < rows.size() && i < offset + limit; ++i) {
    result.rows.push_back(std::move(rows[i]));
  }
  return result;
}

Result<std::vector<CountedWord>> CompleteWord(Store& store, const std::string& beginning,
                                              size_t limit) {
  if (beginning.size() > kMaxQueryBytes) {
    return Error{Code::kInvalidArgument, "no word is that long"};
  }
  COMMRESOLVE_ASSIGN(reader, store.Search());
  return reader->Complete(beginning, limit);
}

}  // namespace commresolve::index
