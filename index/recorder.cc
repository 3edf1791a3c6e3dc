// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Batching of observations.

#include "index/recorder.h"

namespace commresolve::index {
namespace {

constexpr size_t kObservationsPerBatch = 1'000;
constexpr size_t kObservationsPerIndexing = 10'000;
constexpr auto kLongestBatch = std::chrono::seconds(1);

}  // namespace

Result<Added> Recorder::Add(const Observation& observation) {
  COMMRESOLVE_ASSIGN(certificate, ParseCertificate(observation.chain.front()));
  COMMRESOLVE_ASSIGN(on_record, store_.ledger().ChainOf(certificate.facts.id));
  PublicChain chain;
  if (on_record && on_record->valid) {
    chain = *on_record;
  } else {
    COMMRESOLVE_ASSIGN(checked, store_.CheckChain(observation.chain, observation.time));
    chain = std::move(checked);
  }
  if (!batch_) {
    COMMRESOLVE_ASSIGN(batch, store_.ledger().Begin());
    batch_ = std::move(batch);
    begun_ = std::chrono::steady_clock::now();
  }
  COMMRESOLVE_ASSIGN(added, batch_->Add(observation, certificate, &chain));
  ++in_batch_;
  COMMRESOLVE_TRY(CommitIfDue());
  return added;
}

Status Recorder::CommitIfDue() {
  const bool due = in_batch_ >= kObservationsPerBatch ||
                   std::chrono::steady_clock::now() - begun_ >= kLongestBatch;
  if (!due) return {};
  COMMRESOLVE_TRY(Commit());
  if (since_indexed_ < kObservationsPerIndexing) return {};
  since_indexed_ = 0;
  return CatchUpIndex(store_, {});
}

Status Recorder::Commit() {
  if (!batch_) return {};
  const Status committed = batch_->Commit();
  batch_.reset();
  since_indexed_ += in_batch_;
  in_batch_ = 0;
  return committed;
}

Status Recorder::Finish(const IndexerOptions& options) {
  COMMRESOLVE_TRY(Commit());
  return CatchUpIndex(store_, options);
}

}  // namespace commresolve::index
