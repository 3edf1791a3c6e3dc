// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the clients of a daemon share: patience, errors, and calls that can be stopped.

#ifndef COMMRESOLVE_GRPC_CLIENT_CALL_H_
#define COMMRESOLVE_GRPC_CLIENT_CALL_H_

#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "resolver/base/result.h"

namespace commresolve::daemon {

/// Ends after a minute.
struct Call : grpc::ClientContext {
  Call() { set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(1)); }
};

/// Has no deadline, but ends when a flag is set.
class StoppableCall {
 public:
  /// `stop` is borrowed; null for never.
  explicit StoppableCall(const std::atomic<bool>* stop);
  StoppableCall(const StoppableCall&) = delete;
  StoppableCall& operator=(const StoppableCall&) = delete;

  grpc::ClientContext* context() { return &context_; }
  [[nodiscard]] bool stopped() const { return stop_ != nullptr && *stop_; }

 private:
  const std::atomic<bool>* const stop_;
  grpc::ClientContext context_;
  std::jthread canceller_;
};

/// The error that the daemon told, or what became of it.
Error ErrorOf(const grpc::Status& status);

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_CLIENT_CALL_H_
