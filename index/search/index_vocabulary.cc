// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Terms by their beginning: words from their table, others from Xapian's list.

#include "index/search/index_vocabulary.h"

#include <algorithm>
#include <utility>

namespace commresolve::index {
namespace {

/// Terms looked at for one prefix. A shorter beginning than this covers is cut off, not slow.
constexpr size_t kMaxScannedTerms = 20'000;

std::vector<CountedWord> Scan(const Xapian::Database& database, const std::string& beginning) {
  std::vector<CountedWord> found;
  const auto end = database.allterms_end(beginning);
  for (auto at = database.allterms_begin(beginning); at != end && found.size() < kMaxScannedTerms;
       ++at) {
    found.push_back({*at, at.get_termfreq()});
  }
  std::ranges::sort(found, MoreFrequent);
  found.resize(std::min(found.size(), kMaxExpansions));
  return found;
}

}  // namespace

std::vector<std::string> IndexVocabulary::Expand(const std::string& beginning) const {
  std::vector<CountedWord> found = beginning.starts_with('X')
                                       ? Scan(view_.database(), beginning)
                                       : words_.Complete(view_, beginning, kMaxExpansions);
  std::vector<std::string> terms;
  terms.reserve(found.size());
  for (CountedWord& word : found) terms.push_back(std::move(word.text));
  return terms;
}

}  // namespace commresolve::index
