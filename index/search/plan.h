// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Plan: from a parsed query to a Xapian query.

#ifndef COMMRESOLVE_INDEX_SEARCH_PLAN_H_
#define COMMRESOLVE_INDEX_SEARCH_PLAN_H_

#include <xapian.h>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "index/search/exact_terms.h"
#include "index/search/query.h"
#include "resolver/keyword/fold.h"

namespace commresolve::index {

inline constexpr size_t kMaxExpansions = 64;   ///< Words that one prefix stands for at most.
inline constexpr size_t kHotListings = 1'000;  ///< A word that more listings carry is hot.
inline constexpr size_t kMaxGlueRun = 4;       ///< Neighbouring words that are also tried joined.
inline constexpr size_t kMaxJoinedWords = 5;   ///< See PlanCarriers().

/// What the plan must know about the index.
class Vocabulary {
 public:
  virtual ~Vocabulary() = default;
  /// Number of listings that have `term` (TermOf).
  [[nodiscard]] virtual size_t Frequency(const std::string& term) const = 0;
  /// Listings with the word `term`, for a query that asks about `looks` listings, one by one,
  /// whether they carry it; 0 if that is not known.
  [[nodiscard]] virtual Xapian::Query Word(const std::string& term, size_t looks) const = 0;
  /// ExactQuery() over the index, of a term that IsExact().
  [[nodiscard]] virtual Xapian::Query Exact(const std::string& term, double weight,
                                            Carrying carrying) const = 0;
  /// PublicQuery() over the index.
  [[nodiscard]] virtual Xapian::Query Public(double weight) const = 0;
  /// Of all listings.
  [[nodiscard]] virtual size_t ListingCount() const = 0;
  /// The most frequent terms that begin with `beginning`, at most kMaxExpansions.
  [[nodiscard]] virtual std::vector<std::string> Expand(const std::string& beginning) const = 0;
};

/// How many of the words a listing must carry.
enum class Wanted : uint8_t {
  kAll,
  kAny,  ///< For the caller to sort out those that carry too few.
};

/// The query without `key:`, `ip:`, `expired:` and the adjacency of quoted words, which the caller
/// checks. MatchAll if it restricts nothing else.
Xapian::Query PlanQuery(const Query& query, Wanted wanted, const Vocabulary& vocabulary);

/// A query for a single word that very many listings carry.
struct HotWord {
  Xapian::Query plan;     ///< Asks for the likely best of them only (champions.h).
  size_t listings = 0;    ///< That carry it, at least.
  bool filtered = false;  ///< Of those, only some are asked for; there may be more than plan finds.
};
/// Empty for any other query.
std::optional<HotWord> PlanHotWord(const Query& query, const Vocabulary& vocabulary);

/// The plain words of the query in order: neither excluded nor quoted, and no prefix.
std::vector<std::string> PlainWords(const Query& query);

/// Joined runs of two to kMaxGlueRun neighbouring words, with the positions they span.
struct GluedRun {
  std::string text;
  size_t begin = 0;
  size_t end = 0;
};
std::vector<GluedRun> GluedRuns(const std::vector<std::string>& words);

/// Every listing that carries all of `words`, or a label that they make up when joined: in any
/// order if there are at most kMaxJoinedWords, else in that of their bytes. Never too few.
Xapian::Query PlanCarriers(const KeywordSet& words, const Vocabulary& vocabulary);

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_SEARCH_PLAN_H_
