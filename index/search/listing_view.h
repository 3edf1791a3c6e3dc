// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// ListingView: a listing cut into words, as the second ranking phase and quoted words need it.

#ifndef COMMRESOLVE_INDEX_SEARCH_LISTING_VIEW_H_
#define COMMRESOLVE_INDEX_SEARCH_LISTING_VIEW_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "index/ledger/listing.h"
#include "index/search/may_hold.h"
#include "index/search/query.h"
#include "index/search/text.h"

namespace commresolve::index {

/// Host names of a listing that the order of hits depends on, of those that may matter at all.
inline constexpr size_t kMaxJudgedHosts = 64;

/// A listing cut into words, as far as a query asks for them. Borrows its texts.
class ListingView {
 public:
  struct Text {
    Field field = Field::kCommonName;
    std::vector<std::string> words = {};  ///< In order, without diacritics.
    std::string host = {};                ///< The host name that it is, in normal form; or empty.
  };
  /// True if nothing beside this text has to be known.
  using Settles = std::function<bool(const Text&)>;

  /// What may be left out because the caller need not know it.
  struct Needs {
    size_t max_hosts = 0;  ///< Host names after the first so many.
    Settles settles = {};  ///< If given: everything after a text that it is true for.
    /// If any, at most kMaxCounted: texts that hold none of these, and host names that may hold
    /// some but not all ("www" aside) and none that an earlier text does not hold. They add nothing
    /// to which of these words the listing carries, and to how many of them stand together.
    std::span<const SoughtWord> counted = {};
  };
  static constexpr size_t kMaxCounted = 64;

  /// Leaves out host names that hold none of `words`, too: most names of a listing with very many
  /// have nothing to do with what was asked.
  ListingView(const ListingTexts& listing, std::span<const SoughtWord> words, const Needs& needs);
  ListingView(const ListingView&) = delete;
  ListingView& operator=(const ListingView&) = delete;

  [[nodiscard]] const std::vector<Text>& texts() const { return texts_; }
  [[nodiscard]] const ListingTexts& listing() const { return *listing_; }
  /// True if the last text settled it.
  [[nodiscard]] bool settled() const { return settled_; }
  /// True if `word` is one of its words, a label joined, or, in Chinese, Japanese and Korean, a
  /// part of a text.
  [[nodiscard]] bool Carries(const std::string& word) const;
  [[nodiscard]] bool CarriesBeginning(const std::string& beginning) const;
  /// True if the words of `term` stand side by side in one text: of `field` if given, else of any
  /// but the issuers.
  [[nodiscard]] bool CarriesPhrase(const QueryTerm& term, std::optional<Field> field) const;

 private:
  void AddText(const FieldView& field, const MayHold& may_hold, std::span<const SoughtWord> words,
               const Needs& needs);
  void AddHost(std::string host);
  /// True if `held`, what a text may hold of the counted words, is for an earlier one to tell.
  [[nodiscard]] bool AddsNothing(uint64_t held, std::span<const SoughtWord> counted) const;

  const ListingTexts* listing_;
  std::vector<Text> texts_;
  std::vector<Text> issuers_;
  std::vector<uint64_t> held_;  // What the texts hold of the counted words, a bit for each.
  size_t hosts_left_;
  bool settled_ = false;
  std::vector<std::string> joined_;  // Labels whose words stand apart in the texts.
};

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_SEARCH_LISTING_VIEW_H_
