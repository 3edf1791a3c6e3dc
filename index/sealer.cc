// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Each thread takes the next unit, reads its listings in order and builds a shard of them.

#include "index/sealer.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <thread>

namespace commresolve::index {
namespace {

/// Larger ones cost more for each listing: Xapian keeps what it has not written in a tree.
constexpr ListingId kListingsPerUnit = 20'000;
constexpr uint64_t kListingsPerReport = 1'000;
/// A builder needs memory, and beyond this the ledger is what they wait for.
constexpr size_t kMaxThreads = 8;

Shards UnitsOf(const Shard& range) {
  // As many units as may be merged at once.
  const ListingId size = range.last - range.first + 1;
  const ListingId unit = std::max(kListingsPerUnit, size / static_cast<ListingId>(kMaxShards) + 1);
  Shards units;
  for (ListingId first = range.first;; first += unit) {
    const bool end = range.last - first < unit;
    units.push_back({first, end ? range.last : first + unit - 1});
    if (end) return units;
  }
}

/// What the threads share.
class Progress {
 public:
  Progress(Shards units, const IndexerOptions& options)
      : units_(std::move(units)), options_(options) {
    for (const Shard& unit : units_) total_ += unit.last - unit.first + 1;
  }

  std::optional<Shard> TakeUnit() {
    const std::scoped_lock guard(lock_);
    if (!failure_.ok() || next_ == units_.size()) return std::nullopt;
    return units_[next_++];
  }
  /// False if it is time to stop.
  bool Report(uint64_t listings) {
    const std::scoped_lock guard(lock_);
    done_ += listings;
    if (options_.progress) options_.progress(done_, std::max(done_, total_));
    const bool stop = options_.stop != nullptr && options_.stop->load(std::memory_order_relaxed);
    if (stop && failure_.ok()) {
      failure_ = Error{Code::kInterrupted, "stopped; the index catches up next time"};
    }
    return failure_.ok();
  }
  void Fail(const Status& status) {
    const std::scoped_lock guard(lock_);
    if (failure_.ok()) failure_ = status;
  }
  [[nodiscard]] const Status& failure() const { return failure_; }
  [[nodiscard]] const Shards& units() const { return units_; }

 private:
  const Shards units_;
  const IndexerOptions& options_;
  std::mutex lock_;  // Guards what follows.
  size_t next_ = 0;
  uint64_t done_ = 0;
  uint64_t total_ = 0;
  Status failure_;
};

Status Build(const Ledger& ledger, const std::string& path, const Shard& unit, Progress& progress) {
  COMMRESOLVE_ASSIGN(builder, ShardBuilder::Open(path, unit));
  Status put;
  uint64_t unreported = 0;
  COMMRESOLVE_TRY(ledger.EachListing(unit.first, [&](const Listing& listing) {
    if (listing.id > unit.last) return false;
    put = builder->Put(listing);
    if (++unreported < kListingsPerReport) return put.ok();
    const bool go_on = progress.Report(unreported);
    unreported = 0;
    return put.ok() && go_on;
  }));
  COMMRESOLVE_TRY(put);
  progress.Report(unreported);
  return builder->Finish();
}

}  // namespace

Status SealListings(Store& store, SearchWriter& writer, const Shard& range,
                    const IndexerOptions& options) {
  Progress progress(UnitsOf(range), options);
  const auto work = [&] {
    while (const std::optional<Shard> unit = progress.TakeUnit()) {
      const Status built = Build(store.ledger(), writer.path(), *unit, progress);
      if (!built.ok()) progress.Fail(built);
    }
  };
  const size_t wanted = std::clamp<size_t>(std::thread::hardware_concurrency(), 1, kMaxThreads);
  std::vector<std::thread> threads;
  for (size_t i = 1; i < std::min(wanted, progress.units().size()); ++i) threads.emplace_back(work);
  work();
  for (std::thread& thread : threads) thread.join();
  COMMRESOLVE_TRY(progress.failure());
  return writer.Seal(progress.units());
}

}  // namespace commresolve::index
