// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// SealListings: many listings of the ledger into sealed shards, by several threads.

#ifndef COMMRESOLVE_INDEX_SEALER_H_
#define COMMRESOLVE_INDEX_SEALER_H_

#include "index/indexer.h"
#include "index/search/search_index.h"
#include "index/store.h"

namespace commresolve::index {

/// Makes every listing of `range` a document of `writer`'s sealed shards. `range` begins right
/// above writer.SealedUpTo(). Needs about 100 MB of memory for each processor. kInterrupted with
/// nothing changed, the store's error, or the writer's.
Status SealListings(Store& store, SearchWriter& writer, const Shard& range,
                    const IndexerOptions& options);

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_SEALER_H_
