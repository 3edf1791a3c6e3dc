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

/// How much a recorder gathers. Other writers wait for a batch, or a second at most.
struct RecorderOptions {
  size_t observations_per_batch = 1'000;
  /// Between batches the index catches up so often. What is searchable in between has its price: a
  /// listing that changes afterwards is indexed once more.
  std::chrono::seconds between_indexing = std::chrono::seconds(60);
  /// See IndexerOptions, for the indexing between batches.
  std::function<void(uint64_t done, uint64_t total)> index_progress = {};
};
/// For files of many certificates, which nobody waits for one by one.
inline RecorderOptions InBulk(std::function<void(uint64_t, uint64_t)> index_progress) {
  return {20'000, std::chrono::minutes(10), std::move(index_progress)};
}

/// Used by one thread, which holds the writer lock of `store` (borrowed). Dropping a recorder
/// without Finish() loses the open batch, nothing else.
class Recorder {
 public:
  explicit Recorder(Store& store, RecorderOptions options = {})
      : store_(store), options_(std::move(options)) {}

  /// Parses chain[0] (ParseInBulk), checks the chain at observation.time unless the check on record
  /// holds (Ledger::Batch::CheckThatHolds), and adds it to the open batch, which becomes durable
  /// when it is full or a second old. kInvalidArgument if the certificate cannot be parsed; any
  /// other error is the store's.
  Result<Added> Add(const Observation& observation) { return Add(observation, nullptr); }
  /// The same with the outcome of a check that was made already; null: as above.
  Result<Added> Add(const Observation& observation, const PublicChain* chain);

  /// The DER of a certificate on record, those that were just added included; empty if unknown.
  Result<std::optional<std::string>> Certificate(const CertId& id);

  /// Makes everything durable and searchable.
  Status Finish(const IndexerOptions& options);

 private:
  Result<Added> AddTo(Ledger::Batch& batch, const Observation& observation,
                      const PublicChain* checked);
  Status OpenBatch();
  Status CommitIfDue();
  Status Commit();

  Store& store_;
  const RecorderOptions options_;
  std::unique_ptr<Ledger::Batch> batch_;  // Null between batches.
  size_t in_batch_ = 0;
  bool fresh_in_batch_ = false;  // Certificates that nobody else sees yet.
  std::chrono::steady_clock::time_point begun_;
  std::chrono::steady_clock::time_point indexed_ = std::chrono::steady_clock::now();
};

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_RECORDER_H_
