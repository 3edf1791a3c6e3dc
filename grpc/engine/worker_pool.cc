// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Lending workers.

#include "grpc/engine/worker_pool.h"

namespace commresolve::daemon {
namespace {

constexpr std::chrono::milliseconds kLongestWait{10'000};

}  // namespace

WorkerPool::Lease::~Lease() {
  if (worker_ != nullptr) pool_->GiveBack(std::move(worker_));
}

Result<WorkerPool::Lease> WorkerPool::Borrow(const std::shared_ptr<const Config>& config,
                                             Deadline deadline) {
  std::unique_ptr<Worker> worker;
  {
    std::unique_lock guard(lock_);
    const auto patience = TimeLeft(deadline, kLongestWait);
    if (!freed_.wait_for(guard, patience, [this] { return free_places_ > 0; })) {
      return Error{Code::kBusy, "too many questions at once", "ask again in a moment"};
    }
    --free_places_;
    if (!idle_.empty()) {
      worker = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  if (worker == nullptr || worker->config != config) {
    auto made = Make(config);
    if (!made.ok()) {
      GiveBack(nullptr);
      return made.error();
    }
    worker = std::move(*made);
  }
  return Lease(*this, std::move(worker));
}

Result<std::unique_ptr<Worker>> WorkerPool::Make(
    const std::shared_ptr<const Config>& config) const {
  auto worker = std::make_unique<Worker>();
  worker->config = config;
  worker->store = store_.Share();
  COMMRESOLVE_ASSIGN(prober, Prober::Make(clock_));
  worker->prober = std::move(prober);
  if (config->resolver.dns_hints) {
    COMMRESOLVE_ASSIGN(dns, MakeDnsLookup(config->dns_servers, config->resolver.suffix));
    worker->dns = std::move(dns);
  }
  return worker;
}

void WorkerPool::GiveBack(std::unique_ptr<Worker> worker) {
  {
    const std::scoped_lock guard(lock_);
    ++free_places_;
    if (worker != nullptr) idle_.push_back(std::move(worker));
  }
  freed_.notify_one();
}

}  // namespace commresolve::daemon
