// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Batching of observations.

#include "index/recorder.h"

#include <utility>

namespace commresolve::index {
namespace {

/// A batch is worth its commit after so long, even if another writer always waits.
constexpr auto kWhileOthersWait = std::chrono::milliseconds(250);
constexpr auto kWhileUnknown = std::chrono::seconds(1);
constexpr auto kBetweenLooks = std::chrono::milliseconds(10);
/// Longer than a thread takes to wake up.
constexpr auto kMostForOthers = std::chrono::milliseconds(100);

}  // namespace

Result<Added> Recorder::Add(const Observation& observation, const PublicChain* chain) {
  COMMRESOLVE_TRY(OpenBatch());
  const auto check = [&] { return store_.CheckChain(observation.chain, observation.time); };
  COMMRESOLVE_ASSIGN(added, batch_->AddLightly(observation, chain, check));
  ++in_batch_;
  if (added == Added::kNew) fresh_in_batch_ = true;
  COMMRESOLVE_TRY(CommitIfDue());
  return added;
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
  store_.ledger().LetOthersWrite(kMostForOthers);
  COMMRESOLVE_ASSIGN(batch, store_.ledger().Begin());
  batch_ = std::move(batch);
  begun_ = std::chrono::steady_clock::now();
  asked_ = begun_;
  return {};
}

bool Recorder::IsDue(std::chrono::steady_clock::time_point now) {
  const auto age = now - begun_;
  if (in_batch_ >= options_.observations_per_batch || age >= options_.longest_batch) return true;
  if (age < kWhileOthersWait || now - asked_ < kBetweenLooks) return false;
  asked_ = now;
  const Waiting waiting = store_.ledger().OthersWait();
  return waiting == Waiting::kSomebody || (waiting == Waiting::kUnknown && age >= kWhileUnknown);
}

Status Recorder::CommitIfDue() {
  const auto now = std::chrono::steady_clock::now();
  if (!IsDue(now)) return {};
  COMMRESOLVE_TRY(Commit());
  if (now - indexed_ < options_.between_indexing) return {};
  const Status indexed = CatchUpIndex(store_, {nullptr, options_.index_progress});
  indexed_ = std::chrono::steady_clock::now();
  return indexed;
}

Status Recorder::Commit() {
  if (!batch_) return {};
  const Status committed = batch_->Commit();
  batch_.reset();
  in_batch_ = 0;
  fresh_in_batch_ = false;
  return committed;
}

Status Recorder::Finish(const IndexerOptions& options) {
  COMMRESOLVE_TRY(Commit());
  return CatchUpIndex(store_, options);
}

}  // namespace commresolve::index
