// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// WordTable: the words of a search index and how many listings carry each, for completion and
// spelling. Pure; works on the bytes of a file (docs/formats/search.md) or of memory alike.

#ifndef COMMRESOLVE_INDEX_SEARCH_WORD_TABLE_H_
#define COMMRESOLVE_INDEX_SEARCH_WORD_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/base/result.h"

namespace commresolve::index {

/// Words looked at; what comes after them in byte order is left out.
inline constexpr size_t kMaxTableWords = 4'000'000;
/// Of these lengths are words that may be misspelt: shorter ones are too close to each other,
/// longer ones are no words.
inline constexpr size_t kMinSpellingCharacters = 4;
inline constexpr size_t kMaxSpellingCharacters = 40;

struct CountedWord {
  std::string text;
  uint32_t listings = 0;  ///< That carry it.
  bool operator==(const CountedWord&) const = default;
};

/// True if `a` comes before `b`: of more listings, or the first in byte order.
inline bool MoreFrequent(const CountedWord& a, const CountedWord& b) {
  return a.listings != b.listings ? a.listings > b.listings : a.text < b.text;
}

/// The bytes of a table of `words`, which are distinct and sorted bytewise. They do not depend on
/// the machine.
std::string BuildWordTable(const std::vector<CountedWord>& words);

class WordTable {
 public:
  /// No words.
  WordTable() = default;
  /// Borrows `bytes`. kCorrupt unless their sizes are those of a table. What else is wrong in them
  /// makes answers poor, nothing worse.
  static Result<WordTable> Read(std::string_view bytes);

  [[nodiscard]] size_t size() const { return count_; }

  /// Words that begin with `beginning`, the most frequent first, at most `limit`; of equal ones the
  /// first in byte order.
  [[nodiscard]] std::vector<CountedWord> Complete(std::string_view beginning, size_t limit) const;

  /// The most frequent word that differs from `word` by one character added, left out or replaced,
  /// or by two neighbours swapped; of equal ones the first in byte order. Empty if there is none.
  /// Only words of a spelling length with a letter in them are suggested, and one that
  /// has a digit only if several listings carry it.
  [[nodiscard]] std::optional<CountedWord> Suggest(std::string_view word) const;

 private:
  [[nodiscard]] uint32_t Number(size_t at) const;
  [[nodiscard]] std::string_view Word(size_t number) const;
  [[nodiscard]] uint32_t Listings(size_t number) const { return Number(listings_at_ + 4 * number); }
  [[nodiscard]] size_t FirstFrom(std::string_view word) const;
  /// The number behind the last word that begins so.
  [[nodiscard]] size_t EndOf(std::string_view beginning) const;

  std::string_view bytes_;
  size_t count_ = 0;
  size_t listings_at_ = 0;
  size_t buckets_at_ = 0;
  size_t entries_at_ = 0;
  size_t text_at_ = 0;
  size_t bucket_bits_ = 0;
  size_t entry_count_ = 0;
};

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_SEARCH_WORD_TABLE_H_
