// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Indexer: brings the search index up to what the ledger holds.

#ifndef COMMRESOLVE_INDEX_INDEXER_H_
#define COMMRESOLVE_INDEX_INDEXER_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>

#include "index/store.h"

namespace commresolve::index {

/// Both functions need the writer lock of `store`. `stop` and `progress` may be null or empty;
/// stopping gives kInterrupted and loses nothing: the rest is done next time.
struct IndexerOptions {
  const std::atomic<bool>* stop = nullptr;
  /// Listings; called by one thread at a time.
  std::function<void(uint64_t done, uint64_t total)> progress;
  /// New listings are sealed when there would be so many outside the sealed shards. At least 1.
  ListingId max_live = 20'000;
};

/// Applies the ledger's queue of changed listings. Builds the index anew if there is none of this
/// version. After a crash at any point the next call carries on.
Status CatchUpIndex(Store& store, const IndexerOptions& options);

/// Builds a new index beside the old one and switches to it; readers use the old one meanwhile.
Status RebuildIndex(Store& store, const IndexerOptions& options);

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_INDEXER_H_
