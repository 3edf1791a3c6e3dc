// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Terms by their beginning: words from their table, others from Xapian's list.

#include "index/search/index_vocabulary.h"

#include <utility>

#include "index/search/term_query.h"

namespace commresolve::index {

Xapian::Query IndexVocabulary::Word(const std::string& term, size_t looks) const {
  // Making a bit of each of so many listings takes a few times as long as one look; the bits stay.
  constexpr size_t kListingsPerLook = 2'048;
  const size_t frequency = Frequency(term);
  if (looks == 0 || frequency <= kHotListings) return Xapian::Query(term);
  const bool worth = looks >= frequency / kListingsPerLook;
  if (!worth && !view_.word_bits()->Keeps(term)) return Xapian::Query(term);
  return WordBitsQuery(view_.word_bits(), view_.exact(), term, WeightOf(frequency, *this));
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
