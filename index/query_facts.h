// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The ledger as the search index asks it while it runs a query.

#ifndef COMMRESOLVE_INDEX_QUERY_FACTS_H_
#define COMMRESOLVE_INDEX_QUERY_FACTS_H_

#include "index/ledger/ledger.h"
#include "index/search/search_index.h"

namespace commresolve::index {

/// Borrows `ledger`. Made for one search and dropped after it: all that it tells is of one moment
/// (Ledger::Snapshot).
FactsSource FactsFrom(const Ledger& ledger);

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_QUERY_FACTS_H_
