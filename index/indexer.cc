// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// From ledger to search index.

#include "index/indexer.h"

#include <filesystem>

namespace commresolve::index {
namespace {

// Research on Xapian 1.4 puts the cheapest flush at about this many documents.
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

}  // namespace

Status CatchUpIndex(Store& store, const IndexerOptions& options) {
  COMMRESOLVE_ASSIGN(number, store.SearchNumber());
  if (number == 0) return RebuildIndex(store, options);
  COMMRESOLVE_ASSIGN(total, store.ledger().ChangedCount());
  if (total == 0) return {};
  COMMRESOLVE_ASSIGN(writer, store.OpenSearchWriter());
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
  COMMRESOLVE_ASSIGN(counts, store.ledger().Counts());
  COMMRESOLVE_ASSIGN(writer, SearchWriter::Open(store.SearchPath(number)));
  uint64_t done = 0;
  Status failure;
  const auto put = [&](const Listing& listing) {
    failure = writer->Put(listing);
    ++done;
    if (failure.ok() && done % kListingsPerCommit == 0) {
      failure = writer->Commit();
      if (options.progress) options.progress(done, std::max(done, counts.listings));
    }
    if (failure.ok() && Stopped(options)) failure = Interrupted();
    return failure.ok();
  };
  COMMRESOLVE_TRY(store.ledger().EachListing(put));
  COMMRESOLVE_TRY(failure);
  COMMRESOLVE_TRY(writer->Commit());
  writer.reset();
  COMMRESOLVE_TRY(store.SwitchSearchIndex(number));
  return store.ledger().ForgetChanged(before.up_to);
}

}  // namespace commresolve::index
