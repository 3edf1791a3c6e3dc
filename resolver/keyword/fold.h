// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Keyword normal form: the one way in which a word of a certificate and a typed word become equal.
//
// Text is normalised with Unicode NFKC_Casefold and cut into words by ICU's word breaks (UAX #29,
// with the dictionary for Chinese, Japanese, Thai and their like). A word is a run with at least
// one letter or digit. '-', '_', '.', '/', '@', ':', ',' and ';' always separate: what ICU thinks
// of ':' changes with its version, and words must not. The apostrophe stays inside "let's", and the
// curly one is taken for the straight one. Diacritics stay: "kümmert" and "kummert" are two
// keywords. (The search index forgives them; a binding must not.)
//
// Folding words again changes nothing: FoldWords of the words, joined by blanks, is the same words.

#ifndef COMMRESOLVE_RESOLVER_KEYWORD_FOLD_H_
#define COMMRESOLVE_RESOLVER_KEYWORD_FOLD_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/base/result.h"

namespace commresolve {

inline constexpr size_t kMaxKeywordBytes = 64;   ///< A longer word is cut at a character boundary.
inline constexpr size_t kMaxFoldInput = 10'240;  ///< Bytes of input looked at; the rest is ignored.
inline constexpr size_t kMaxTypedWords = 8;      ///< Words in one KeywordSet.

/// NFKC_Casefold of UTF-8 `text`. Invalid UTF-8 becomes U+FFFD. Safe for concurrent use.
std::string FoldCase(std::string_view text);

/// `text` with U+FFFD for what is not valid UTF-8. Safe for concurrent use.
std::string ValidUtf8(std::string_view text);

/// The words of `text` in order, folded, duplicates kept; all of them, joined by blanks, take at
/// most kMaxFoldInput bytes. Never fails; text without letters or digits has no words. Safe for
/// concurrent use.
std::vector<std::string> FoldWords(std::string_view text);

/// A non-empty set of folded words: what a person typed, whatever the order. Words are sorted and
/// distinct, so that equal meaning is equal text.
class KeywordSet {
 public:
  /// kInvalidArgument if no word is left, or more than kMaxTypedWords distinct ones are.
  static Result<KeywordSet> FromText(std::string_view text);
  /// From words already folded; kInvalidArgument likewise, or if FoldWords would change one.
  static Result<KeywordSet> FromWords(std::vector<std::string> words);

  [[nodiscard]] const std::vector<std::string>& words() const { return words_; }
  /// The words joined by one blank: "bugs debian". The canonical text that is stored and hashed.
  [[nodiscard]] std::string ToString() const;

  auto operator<=>(const KeywordSet&) const = default;

 private:
  explicit KeywordSet(std::vector<std::string> words) : words_(std::move(words)) {}
  std::vector<std::string> words_;
};

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_KEYWORD_FOLD_H_
