// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// HeldIndex: a data folder that is only searched: what an index server has instead of an Engine.

#ifndef COMMRESOLVE_GRPC_ENGINE_HELD_INDEX_H_
#define COMMRESOLVE_GRPC_ENGINE_HELD_INDEX_H_

#include <memory>

#include "grpc/engine/search_source.h"
#include "grpc/engine/worker_pool.h"

namespace commresolve::daemon {

/// Safe for concurrent use. Writes nothing that a search could find, makes no connections, and does
/// not look at known_certs: what its owner has bound is told to nobody.
class HeldIndex final : public SearchSource {
 public:
  /// Takes the data folder against other daemons: kBusy if one has it; otherwise as
  /// index::Store::Open(). Commands work beside it. `clock` is borrowed.
  static Result<std::unique_ptr<HeldIndex>> Open(Config config, const Clock& clock);

  /// No row has another tier than "claimed" or "proven".
  Result<RankedRows> Search(const std::string& query, size_t offset, size_t limit,
                            Deadline deadline) override;
  Result<std::vector<index::CountedWord>> Complete(const std::string& beginning, size_t limit,
                                                   Deadline deadline) override;

 private:
  HeldIndex(Config config, const Clock& clock, FileLock lock, std::unique_ptr<index::Store> store);

  const Clock& clock_;
  const std::shared_ptr<const Config> config_;
  FileLock lock_;
  std::unique_ptr<index::Store> store_;
  WorkerPool workers_;
};

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_ENGINE_HELD_INDEX_H_
