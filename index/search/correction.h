// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Correction: a query whose unknown words are replaced by known ones.

#ifndef COMMRESOLVE_INDEX_SEARCH_CORRECTION_H_
#define COMMRESOLVE_INDEX_SEARCH_CORRECTION_H_

#include <functional>
#include <optional>
#include <string>

#include "index/search/plan.h"
#include "index/search/query.h"

namespace commresolve::index {

/// The known word that a misspelt one stands for (WordTable::Suggest); empty if there is none.
using Suggest = std::function<std::optional<std::string>(const std::string& word)>;

/// True if some word of `query` is carried by no listing and might be misspelt.
bool HasUnknownWord(const Query& query, const Vocabulary& vocabulary);

/// `query` with each unknown word, together with its neighbours if they are one word when joined,
/// replaced by the one that `suggest` gives, or by two known words that make it up. Empty if
/// there is no such word.
std::optional<Query> Correct(const Query& query, const Vocabulary& vocabulary,
                             const Suggest& suggest);

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_SEARCH_CORRECTION_H_
