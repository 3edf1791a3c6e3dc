// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Correction of unknown words.

#include "index/search/correction.h"

#include <algorithm>
#include <utility>

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
                                       const Suggest& suggest) {
  std::optional<std::string> suggestion = suggest(word);
  if (suggestion && IsKnown(*suggestion, vocabulary)) return suggestion;
  return Split(word, vocabulary);
}

bool IsOnePlainWord(const QueryTerm& term) {
  return !term.excluded && !term.prefix && !term.quoted && term.host.empty() &&
         term.words.size() == 1;
}

/// The length of the longest run of terms from `begin` that, joined, are one slip away from a known
/// word, with that word; only runs with one of `unknown` in them. 0 if there is none.
std::pair<size_t, std::string> JoinedReplacement(const std::vector<QueryTerm>& terms, size_t begin,
                                                 const std::vector<std::string>& unknown,
                                                 const Vocabulary& vocabulary,
                                                 const Suggest& suggest) {
  std::pair<size_t, std::string> best;
  std::string joined;
  bool any_unknown = false;
  for (size_t count = 1; count <= kMaxGlueRun && begin + count <= terms.size(); ++count) {
    const QueryTerm& term = terms[begin + count - 1];
    if (!IsOnePlainWord(term)) break;
    joined += term.words[0];
    any_unknown =
        any_unknown || std::find(unknown.begin(), unknown.end(), term.words[0]) != unknown.end();
    if (count < 2 || !any_unknown) continue;
    std::optional<std::string> word = suggest(joined);
    if (word && IsKnown(*word, vocabulary)) best = {count, *std::move(word)};
  }
  return best;
}

/// "gren valley" where only "greenvalley" is known: no word alone could be put right.
bool CorrectJoined(const std::vector<std::string>& unknown, const Vocabulary& vocabulary,
                   const Suggest& suggest, std::vector<QueryTerm>& terms) {
  bool changed = false;
  for (size_t at = 0; at < terms.size(); ++at) {
    auto [count, word] = JoinedReplacement(terms, at, unknown, vocabulary, suggest);
    if (count == 0) continue;
    terms[at].text = word;
    terms[at].words = {std::move(word)};
    terms.erase(terms.begin() + static_cast<ptrdiff_t>(at) + 1,
                terms.begin() + static_cast<ptrdiff_t>(at + count));
    changed = true;
  }
  return changed;
}

}  // namespace

bool HasUnknownWord(const Query& query, const Vocabulary& vocabulary) {
  return !UnknownWords(query, vocabulary).empty();
}

std::optional<Query> Correct(const Query& query, const Vocabulary& vocabulary,
                             const Suggest& suggest) {
  const std::vector<std::string> unknown = UnknownWords(query, vocabulary);
  Query corrected = query;
  bool changed = CorrectJoined(unknown, vocabulary, suggest, corrected.terms);
  for (QueryTerm& term : corrected.terms) {
    if (term.excluded || term.prefix || term.quoted) continue;
    bool term_changed = false;
    for (std::string& word : term.words) {
      if (std::find(unknown.begin(), unknown.end(), word) == unknown.end()) continue;
      std::optional<std::string> better = Replacement(word, vocabulary, suggest);
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
