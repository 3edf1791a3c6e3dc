// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Correction of unknown words.

#include "index/search/correction.h"

#include <algorithm>

#include "index/search/terms.h"
#include "index/search/text.h"

namespace commresolve::index {
namespace {

constexpr size_t kMinPieceCharacters = 3;

size_t WordFrequency(const std::string& word, const Vocabulary& vocabulary) {
  return vocabulary.Frequency(TermOf(TermKind::kWord, word));
}

bool IsKnown(const std::string& word, const Vocabulary& vocabulary) {
  return WordFrequency(word, vocabulary) > 0 ||
         vocabulary.Frequency(TermOf(TermKind::kSuffix, word)) > 0;
}

/// Words that must be known for the query to find something: no exclusions, no beginnings, and
/// none that a known joined run covers.
std::vector<std::string> UnknownWords(const Query& query, const Vocabulary& vocabulary) {
  const std::vector<std::string> plain = PlainWords(query);
  std::vector<bool> covered(plain.size(), false);
  for (const GluedRun& run : GluedRuns(plain)) {
    if (WordFrequency(run.text, vocabulary) == 0) continue;
    for (size_t at = run.begin; at < run.end; ++at) covered[at] = true;
  }
  std::vector<std::string> unknown;
  for (size_t at = 0; at < plain.size(); ++at) {
    if (!covered[at] && !IsCjk(plain[at]) && !IsKnown(plain[at], vocabulary)) {
      unknown.push_back(plain[at]);
    }
  }
  return unknown;
}

/// Two known words that make up `word`; the pair whose rarer word is most frequent.
std::optional<std::string> Split(const std::string& word, const Vocabulary& vocabulary) {
  std::optional<std::string> best;
  size_t best_frequency = 0;
  for (size_t at = 1; at < word.size(); ++at) {
    if ((word[at] & 0xC0) == 0x80) continue;
    const std::string left = word.substr(0, at);
    const std::string right = word.substr(at);
    if (CountCharacters(left) < kMinPieceCharacters ||
        CountCharacters(right) < kMinPieceCharacters) {
      continue;
    }
    const size_t frequency =
        std::min(WordFrequency(left, vocabulary), WordFrequency(right, vocabulary));
    if (frequency > best_frequency) {
      best_frequency = frequency;
      best = Join({left, right}, " ");
    }
  }
  return best;
}

std::optional<std::string> Replacement(const std::string& word, const Vocabulary& vocabulary,
                                       const SpellingIndex& spelling) {
  std::optional<std::string> suggestion = spelling.Suggest(word);
  if (suggestion && IsKnown(*suggestion, vocabulary)) return suggestion;
  return Split(word, vocabulary);
}

}  // namespace

bool HasUnknownWord(const Query& query, const Vocabulary& vocabulary) {
  return !UnknownWords(query, vocabulary).empty();
}

std::optional<Query> Correct(const Query& query, const Vocabulary& vocabulary,
                             const SpellingIndex& spelling) {
  const std::vector<std::string> unknown = UnknownWords(query, vocabulary);
  Query corrected = query;
  bool changed = false;
  for (QueryTerm& term : corrected.terms) {
    if (term.excluded || term.prefix || term.quoted) continue;
    bool term_changed = false;
    for (std::string& word : term.words) {
      if (std::find(unknown.begin(), unknown.end(), word) == unknown.end()) continue;
      std::optional<std::string> better = Replacement(word, vocabulary, spelling);
      if (!better) continue;
      word = std::move(*better);
      term_changed = true;
    }
    if (!term_changed) continue;
    term.text = Join(term.words, term.host.empty() ? " " : ".");
    changed = true;
  }
  if (!changed) return {};
  // Read again, so that the query is what its text says: a word may have become two.
  Result<Query> read = ParseQuery(FormatQuery(corrected));
  if (!read.ok()) return {};
  return std::move(read).value();
}

}  // namespace commresolve::index
