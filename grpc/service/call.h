// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the services take from the gRPC context of a call.

#ifndef COMMRESOLVE_GRPC_SERVICE_CALL_H_
#define COMMRESOLVE_GRPC_SERVICE_CALL_H_

#include <grpcpp/server_context.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "grpc/engine/deadline.h"

namespace commresolve::daemon {

/// The deadline of the call, 30 seconds from now at most.
inline Deadline DeadlineOf(const grpc::ServerContextBase& context) {
  constexpr std::chrono::milliseconds kLongest{30'000};
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      context.deadline() - std::chrono::system_clock::now());
  // A call without deadline has one in the far future, which would overflow when added.
  return std::chrono::steady_clock::now() +
         std::clamp(left, std::chrono::milliseconds(0), kLongest);
}

/// Counts the calls of one kind that are open.
class CountedCall {
 public:
  explicit CountedCall(std::atomic<int>& open) : open_(open), count_(++open) {}
  ~CountedCall() { --open_; }
  CountedCall(const CountedCall&) = delete;
  CountedCall& operator=(const CountedCall&) = delete;
  /// This one included, at the time it began.
  [[nodiscard]] int count() const { return count_; }

 private:
  std::atomic<int>& open_;
  int count_;
};

/// Sets a flag when the client has gone away or the daemon stops.
class StopFlag {
 public:
  /// Both are borrowed for its life.
  StopFlag(const grpc::ServerContextBase& context, const std::atomic<bool>& ending)
      : watcher_([this, &context, &ending](const std::stop_token& end) {
          while (!end.stop_requested() && !stop_) {
            if (ending || context.IsCancelled()) stop_ = true;
            std::this_thread::sleep_for(kTick);
          }
        }) {}
  StopFlag(const StopFlag&) = delete;
  StopFlag& operator=(const StopFlag&) = delete;

  [[nodiscard]] const std::atomic<bool>* flag() const { return &stop_; }
  void Set() { stop_ = true; }

 private:
  static constexpr std::chrono::milliseconds kTick{20};

  std::atomic<bool> stop_{false};
  std::jthread watcher_;
};

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_SERVICE_CALL_H_
