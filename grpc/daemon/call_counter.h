// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// CallCounter: how many gRPC calls of each method ended with each code. Never who asked for what.

#ifndef COMMRESOLVE_GRPC_DAEMON_CALL_COUNTER_H_
#define COMMRESOLVE_GRPC_DAEMON_CALL_COUNTER_H_

#include <grpcpp/support/server_interceptor.h>

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace commresolve::daemon {

/// Safe for concurrent use.
class CallCounter {
 public:
  /// By method ("/commresolve.v1.ResolverService/Resolve") and gRPC code. Methods that the server
  /// does not have are not told apart.
  using Counts = std::map<std::pair<std::string, grpc::StatusCode>, uint64_t>;
  [[nodiscard]] Counts counts() const;

  void Count(const std::string& method, grpc::StatusCode code);

 private:
  mutable std::mutex lock_;  // Guards counts_.
  Counts counts_;
};

/// For ServerBuilder: every call of the server is counted by `counter`, which is borrowed for the
/// server's life.
std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> CountCalls(
    CallCounter& counter);

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_DAEMON_CALL_COUNTER_H_
