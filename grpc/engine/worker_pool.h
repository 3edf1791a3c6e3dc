// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// WorkerPool: what one call needs for itself (a store, a prober, a DNS lookup), made when first
// needed and used again by later calls.

#ifndef COMMRESOLVE_GRPC_ENGINE_WORKER_POOL_H_
#define COMMRESOLVE_GRPC_ENGINE_WORKER_POOL_H_

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "grpc/engine/deadline.h"
#include "index/store.h"
#include "resolver/config/config.h"

namespace commresolve::daemon {

/// Used by one thread at a time.
struct Worker {
  std::shared_ptr<const Config> config;
  std::unique_ptr<index::Store> store;
  std::unique_ptr<Prober> prober;
  std::unique_ptr<AddressLookup> dns;  ///< Null if DNS hints are switched off.
};

/// Safe for concurrent use.
class WorkerPool {
 public:
  /// At most `size` workers are lent at a time. `store` and `clock` are borrowed.
  WorkerPool(const index::Store& store, const Clock& clock, size_t size)
      : store_(store), clock_(clock), free_places_(size) {}

  /// A worker that goes back to the pool on destruction, which must not outlive the pool.
  class Lease {
   public:
    Lease(WorkerPool& pool, std::unique_ptr<Worker> worker)
        : pool_(&pool), worker_(std::move(worker)) {}
    ~Lease();
    Lease(Lease&& other) noexcept = default;
    Lease& operator=(Lease&&) = delete;
    Worker* operator->() const { return worker_.get(); }

   private:
    WorkerPool* pool_;
    std::unique_ptr<Worker> worker_;  // Null once moved from.
  };

  /// Waits for a place until `deadline`, 10 seconds at most: kBusy then. kInternal if the worker
  /// cannot be made.
  Result<Lease> Borrow(const std::shared_ptr<const Config>& config, Deadline deadline);

 private:
  Result<std::unique_ptr<Worker>> Make(const std::shared_ptr<const Config>& config) const;
  void GiveBack(std::unique_ptr<Worker> worker);

  const index::Store& store_;
  const Clock& clock_;
  std::mutex lock_;  // Guards what follows.
  std::condition_variable freed_;
  size_t free_places_;
  std::vector<std::unique_ptr<Worker>> idle_;
};

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_ENGINE_WORKER_POOL_H_
