// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reader to recorder, with the chains checked in between.

#include "index/importer.h"

#include <utility>

#include "index/chain_checks.h"
#include "index/recorder.h"

namespace commresolve::index {
namespace {

// What waits for its chain to be checked.
constexpr size_t kMaxWaiting = 256;
constexpr size_t kMaxWaitingBytes = size_t{4} << 20;

class ImportRun {
 public:
  ImportRun(Store& store, const ImportOptions& options, ImportSummary& summary)
      : recorder_(store, InBulk(options.index_progress)),
        checks_(store),
        options_(options),
        summary_(summary) {}

  Status Run(const std::vector<std::string>& paths, UnixTime now) {
    ReaderSink sink;
    sink.on_progress = options_.progress;
    sink.on_refusal = [this](const Refusal& refusal) { Refuse(refusal); };
    sink.on_left_out = [this](const CertId&, LeftOut) { ++summary_.left_out; };
    sink.on_observation = [this](Observation observation) { return Take(std::move(observation)); };
    sink.on_record = [this](const CertId& id) { return OnRecord(id); };
    const Status read = ReadObservations(paths, now, sink);
    RecordWaiting();
    Status finished = recorder_.Finish({options_.stop, options_.index_progress});
    COMMRESOLVE_TRY(failure_);
    COMMRESOLVE_TRY(read);
    return finished;
  }

 private:
  [[nodiscard]] bool Stopped() const {
    return options_.stop != nullptr && options_.stop->load(std::memory_order_relaxed);
  }

  void Refuse(const Refusal& refusal) {
    ++summary_.refused;
    if (options_.on_refusal) options_.on_refusal(refusal);
  }

  bool Take(Observation observation) {
    ++summary_.read;
    for (const std::string& der : observation.chain) waiting_bytes_ += der.size();
    waiting_.push_back(std::move(observation));
    if (waiting_.size() >= kMaxWaiting || waiting_bytes_ >= kMaxWaitingBytes) RecordWaiting();
    return failure_.ok() && !Stopped();
  }

  void RecordWaiting() {
    const std::vector<Observation> observations = std::exchange(waiting_, {});
    waiting_bytes_ = 0;
    const auto checks = checks_.Run(observations);
    for (size_t i = 0; i < observations.size() && failure_.ok(); ++i) {
      Record(observations[i], checks[i]);
    }
  }

  void Record(const Observation& observation, const std::optional<Result<PublicChain>>& check) {
    if (check && !check->ok()) {
      failure_ = check->error();
      return;
    }
    const auto added = recorder_.Add(observation, check ? &check->value() : nullptr);
    if (added.ok()) {
      ++(*added == Added::kNew ? summary_.fresh : summary_.known);
    } else if (added.error().code == Code::kInvalidArgument) {
      Refuse({observation.origin, 0, 0, added.error().message});
    } else {
      failure_ = added.error();
    }
  }

  std::optional<std::string> OnRecord(const CertId& id) {
    auto der = recorder_.Certificate(id);
    if (der.ok() && !*der && !waiting_.empty()) {
      RecordWaiting();
      der = recorder_.Certificate(id);
    }
    if (der.ok()) return std::move(der).value();
    failure_ = der.error();
    return std::nullopt;
  }

  Recorder recorder_;
  ChainChecks checks_;
  const ImportOptions& options_;
  ImportSummary& summary_;
  std::vector<Observation> waiting_;
  size_t waiting_bytes_ = 0;
  Status failure_;
};

}  // namespace

Status Import(Store& store, const std::vector<std::string>& paths, const Clock& clock,
              const ImportOptions& options, ImportSummary& summary) {
  COMMRESOLVE_ASSIGN(lock, store.LockForWriting());
  return ImportRun(store, options, summary).Run(paths, clock.Now());
}

}  // namespace commresolve::index
