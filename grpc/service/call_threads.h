// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// CallThreads: threads for calls that have to wait for the network, so that those that do not never
// wait behind them.

#ifndef COMMRESOLVE_GRPC_SERVICE_CALL_THREADS_H_
#define COMMRESOLVE_GRPC_SERVICE_CALL_THREADS_H_

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace commresolve::daemon {

/// Safe for concurrent use.
class CallThreads {
 public:
  /// At most `threads` run at a time and `waiting` wait; threads are made when they are needed.
  CallThreads(size_t threads, size_t waiting) : most_threads_(threads), most_waiting_(waiting) {}
  CallThreads(const CallThreads&) = delete;
  CallThreads& operator=(const CallThreads&) = delete;
  /// Does what waits and what is under way to its end.
  ~CallThreads();

  /// Runs `work` on a thread soon. False, and nothing is done, if too much waits already.
  [[nodiscard]] bool Run(std::function<void()> work);

 private:
  void Work();

  const size_t most_threads_;
  const size_t most_waiting_;
  std::mutex lock_;  // Guards what follows.
  std::condition_variable arrived_;
  bool stop_ = false;
  size_t idle_ = 0;
  std::deque<std::function<void()>> waiting_;
  std::vector<std::thread> threads_;
};

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_SERVICE_CALL_THREADS_H_
