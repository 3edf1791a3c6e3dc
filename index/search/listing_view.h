// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// ListingView: a listing cut into words, as the second ranking phase and quoted words need it.

#ifndef COMMRESOLVE_INDEX_SEARCH_LISTING_VIEW_H_
#define COMMRESOLVE_INDEX_SEARCH_LISTING_VIEW_H_

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "index/ledger/listing.h"
#include "index/search/query.h"
#include "index/search/text.h"

namespace commresolve::index {

/// Host names of a listing that the order of hits depends on, of those that may matter at all.
inline constexpr size_t kMaxJudgedHosts = 64;

/// A listing cut into words, as far as a query asks for them. Borrows the listing.
class ListingView {
 public:
  /// Leaves out host names that hold none of `words`, and those after the first `max_hosts`: most
  /// names of a listing with very many have nothing to do with what was asked.
  ListingView(const Listing& listing, const std::vector<std::string>& words, size_t max_hosts);
  ListingView(const ListingView&) = delete;
  ListingView& operator=(const ListingView&) = delete;

  struct Text {
    Field field = Field::kCommonName;
    std::vector<std::string> words = {};  ///< In order, without diacritics.
    std::string host = {};                ///< The host name that it is, in normal form; or empty.
  };
  [[nodiscard]] const std::vector<Text>& texts() const { return texts_; }
  [[nodiscard]] const Listing& listing() const { return *listing_; }
  /// True if `word` is one of its words, a label joined, or, in Chinese, Japanese and Korean, a
  /// part of a text.
  [[nodiscard]] bool Carries(const std::string& word) const;
  [[nodiscard]] bool CarriesBeginning(const std::string& beginning) const;
  /// True if the words of `term` stand side by side in one text: of `field` if given, else of any
  /// but the issuers.
  [[nodiscard]] bool CarriesPhrase(const QueryTerm& term, std::optional<Field> field) const;

 private:
  void AddHost(const std::string& host);
  void CollectWords();

  const Listing* listing_;
  std::vector<Text> texts_;
  std::vector<Text> issuers_;
  std::deque<std::string> joined_;       // Words that stand apart in the texts.
  std::vector<std::string_view> words_;  // Into texts_ and joined_.
};

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_SEARCH_LISTING_VIEW_H_
