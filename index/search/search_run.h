// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// SearchRun: one query over one state of the index, both phases. Throws what Xapian throws.

#ifndef COMMRESOLVE_INDEX_SEARCH_SEARCH_RUN_H_
#define COMMRESOLVE_INDEX_SEARCH_SEARCH_RUN_H_

#include <xapian.h>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "index/search/index_view.h"
#include "index/search/plan.h"
#include "index/search/query.h"
#include "index/search/rank.h"
#include "index/search/search_index.h"

namespace commresolve::index {

/// Hits of the first phase that the second one orders.
inline constexpr size_t kJudgedHits = 200;

/// The words of a Xapian database.
class DatabaseVocabulary final : public Vocabulary {
 public:
  explicit DatabaseVocabulary(const Xapian::Database& database) : database_(database) {}
  [[nodiscard]] size_t Frequency(const std::string& term) const override;
  [[nodiscard]] std::vector<std::string> Expand(const std::string& beginning) const override;

 private:
  const Xapian::Database& database_;
};

class SearchRun {
 public:
  /// Borrows everything.
  SearchRun(const IndexView& view, const Query& query, UnixTime now, const FactsSource& facts);

  struct Page {
    std::vector<Hit> hits;
    size_t estimated_total = 0;
  };
  Page Find(Wanted wanted, size_t offset, size_t limit);

 private:
  Xapian::MSet FirstPhase(size_t count, bool unexpired_only);
  /// The judged hits of `found`, in no order and each listing once, except those of `known`.
  std::vector<Hit> Judge(const Xapian::MSet& found, const std::vector<ListingId>& known);
  [[nodiscard]] std::optional<Xapian::Query> OnlyListed() const;
  void AppendUnjudged(size_t offset, size_t limit, const std::vector<Hit>& judged, Page& page);

  const IndexView& view_;
  const Query& query_;
  const UnixTime now_;
  const FactsSource& facts_;
  const Ranker ranker_;
  Xapian::Enquire enquire_;
};

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_SEARCH_SEARCH_RUN_H_
