// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The second phase: judges one hit by the text of its listing and its facts.

#ifndef COMMRESOLVE_INDEX_SEARCH_RANK_H_
#define COMMRESOLVE_INDEX_SEARCH_RANK_H_

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "index/ledger/listing.h"
#include "index/search/listing_view.h"
#include "index/search/may_hold.h"
#include "index/search/plan.h"
#include "index/search/query.h"
#include "index/search/search_index.h"

namespace commresolve::index {

/// DNS names of a listing with `fields`.
template <class Fields>
size_t CountNames(const Fields& fields) {
  return static_cast<size_t>(std::ranges::count_if(
      fields, [](const FieldView& field) { return field.field == Field::kDnsName; }));
}
/// 3 for at most 4 names, 2 up to 16, 1 up to 64, else 0.
int FewNames(size_t names);

/// Judges the hits of one query. Used by one thread.
class Ranker {
 public:
  /// `query` lives longer.
  Ranker(const Query& query, UnixTime now);
  Ranker(const Ranker&) = delete;
  Ranker& operator=(const Ranker&) = delete;

  /// What a hit is worth before its text is looked at, from the first phase's score and its facts.
  [[nodiscard]] double Sift(const std::optional<ListingFacts>& facts, double text_score) const;

  /// `text_score` is the first phase's.
  [[nodiscard]] Hit Judge(const ListingView& view, const std::optional<ListingFacts>& facts,
                          double text_score) const;

  /// All words of the query, for ListingView.
  [[nodiscard]] std::span<const SoughtWord> words() const { return words_; }

  /// What Judge() and CountWords() have to know of a listing. Borrows the ranker.
  [[nodiscard]] ListingView::Needs Needs() const;

  /// How many of the words that the query asks for `view` carries, and how many there are.
  struct Count {
    size_t carried = 0;
    size_t all = 0;
  };
  [[nodiscard]] Count CountWords(const ListingView& view) const;

  /// True if the listing's text has to be seen to know that it matches (quotes, -prefix*, san:).
  [[nodiscard]] bool needs_text() const { return needs_text_; }
  [[nodiscard]] bool TextMatches(const ListingView& view) const;

 private:
  /// True if no other text of its listing changes what Judge() and CountWords() say: it is a host
  /// name whose own words are those of the query. False says nothing.
  [[nodiscard]] bool Settles(const ListingView::Text& text) const;
  [[nodiscard]] bool HoldsSan(const ListingTexts& listing) const;
  [[nodiscard]] bool CarriesPlain(const ListingView& view, size_t at) const;
  [[nodiscard]] static bool CarriesPrefix(const ListingView& view, const QueryTerm& term);
  [[nodiscard]] bool MayBeOwnName(const ListingView::Text& text) const;
  /// 2 if the words are those of the host name `text`, 1 if they are once they are joined.
  [[nodiscard]] int OwnName(const ListingView::Text& text) const;
  [[nodiscard]] int CompareOwnWords(const HostText& host) const;
  [[nodiscard]] double BestShare(const ListingView& view) const;
  [[nodiscard]] std::vector<std::string> Matched(const ListingView& view) const;
  /// 2 if a host that was typed is one of its names, 1 if only a wildcard stands for it.
  [[nodiscard]] int HostMatch(const ListingView& view) const;

  const Query& query_;
  const UnixTime now_;
  std::vector<SoughtWord> words_;  // Of the query.
  std::vector<std::string> plain_;
  std::vector<SoughtWord> counted_;  // ListingView::Needs; empty if texts matter as a whole.
  std::vector<GluedRun> runs_;
  std::string joined_;       // The plain words without "www", joined.
  bool may_settle_ = false;  // No word asks for more than to stand in a name.
  bool names_only_ = false;  // No beginnings of words: only whole words can be a name.
  bool needs_text_ = false;
  mutable std::unordered_map<std::string, int> own_names_;  // Hits have many in common.
};

/// Best first: score, then the older listing. A strict order, so that pages do not overlap.
bool Better(const Hit& a, const Hit& b);

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_SEARCH_RANK_H_
