// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// From ledger to search index.

#include "index/indexer.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "index/sealer.h"

namespace commresolve::index {
namespace {

constexpr size_t kListingsPerCommit = 10'000;
constexpr const char* kMetaSealing = "search_sealing";

/// What the ledger remembers of the last sealing, from before its shard was listed. Once that is
/// listed, the queue up to `up_to` is done, but for listings that were sealed earlier.
struct Sealing {
  uint64_t number = 0;          // Of the index.
  ListingId sealed_before = 0;  // SealedUpTo() then.
  uint64_t up_to = 0;           // Of the queue, then.
};

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

Status Remember(Store& store, const Sealing& sealing) {
  std::ostringstream text;
  text << sealing.number << ' ' << sealing.sealed_before << ' ' << sealing.up_to;
  return store.ledger().SetMeta(kMetaSealing, text.str());
}

Result<Sealing> LastSealing(Store& store) {
  COMMRESOLVE_ASSIGN(text, store.ledger().GetMeta(kMetaSealing));
  Sealing sealing;
  std::istringstream(text) >> sealing.number >> sealing.sealed_before >> sealing.up_to;
  return sealing;
}

/// Seals the new listings, up to `last`. FinishSealing() has to follow.
Status BeginSealing(Store& store, SearchWriter& writer, const Sealing& sealing, ListingId last,
                    const IndexerOptions& options) {
  if (last <= sealing.sealed_before) return {};
  COMMRESOLVE_TRY(Remember(store, sealing));
  return SealListings(store, writer, {sealing.sealed_before + 1, last}, options);
}

/// Writes down what has changed of the listings that were sealed before, and forgets the queue.
Status FinishSealing(Store& store, SearchWriter& writer, const Sealing& sealing) {
  COMMRESOLVE_ASSIGN(before, store.ledger().ChangedListings(SIZE_MAX, sealing.up_to));
  if (before.up_to == 0) return {};
  std::erase_if(before.listings, [&sealing](ListingId id) { return id > sealing.sealed_before; });
  COMMRESOLVE_TRY(PutAll(store, writer, before.listings));
  return store.ledger().ForgetChanged(before.up_to);
}

/// Finishes what a crash has interrupted.
Status ResumeSealing(Store& store, SearchWriter& writer, uint64_t number) {
  COMMRESOLVE_ASSIGN(sealing, LastSealing(store));
  if (sealing.number != number || writer.SealedUpTo() <= sealing.sealed_before) return {};
  return FinishSealing(store, writer, sealing);
}

/// Above this share of the sealed listings, those that have changed are worth a new index.
constexpr ListingId kSealedPerOutdated = 4;

/// Seals all new listings and writes down what has changed of the sealed ones.
Status Seal(Store& store, uint64_t number, std::unique_ptr<SearchWriter> writer,
            const IndexerOptions& options) {
  // First the queue: none of it is above the last listing then.
  COMMRESOLVE_ASSIGN(queue, store.ledger().ChangedListings(SIZE_MAX));
  COMMRESOLVE_ASSIGN(last, store.ledger().LastListing());
  const ListingId sealed = writer->SealedUpTo();
  const auto changed = static_cast<uint64_t>(
      std::ranges::count_if(queue.listings, [sealed](ListingId id) { return id <= sealed; }));
  COMMRESOLVE_ASSIGN(outdated, writer->CountOutdated());
  if (outdated + changed > std::max(options.max_live, sealed / kSealedPerOutdated)) {
    writer.reset();
    return RebuildIndex(store, options);
  }
  const Sealing sealing{number, sealed, queue.up_to};
  COMMRESOLVE_TRY(BeginSealing(store, *writer, sealing, last, options));
  return FinishSealing(store, *writer, sealing);
}

}  // namespace

Status CatchUpIndex(Store& store, const IndexerOptions& options) {
  COMMRESOLVE_ASSIGN(number, store.SearchNumber());
  if (number == 0) return RebuildIndex(store, options);
  COMMRESOLVE_ASSIGN(total, store.ledger().ChangedCount());
  if (total == 0) return {};
  COMMRESOLVE_ASSIGN(writer, store.OpenSearchWriter());
  COMMRESOLVE_TRY(ResumeSealing(store, *writer, number));
  COMMRESOLVE_ASSIGN(waiting, store.ledger().ChangedCount());
  COMMRESOLVE_ASSIGN(last, store.ledger().LastListing());
  if (last - writer->SealedUpTo() >= options.max_live || waiting >= options.max_live) {
    COMMRESOLVE_TRY(Seal(store, number, std::move(writer), options));
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
  COMMRESOLVE_ASSIGN(queue, store.ledger().ChangedListings(SIZE_MAX));
  COMMRESOLVE_ASSIGN(last, store.ledger().LastListing());
  COMMRESOLVE_ASSIGN(writer, SearchWriter::Open(store.SearchPath(number)));
  const Sealing sealing{number, 0, queue.up_to};
  COMMRESOLVE_TRY(BeginSealing(store, *writer, sealing, last, options));
  COMMRESOLVE_TRY(store.SwitchSearchIndex(number));
  return FinishSealing(store, *writer, sealing);
}

}  // namespace commresolve::index
