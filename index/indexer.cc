// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// From ledger to search index.

#include "index/indexer.h"

#include <algorithm>
#include <filesystem>

#include "index/sealer.h"

namespace commresolve::index {
namespace {

constexpr size_t kListingsPerCommit = 10'000;

bool Stopped(const IndexerOptions& options) {
  return options.stop != nullptr && options.stop->load(std::memory_order_relaxed);
}

Error Interrupted() { return {Code::kInterrupted, "stopped; the index catches up next time"}; }

Status PutAll(Store& store, SearchWriter& writer, const std::vector<ListingId>& listings) {
  for (const ListingId id : listings) {
    COMMRESOLVE_ASSIGN(listing, store.ledger().GetListing(id));
    if (listing) COMMRESOLVE_TRY(writer.Put(*listing));
  }
  return writer.Commit();
}

/// Above this share of the sealed listings, those that have changed are worth a new index.
constexpr ListingId kSealedPerOutdated = 4;

/// Seals all new listings and writes down what has changed of the sealed ones.
Status Seal(Store& store, std::unique_ptr<SearchWriter> writer, const IndexerOptions& options) {
  COMMRESOLVE_ASSIGN(last, store.ledger().LastListing());
  const ListingId sealed = writer->SealedUpTo();
  // What is queued now and sealed next needs no writing; what is queued later does.
  COMMRESOLVE_ASSIGN(before, store.ledger().ChangedListings(SIZE_MAX));
  std::erase_if(before.listings, [sealed](ListingId id) { return id > sealed; });
  COMMRESOLVE_ASSIGN(outdated, writer->CountOutdated());
  if (outdated + before.listings.size() > std::max(options.max_live, sealed / kSealedPerOutdated)) {
    writer.reset();
    return RebuildIndex(store, options);
  }
  if (last > sealed) COMMRESOLVE_TRY(SealListings(store, *writer, {sealed + 1, last}, options));
  COMMRESOLVE_TRY(PutAll(store, *writer, before.listings));
  return store.ledger().ForgetChanged(before.up_to);
}

}  // namespace

Status CatchUpIndex(Store& store, const IndexerOptions& options) {
  COMMRESOLVE_ASSIGN(number, store.SearchNumber());
  if (number == 0) return RebuildIndex(store, options);
  COMMRESOLVE_ASSIGN(total, store.ledger().ChangedCount());
  if (total == 0) return {};
  COMMRESOLVE_ASSIGN(writer, store.OpenSearchWriter());
  COMMRESOLVE_ASSIGN(last, store.ledger().LastListing());
  if (last - writer->SealedUpTo() >= options.max_live || total >= options.max_live) {
    COMMRESOLVE_TRY(Seal(store, std::move(writer), options));
    COMMRESOLVE_ASSIGN(newest, store.OpenSearchWriter());
    writer = std::move(newest);
  }
  uint64_t done = 0;
  while (true) {
    COMMRESOLVE_ASSIGN(changed, store.ledger().ChangedListings(kListingsPerCommit));
    if (changed.listings.empty()) return {};
    if (Stopped(options)) return Interrupted();
    COMMRESOLVE_TRY(PutAll(store, *writer, changed.listings));
    COMMRESOLVE_TRY(store.ledger().ForgetChanged(changed.up_to));
    done += changed.listings.size();
    if (options.progress) options.progress(done, std::max(done, total));
  }
}

Status RebuildIndex(Store& store, const IndexerOptions& options) {
  COMMRESOLVE_TRY(MakePrivateFolder(store.folder() + "/search"));
  COMMRESOLVE_ASSIGN(current, store.SearchNumber());
  const uint64_t number = current + 1;
  std::error_code ignored;
  std::filesystem::remove_all(store.SearchPath(number), ignored);  // Left by a crash.
  // What changes while this runs stays in the queue, and is applied by the next catch-up.
  COMMRESOLVE_ASSIGN(before, store.ledger().ChangedListings(SIZE_MAX));
  COMMRESOLVE_ASSIGN(last, store.ledger().LastListing());
  COMMRESOLVE_ASSIGN(writer, SearchWriter::Open(store.SearchPath(number)));
  if (last > 0) COMMRESOLVE_TRY(SealListings(store, *writer, {1, last}, options));
  writer.reset();
  COMMRESOLVE_TRY(store.SwitchSearchIndex(number));
  return store.ledger().ForgetChanged(before.up_to);
}

}  // namespace commresolve::index
