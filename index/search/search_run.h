// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// SearchRun: one query over one state of the index, both phases. Throws what Xapian throws.

#ifndef COMMRESOLVE_INDEX_SEARCH_SEARCH_RUN_H_
#define COMMRESOLVE_INDEX_SEARCH_SEARCH_RUN_H_

#include <xapian.h>

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "index/search/index_view.h"
#include "index/search/plan.h"
#include "index/search/query.h"
#include "index/search/rank.h"
#include "index/search/search_index.h"

namespace commresolve::index {

/// Hits of the first phase whose facts are looked at.
inline constexpr size_t kSiftedHits = 100;
/// The best of these, which the second phase orders by their text.
inline constexpr size_t kJudgedHits = 12;

class SearchRun {
 public:
  /// Borrows everything.
  SearchRun(const IndexView& view, const Vocabulary& vocabulary, const Query& query, Wanted wanted,
            UnixTime now, const FactsSource& facts);

  struct Page {
    std::vector<Hit> hits;
    size_t estimated_total = 0;
  };
  Page Find(size_t offset, size_t limit);

 private:
  /// A hit of the first phase.
  struct Found {
    ListingId listing = 0;
    double text_score = 0;
    double sifted_score = 0;
    bool expired = false;
    std::optional<ListingFacts> facts;
  };

  Xapian::MSet FirstPhase(const Xapian::Query& plan, size_t count, bool unexpired_only);
  /// The best hits by the first phase and their facts, best first. False if these are all.
  bool SiftBest(std::vector<Found>& sifted);
  bool SiftHotWord(std::vector<Found>& sifted);
  /// True if valid certificates may not fill the hits that are judged.
  [[nodiscard]] bool FewUnexpired(const std::vector<Found>& sifted) const;
  /// Adds the hits of `found` whose listings are not among `seen`.
  void Sift(const Xapian::MSet& found, std::unordered_set<ListingId>& seen,
            std::vector<Found>& sifted) const;
  void LookAhead(const Found& found, bool texts) const;
  /// The judged hit; empty if the listing is not known.
  [[nodiscard]] std::optional<Hit> Judge(const Found& found) const;
  std::vector<Hit> JudgeAll(std::span<const Found> found) const;
  [[nodiscard]] std::optional<Xapian::Query> OnlyListed() const;
  void AppendUnjudged(size_t offset, size_t limit, const std::vector<Hit>& judged,
                      const std::vector<Found>& sifted, Page& page);

  const IndexView& view_;
  const Vocabulary& vocabulary_;
  const Query& query_;
  const Wanted wanted_;
  const UnixTime now_;
  const FactsSource& facts_;
  const Ranker ranker_;
  Xapian::Query plan_;
  size_t estimated_total_ = 0;
  Xapian::Enquire enquire_;
};

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_SEARCH_SEARCH_RUN_H_
