// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reader to recorder.

#include "index/importer.h"

#include "index/recorder.h"

namespace commresolve::index {
namespace {

bool Stopped(const ImportOptions& options) {
  return options.stop != nullptr && options.stop->load(std::memory_order_relaxed);
}

}  // namespace

Status Import(Store& store, const std::vector<std::string>& paths, const Clock& clock,
              const ImportOptions& options, ImportSummary& summary) {
  COMMRESOLVE_ASSIGN(lock, store.LockForWriting());
  Recorder recorder(store, kBulk);
  Status failure;
  ReaderSink sink;
  sink.on_progress = options.progress;
  sink.on_refusal = [&](const Refusal& refusal) {
    ++summary.refused;
    if (options.on_refusal) options.on_refusal(refusal);
  };
  sink.on_left_out = [&summary](const CertId&, LeftOut) { ++summary.left_out; };
  sink.on_observation = [&](const Observation& observation) {
    ++summary.read;
    const auto added = recorder.Add(observation);
    if (added.ok()) {
      ++(*added == Added::kNew ? summary.fresh : summary.known);
    } else if (added.error().code == Code::kInvalidArgument) {
      sink.on_refusal({observation.origin, 0, 0, added.error().message});
    } else {
      failure = added.error();
    }
    return failure.ok() && !Stopped(options);
  };
  sink.on_record = [&](const CertId& id) -> std::optional<std::string> {
    auto der = recorder.Certificate(id);
    if (der.ok()) return std::move(der).value();
    failure = der.error();
    return std::nullopt;
  };
  const Status read = ReadObservations(paths, clock.Now(), sink);
  Status finished = recorder.Finish({options.stop, {}});
  COMMRESOLVE_TRY(failure);
  COMMRESOLVE_TRY(read);
  return finished;
}

}  // namespace commresolve::index
