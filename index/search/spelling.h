// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Spelling: which known word is one slip away from an unknown one. Pure; in memory.

#ifndef COMMRESOLVE_INDEX_SEARCH_SPELLING_H_
#define COMMRESOLVE_INDEX_SEARCH_SPELLING_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace commresolve::index {

/// Words looked at; what comes after is never suggested (about 100 bytes of memory each).
inline constexpr size_t kMaxSpellingWords = 1'000'000;
/// Shorter words are too close to each other, longer ones are no words.
inline constexpr size_t kMinSpellingCharacters = 4;
inline constexpr size_t kMaxSpellingCharacters = 40;

/// Every word stands under its own hash and under those of the texts it becomes when one character
/// is left out. Two words that are one slip apart meet under one of these.
class SpellingIndex {
 public:
  /// Adds a word with the number of listings that carry it. Words that are too short, too long or
  /// without a letter are passed over.
  void Add(std::string_view word, size_t frequency);
  /// Ends adding.
  void Finish();

  /// The most frequent word that differs from `word` by one character added, left out or replaced,
  /// or by two neighbours swapped; of equal ones the first in byte order. Empty if there is none.
  [[nodiscard]] std::optional<std::string> Suggest(std::string_view word) const;

  [[nodiscard]] size_t size() const { return words_.size(); }

 private:
  struct Word {
    std::string text;
    size_t frequency = 0;
  };
  std::vector<Word> words_;
  std::vector<std::pair<uint32_t, uint32_t>> entries_;  // (hash, number of the word), sorted.
};

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_SEARCH_SPELLING_H_
