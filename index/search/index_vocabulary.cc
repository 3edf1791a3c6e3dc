// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Terms by their beginning: words from their table, others from Xapian's list.

#include "index/search/index_vocabulary.h"

#include <utility>

#include "index/search/terms.h"

namespace commresolve::index {

size_t IndexVocabulary::Frequency(const std::string& term) const {
  const auto [at, asked] = frequencies_.try_emplace(term, 0);
  if (asked) {
    at->second = IsExact(term) ? view_.exact()->Frequency(term) + view_.live().get_termfreq(term)
                               : view_.database().get_termfreq(term);
  }
  return at->second;
}

std::vector<std::string> IndexVocabulary::Expand(const std::string& beginning) const {
  std::vector<CountedWord> found = beginning.starts_with('X')
                                       ? ScanTerms(view_.database(), beginning, kMaxExpansions)
                                       : words_.Complete(view_, beginning, kMaxExpansions);
  std::vector<std::string> terms;
  terms.reserve(found.size());
  for (CountedWord& word : found) terms.push_back(std::move(word.text));
  return terms;
}

}  // namespace commresolve::index
