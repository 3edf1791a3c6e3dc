// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Correction: a query whose unknown words are replaced by known ones.

#ifndef COMMRESOLVE_INDEX_SEARCH_CORRECTION_H_
#define COMMRESOLVE_INDEX_SEARCH_CORRECTION_H_

#include <optional>

#include "index/search/plan.h"
#include "index/search/query.h"
#include "index/search/spelling.h"

namespace commresolve::index {

/// True if some word of `query` is carried by no listing and might be misspelt.
bool HasUnknownWord(const Query& query, const Vocabulary& vocabulary);

/// `query` with each unknown word, together with its neighbours if they are one word when joined,
/// replaced by the one that `spelling` suggests, or by two known words that make it up. Empty if
/// there is no such word.
std::optional<Query> Correct(const Query& query, const Vocabulary& vocabulary,
                             const SpellingIndex& spelling);

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_SEARCH_CORRECTION_H_
