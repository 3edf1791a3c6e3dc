// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// ShardTerms: what a sealed shard keeps of the terms of its listings.

#ifndef COMMRESOLVE_INDEX_SEARCH_SHARD_TERMS_H_
#define COMMRESOLVE_INDEX_SEARCH_SHARD_TERMS_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "index/search/exact_table.h"
#include "index/search/terms.h"

namespace commresolve::index {

/// Takes one listing after another. What it keeps of each are the terms that TermsOf() gives: with
/// their text those that Xapian holds, else their keys. Used by one thread.
class ShardTerms final : public TermSink {
 public:
  /// Goes on to the next listing.
  void Begin();
  void Add(TermKind kind, std::string_view text) override;
  void AddIssuer(const std::string& issuer) override;

  /// Words, and of the terms that IsExpanded() those that no listing had before.
  [[nodiscard]] const std::vector<Term>& stored() const { return stored_; }
  /// Of exact terms but those of kFlag.
  [[nodiscard]] const std::vector<ExactKey>& keys() const { return keys_; }

 private:
  struct Exact {
    ExactKey key = 0;
    std::string term;
  };
  static Exact ExactOf(TermKind kind, std::string_view text);
  [[nodiscard]] bool full() const { return words_ + keys_.size() + flags_ >= kMaxTerms; }
  void AddExact(const Exact& exact);
  void AddWord(std::string_view word);

  std::vector<Term> stored_;
  std::vector<size_t> hashes_;  // Of the texts in stored_.
  std::vector<ExactKey> keys_;
  size_t words_ = 0;
  size_t flags_ = 0;
  std::unordered_set<ExactKey> expanded_;  // Of all listings.
  // What was made of an issuer: very many listings have few.
  std::unordered_map<std::string, std::vector<Exact>> issuers_;
};

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_SEARCH_SHARD_TERMS_H_
