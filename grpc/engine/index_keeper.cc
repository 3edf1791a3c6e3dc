// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Catching up, one batch at a time.

#include "grpc/engine/index_keeper.h"

#include "index/indexer.h"

namespace commresolve::daemon {

IndexKeeper::IndexKeeper(std::unique_ptr<index::Store> store)
    : store_(std::move(store)), thread_([this] { Run(); }) {}

IndexKeeper::~IndexKeeper() {
  {
    const std::scoped_lock guard(lock_);
    stop_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void IndexKeeper::Wake() {
  {
    const std::scoped_lock guard(lock_);
    woken_ = true;
  }
  wake_.notify_all();
}

std::string IndexKeeper::problem() const {
  const std::scoped_lock guard(lock_);
  return problem_;
}

void IndexKeeper::Run() {
  while (!stop_) {
    CatchUp();
    std::unique_lock guard(lock_);
    wake_.wait_for(guard, std::chrono::seconds(1), [this] { return woken_ || stop_; });
    woken_ = false;
  }
}

void IndexKeeper::CatchUp() {
  const auto behind = store_->ledger().ChangedCount();
  if (behind.ok() && *behind == 0) return;
  Status status = behind.ok() ? Status() : Status(behind.error());
  if (status.ok()) {
    // Whoever imports holds the lock, and indexes what it records.
    const auto lock = store_->LockForWriting(std::chrono::milliseconds(0));
    if (!lock.ok()) return;
    status = index::CatchUpIndex(*store_, {&stop_, {}});
  }
  const std::scoped_lock guard(lock_);
  problem_ = status.ok() || status.error().code == Code::kInterrupted ? "" : status.error().message;
}

}  // namespace commresolve::daemon
