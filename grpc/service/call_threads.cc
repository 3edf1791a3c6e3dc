// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A queue and the threads that empty it.

#include "grpc/service/call_threads.h"

namespace commresolve::daemon {

CallThreads::~CallThreads() {
  {
    const std::scoped_lock guard(lock_);
    stop_ = true;
  }
  arrived_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

bool CallThreads::Run(std::function<void()> work) {
  const std::scoped_lock guard(lock_);
  const bool more_threads = idle_ <= waiting_.size() && threads_.size() < most_threads_;
  if (!more_threads && waiting_.size() >= most_waiting_) return false;
  waiting_.push_back(std::move(work));
  if (more_threads) threads_.emplace_back([this] { Work(); });
  arrived_.notify_one();
  return true;
}

void CallThreads::Work() {
  std::unique_lock guard(lock_);
  for (;;) {
    ++idle_;
    arrived_.wait(guard, [this] { return stop_ || !waiting_.empty(); });
    --idle_;
    if (waiting_.empty()) return;
    const std::function<void()> work = std::move(waiting_.front());
    waiting_.pop_front();
    guard.unlock();
    work();
    guard.lock();
  }
}

}  // namespace commresolve::daemon
