// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Pending: waiting for callbacks that may outlive whoever waits for them.

#ifndef COMMRESOLVE_GRPC_SHARING_PENDING_H_
#define COMMRESOLVE_GRPC_SHARING_PENDING_H_

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>

namespace commresolve::daemon {

/// Shared with the callbacks, beside what they write. Safe for concurrent use.
class Pending {
 public:
  explicit Pending(size_t callbacks) : left_(callbacks) {}

  /// One callback is over. What it wrote before, the waiting thread sees.
  void Done() {
    const std::lock_guard guard(lock_);
    --left_;
    changed_.notify_all();
  }

  /// True when all are over; false as soon as `stop` (may be null) is set: then nothing that they
  /// write may be looked at.
  bool Wait(const std::atomic<bool>* stop) {
    std::unique_lock guard(lock_);
    while (left_ > 0) {
      if (stop != nullptr && *stop) return false;
      changed_.wait_for(guard, kLookAtStop);
    }
    return true;
  }

 private:
  static constexpr std::chrono::milliseconds kLookAtStop{100};

  std::mutex lock_;  // Guards what follows.
  std::condition_variable changed_;
  size_t left_;
};

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_SHARING_PENDING_H_
