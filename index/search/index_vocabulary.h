// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// IndexVocabulary: what a plan asks about an index. Throws what Xapian throws.

#ifndef COMMRESOLVE_INDEX_SEARCH_INDEX_VOCABULARY_H_
#define COMMRESOLVE_INDEX_SEARCH_INDEX_VOCABULARY_H_

#include <string>
#include <vector>

#include "index/search/index_view.h"
#include "index/search/plan.h"
#include "index/search/words.h"

namespace commresolve::index {

class IndexVocabulary final : public Vocabulary {
 public:
  /// Borrows both.
  IndexVocabulary(const IndexView& view, Words& words) : view_(view), words_(words) {}
  [[nodiscard]] size_t Frequency(const std::string& term) const override {
    return view_.Frequency(term).all();
  }
  [[nodiscard]] Xapian::Query Word(const std::string& term, size_t looks) const override;
  [[nodiscard]] Xapian::Query Exact(const std::string& term, double weight,
                                    Carrying carrying) const override {
    const bool live = view_.Frequency(term).live > 0;
    return ExactQuery(view_.exact(), term, weight, carrying, live);
  }
  [[nodiscard]] Xapian::Query Public(double weight) const override {
    return PublicQuery(view_.exact(), weight);
  }
  [[nodiscard]] size_t ListingCount() const override { return view_.database().get_doccount(); }
  [[nodiscard]] std::vector<std::string> Expand(const std::string& beginning) const override;

 private:
  const IndexView& view_;
  Words& words_;
};

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_SEARCH_INDEX_VOCABULARY_H_
