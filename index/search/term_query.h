// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Terms as parts of a Xapian query.

#ifndef COMMRESOLVE_INDEX_SEARCH_TERM_QUERY_H_
#define COMMRESOLVE_INDEX_SEARCH_TERM_QUERY_H_

#include <xapian.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "index/search/plan.h"
#include "index/search/query.h"
#include "index/search/terms.h"

namespace commresolve::index {

/// For its operators: the name Query is taken by the parsed query.
using Op = Xapian::Query;
using Queries = std::vector<Xapian::Query>;

/// Nothing if there are no `queries`.
Xapian::Query Combine(Op::op op, const Queries& queries);

/// What a term that so many listings carry weighs in the first phase.
double WeightOf(size_t frequency, const Vocabulary& vocabulary);

/// Listings with a word.
Xapian::Query WordQuery(std::string_view word);
/// Listings with an exact term, which only filters.
Xapian::Query FilterQuery(TermKind kind, std::string_view text, const Vocabulary& vocabulary);
/// Listings with an exact term, by its weight times `scale`; nothing if there are none.
Xapian::Query ExactTerm(TermKind kind, std::string_view text, double scale,
                        const Vocabulary& vocabulary);

/// What stands for a word, each alone: the word, as a public suffix, in pieces. None that no
/// listing carries. `looks`: see Vocabulary::Word().
Queries WordAlternatives(const std::string& word, size_t looks, const Vocabulary& vocabulary);

/// All words of a term that stands for itself: quoted, a prefix, excluded, or of one field. Empty
/// if they say nothing.
Xapian::Query WholeTerm(const QueryTerm& term, TermKind kind, const Vocabulary& vocabulary);

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_SEARCH_TERM_QUERY_H_
