// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Distinct terms without a set: nearly every listing has a few dozen.

#include "index/search/shard_terms.h"

#include <algorithm>
#include <functional>
#include <string>

namespace commresolve::index {
namespace {

constexpr size_t kMostIssuers = 1'000;

}  // namespace

void ShardTerms::Begin() {
  stored_.clear();
  hashes_.clear();
  keys_.clear();
  words_ = flags_ = 0;
}

void ShardTerms::Add(TermKind kind, std::string_view text) {
  if (text.empty() || full()) return;
  if (kind == TermKind::kFlag) {
    ++flags_;
  } else if (kind != TermKind::kWord) {
    AddExact(ExactOf(kind, text));
  } else if (text.size() <= kMaxTermBytes) {
    AddWord(text);
  } else {
    AddWord(TermOf(kind, text));
  }
}

void ShardTerms::AddIssuer(const std::string& issuer) {
  if (issuers_.size() >= kMostIssuers) issuers_.clear();
  const auto [at, first] = issuers_.try_emplace(issuer);
  if (first) {
    for (const std::string& word : IssuerWords(issuer)) {
      at->second.push_back(ExactOf(TermKind::kIssuer, word));
    }
  }
  for (const Exact& exact : at->second) {
    if (!full()) AddExact(exact);
  }
}

ShardTerms::Exact ShardTerms::ExactOf(TermKind kind, std::string_view text) {
  std::string term = TermOf(kind, text);
  const ExactKey key = ExactKeyOf(term);
  return {key, std::move(term)};
}

void ShardTerms::AddExact(const Exact& exact) {
  if (std::ranges::find(keys_, exact.key) != keys_.end()) return;
  keys_.push_back(exact.key);
  if (!IsExpanded(exact.term) || !expanded_.insert(exact.key).second) return;
  hashes_.push_back(std::hash<std::string_view>()(exact.term));
  stored_.push_back({exact.term, false});
}

void ShardTerms::AddWord(std::string_view word) {
  if (words_ >= kMaxWordTerms) return;
  const size_t hash = std::hash<std::string_view>()(word);
  for (auto at = hashes_.begin(); (at = std::find(at, hashes_.end(), hash)) != hashes_.end();
       ++at) {
    if (stored_[static_cast<size_t>(at - hashes_.begin())].text == word) return;
  }
  ++words_;
  hashes_.push_back(hash);
  stored_.push_back({std::string(word), true});
}

}  // namespace commresolve::index
