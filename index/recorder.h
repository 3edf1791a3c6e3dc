// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Recorder: puts observations into the ledger in batches and keeps the search index close behind.

#ifndef COMMRESOLVE_INDEX_RECORDER_H_
#define COMMRESOLVE_INDEX_RECORDER_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "index/indexer.h"
#include "index/store.h"

namespace commresolve::index {

/// How much a recorder gathers before it commits. Another writer that waits meanwhile is let in
/// after at most a quarter of a second, and the commit; where it cannot be told that one waits
/// (Waiting::kUnknown), no batch gathers for more than a second.
struct RecorderOptions {
  size_t observations_per_batch = 1'000;
  /// While nobody waits.
  std::chrono::milliseconds longest_batch = std::chrono::seconds(1);
  /// Between batches the index catches up so often. What is searchable in between has its price: a
  /// listing that changes afterwards is indexed once more.
  std::chrono::seconds between_indexing = std::chrono::seconds(60);
  /// See IndexerOptions, for the indexing between batches.
  std::function<void(uint64_t done, uint64_t total)> index_progress = {};
};
/// For files of many certificates, which nobody waits for one by one. Nearly every page of the
/// ledger that is filed by digest is written with each batch, so few large ones cost least.
inline RecorderOptions InBulk(std::function<void(uint64_t, uint64_t)> index_progress) {
  return {100'000, std::chrono::seconds(5), std::chrono::minutes(10), std::move(index_progress)};
}

/// Used by one thread, which holds the writer lock of `store` (borrowed). Dropping a recorder
/// without Finish() loses the open batch, nothing else.
class Recorder {
 public:
  explicit Recorder(Store& store, RecorderOptions options = {})
      : store_(store), options_(std::move(options)) {}

  /// Parses chain[0], checks the chain at observation.time unless the check on record holds, and
  /// adds it (Ledger::Batch::AddLightly) to the open batch, which becomes durable
  /// as RecorderOptions say. kInvalidArgument if the certificate cannot be parsed; any
  /// other error is the store's.
  Result<Added> Add(const Observation& observation) { return Add(observation, nullptr); }
  /// The same with the outcome of a check that was made already; null: as above.
  Result<Added> Add(const Observation& observation, const PublicChain* chain);

  /// The DER of a certificate on record, those that were just added included; empty if unknown.
  Result<std::optional<std::string>> Certificate(const CertId& id);

  /// Makes everything durable and searchable.
  Status Finish(const IndexerOptions& options);

 private:
  Status OpenBatch();
  Status CommitIfDue();
  bool IsDue(std::chrono::steady_clock::time_point now);
  Status Commit();

  Store& store_;
  const RecorderOptions options_;
  std::unique_ptr<Ledger::Batch> batch_;  // Null between batches.
  size_t in_batch_ = 0;
  bool fresh_in_batch_ = false;  // Certificates that nobody else sees yet.
  std::chrono::steady_clock::time_point begun_;
  std::chrono::steady_clock::time_point asked_;  // Who waits.
  std::chrono::steady_clock::time_point indexed_ = std::chrono::steady_clock::now();
};

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_RECORDER_H_
