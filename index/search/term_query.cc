// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Words and exact terms in Xapian's words.

#include "index/search/term_query.h"

#include <cmath>

#include "index/search/text.h"

namespace commresolve::index {
namespace {

/// Words that begin with `beginning`, as if they were one word.
Xapian::Query Expansion(TermKind kind, const std::string& beginning, const Vocabulary& vocabulary) {
  Queries words;
  for (const std::string& term : vocabulary.Expand(TermOf(kind, beginning))) {
    if (kind == TermKind::kWord) {
      words.emplace_back(term);
    } else {
      words.push_back(vocabulary.Exact(term, 0, Carrying::kAll));
    }
  }
  return Combine(kind == TermKind::kWord ? Op::OP_SYNONYM : Op::OP_OR, words);
}

}  // namespace

Xapian::Query Combine(Op::op op, const Queries& queries) {
  return Xapian::Query(op, queries.begin(), queries.end());
}

/// As BM25Weight(1, 0, 0, 0, 0.5) has it.
double WeightOf(size_t frequency, const Vocabulary& vocabulary) {
  const auto carriers = static_cast<double>(frequency);
  const double others = static_cast<double>(vocabulary.ListingCount()) - carriers;
  const double odds = (others + 0.5) / (carriers + 0.5);
  return std::log(odds < 2 ? odds / 2 + 1 : odds);
}

Xapian::Query WordQuery(std::string_view word) {
  return Xapian::Query(TermOf(TermKind::kWord, word));
}

Xapian::Query FilterQuery(TermKind kind, std::string_view text, const Vocabulary& vocabulary) {
  return vocabulary.Exact(TermOf(kind, text), 0, Carrying::kAll);
}

Xapian::Query ExactTerm(TermKind kind, std::string_view text, double scale,
                        const Vocabulary& vocabulary) {
  const std::string term = TermOf(kind, text);
  const size_t frequency = vocabulary.Frequency(term);
  if (frequency == 0) return Xapian::Query::MatchNothing;
  return vocabulary.Exact(term, scale * WeightOf(frequency, vocabulary), Carrying::kAll);
}

Queries WordAlternatives(const std::string& word, size_t looks, const Vocabulary& vocabulary) {
  Queries either{ExactTerm(TermKind::kSuffix, word, 1, vocabulary)};
  const std::string term = TermOf(TermKind::kWord, word);
  if (vocabulary.Frequency(term) > 0) either.push_back(vocabulary.Word(term, looks));
  if (IsCjk(word) && CountCharacters(word) > 1) {
    Queries grams;
    for (const std::string& gram : CjkGrams(word)) {
      if (CountCharacters(gram) == 2) grams.push_back(WordQuery(gram));
    }
    either.push_back(Combine(Op::OP_AND, grams));
  }
  return either;
}

Xapian::Query WholeTerm(const QueryTerm& term, TermKind kind, const Vocabulary& vocabulary) {
  Queries all;
  for (size_t i = 0; i < term.words.size(); ++i) {
    const bool last = i + 1 == term.words.size();
    if (term.prefix && last) {
      all.push_back(Expansion(kind, term.words[i], vocabulary));
    } else if (kind == TermKind::kWord) {
      all.push_back(Combine(Op::OP_OR, WordAlternatives(term.words[i], 0, vocabulary)));
    } else if (kind != TermKind::kIssuer || !IsIssuerFiller(term.words[i])) {
      all.push_back(FilterQuery(kind, term.words[i], vocabulary));
    }
  }
  return Combine(Op::OP_AND, all);
}

}  // namespace commresolve::index
