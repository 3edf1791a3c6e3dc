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
  COMMRESOLVE_ASSIGN(chain, store_.ChainOnRecordOrCheck(observation.chain, observation.time));
  COMMRESOLVE_TRY(OpenBatch());
  COMMRESOLVE_ASSIGN(known, batch_->AddKnown(observation, &chain));
  if (!known) {
    COMMRESOLVE_ASSIGN(certificate, ParseCertificate(observation.chain.front()));
    COMMRESOLVE_ASSIGN(added, batch_->Add(observation, certificate, &chain));
    known = added == Added::kKnown;
  }
  ++in_batch_;
  if (!known) fresh_in_batch_ = true;
  COMMRESOLVE_TRY(CommitIfDue());
  return known ? Added::kKnown : Added::kNew;
}

Result<std::optional<std::string>> Recorder::Certificate(const CertId& id) {
  auto der = store_.ledger().Certificate(id);
  if (!der.ok() && fresh_in_batch_) {
    COMMRESOLVE_TRY(Commit());
    der = store_.ledger().Certificate(id);
  }
  if (der.ok()) return std::optional<std::string>(std::move(der).value());
  if (der.error().code == Code::kNotFound) return std::optional<std::string>();
  return der.error();
}

Status Recorder::OpenBatch() {
  if (batch_) return {};
  COMMRESOLVE_ASSIGN(batch, store_.ledger().Begin());
  batch_ = std::move(batch);
  begun_ = std::chrono::steady_clock::now();
  return {};
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
  fresh_in_batch_ = false;
  return committed;
}

Status Recorder::Finish(const IndexerOptions& options) {
  COMMRESOLVE_TRY(Commit());
  return CatchUpIndex(store_, options);
}

}  // namespace commresolve::index
