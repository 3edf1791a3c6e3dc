// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Search text: the keyword normal form without diacritics, and host names and listings cut into
// such words. Used alike for documents, queries and the second ranking phase.

#ifndef COMMRESOLVE_INDEX_SEARCH_TEXT_H_
#define COMMRESOLVE_INDEX_SEARCH_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "index/ledger/listing.h"

namespace commresolve::index {

/// `folded` (keyword/fold.h) without the combining marks U+0300 to U+036F: "kümmert" is "kummert".
std::string StripMarks(std::string_view folded);
/// The words of `text` in order: FoldWords, then StripMarks.
std::vector<std::string> SearchWords(std::string_view text);

/// Adds the same of one label of a host name in normal form, decoded if it is an A-label.
void AddLabelWords(std::string_view label, std::vector<std::string>& words);

/// The single characters and pairs of every run of Chinese, Japanese and Korean characters of
/// `folded`, so that part of a run finds it wherever the dictionary cuts words.
std::vector<std::string> CjkGrams(std::string_view folded);
/// True if `word` is not empty and consists of such characters alone.
bool IsCjk(std::string_view word);

/// Number of code points of valid UTF-8.
size_t CountCharacters(std::string_view text);
/// `words` one after another, with `separator` between them.
std::string Join(const std::vector<std::string>& words, std::string_view separator);

/// The letters in front of the digits that `word` ends with: "debian" of "debian12". Empty if it
/// has another shape or fewer than 3 letters.
std::string_view LetterRun(std::string_view word);

/// A DNS name cut at its labels. Words are folded, diacritics kept.
struct HostText {
  std::string name;                              ///< Normal form, as in the listing.
  std::vector<std::vector<std::string>> labels;  ///< Words of each label above the public suffix.
  size_t registrable = 0;                        ///< Number of the registrable label in `labels`.
  std::vector<std::string> suffix;               ///< Words of the public suffix.
  std::vector<std::string> parents;  ///< Names above it, down to the registrable domain.
};
/// `host` in normal form. Of a name that is itself a public suffix, all labels but the last are
/// labels too ("github.io" has the label "github"), and its last one counts as registrable.
HostText ReadHost(std::string_view host);

/// The words that make up the name: all labels but "www" and the public suffix, left to right,
/// without diacritics.
std::vector<std::string> OwnWords(const HostText& host);

/// The host name in `field`, in normal form: a DNS name, or a common name with a dot that is a
/// host name. Empty for any other text.
std::string HostOf(const FieldView& field);

/// `text` (an e-mail address, a URI, a name) with the A-labels in it decoded.
std::string DecodeNames(std::string_view text);

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_SEARCH_TEXT_H_
