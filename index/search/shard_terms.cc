// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Distinct terms without a set: nearly every listing has a few dozen.

#include "index/search/shard_terms.h"

#include <algorithm>
#include <functional>
#include <string>

namespace commresolve::index {

void ShardTerms::Begin() {
  stored_.clear();
  hashes_.clear();
  keys_.clear();
  words_ = flags_ = 0;
}

void ShardTerms::Add(TermKind kind, std::string_view text) {
  if (text.empty() || words_ + keys_.size() + flags_ >= kMaxTerms) return;
  if (kind == TermKind::kFlag) {
    ++flags_;
  } else if (kind != TermKind::kWord) {
    std::string term = TermOf(kind, text);
    const ExactKey key = ExactKeyOf(term);
    if (std::ranges::find(keys_, key) != keys_.end()) return;
    keys_.push_back(key);
    if (!IsExpanded(term) || !expanded_.insert(key).second) return;
    hashes_.push_back(std::hash<std::string_view>()(term));
    stored_.push_back({std::move(term), false});
  } else if (text.size() <= kMaxTermBytes) {
    AddWord(text);
  } else {
    AddWord(TermOf(kind, text));
  }
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
