// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Coverage: by which evidence do a certificate's keywords carry the words a person typed?

#ifndef COMMRESOLVE_RESOLVER_TRUST_COVERAGE_H_
#define COMMRESOLVE_RESOLVER_TRUST_COVERAGE_H_

#include <string>
#include <string_view>
#include <vector>

#include "resolver/candidate.h"
#include "resolver/keyword/fold.h"

namespace commresolve {

/// How `keywords` cover `words`.
struct Coverage {
  bool all = false;       ///< Every word stands there, in any class.
  bool decisive = false;  ///< Every word in C1, C2, C3 or C5, and at least one in C1 or C5.
  std::vector<std::string> self_claimed;  ///< Words that only self-asserted text covers.
};

/// A C1 label counts for a word that equals it whole, and for all words at once if they make it up,
/// each word once, joined in any order with or without one hyphen between two ("debian bugs" and
/// the label "debian-bugs"). Pure; time is bounded by the number of keywords.
Coverage Cover(const KeywordSet& words, const std::vector<Keyword>& keywords);

/// True if a registrable label (folded) decides for `words`: it is one of them, or they make it up.
bool IsDecidingLabel(const KeywordSet& words, std::string_view label);

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_TRUST_COVERAGE_H_
