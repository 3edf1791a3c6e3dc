// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Each call: borrow a worker, search.

#include "grpc/engine/held_index.h"

namespace commresolve::daemon {
namespace {

constexpr size_t kWorkers = 16;
constexpr std::chrono::milliseconds kLockPatience{200};  // Commands look at the lock.

Config WithoutNetwork(Config config) {
  config.resolver.dns_hints = false;
  return config;
}

}  // namespace

Result<std::unique_ptr<HeldIndex>> HeldIndex::Open(Config config, const Clock& clock) {
  COMMRESOLVE_TRY(MakePrivateFolder(config.data_folder));
  // Without a note: commands are to open the stores themselves.
  COMMRESOLVE_ASSIGN(lock,
                     FileLock::Take(config.data_folder + "/" + kDaemonLock, kLockPatience, ""));
  COMMRESOLVE_ASSIGN(store, index::Store::Open(config.data_folder, config.ca_file));
  return std::unique_ptr<HeldIndex>(
      new HeldIndex(std::move(config), clock, std::move(lock), std::move(store)));
}

HeldIndex::HeldIndex(Config config, const Clock& clock, FileLock lock,
                     std::unique_ptr<index::Store> store)
    : clock_(clock),
      config_(std::make_shared<const Config>(WithoutNetwork(std::move(config)))),
      lock_(std::move(lock)),
      store_(std::move(store)),
      workers_(*store_, clock, kWorkers) {}

Result<RankedRows> HeldIndex::Search(const std::string& query, size_t offset, size_t limit,
                                     Deadline deadline) {
  COMMRESOLVE_ASSIGN(worker, workers_.Borrow(config_, deadline));
  return SearchStore(*worker->store, KnownCerts(), query, offset, limit, clock_.Now(),
                     config_->resolver.max_age);
}

Result<std::vector<index::CountedWord>> HeldIndex::Complete(const std::string& beginning,
                                                            size_t limit, Deadline deadline) {
  COMMRESOLVE_ASSIGN(worker, workers_.Borrow(config_, deadline));
  return index::CompleteWord(*worker->store, beginning, limit);
}

}  // namespace commresolve::daemon
