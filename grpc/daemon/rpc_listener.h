// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// RpcListener: takes connections at a Unix socket for a gRPC server, within limits.
//
// gRPC's own listener takes every connection, and ceases for good when descriptors run out: one
// program could take the daemon from all others.

#ifndef COMMRESOLVE_GRPC_DAEMON_RPC_LISTENER_H_
#define COMMRESOLVE_GRPC_DAEMON_RPC_LISTENER_H_

#include <sys/stat.h>

#include <functional>
#include <memory>
#include <string>

#include "resolver/base/result.h"
#include "resolver/base/unique_fd.h"

namespace commresolve::daemon {

/// Gets every connection that is not over the limits. Called on the listener's thread; must not
/// block.
using TakeConnection = std::function<void(UniqueFd)>;

/// Serves from Start() until destruction, on a thread of its own.
class RpcListener {
 public:
  static constexpr size_t kMostConnections = 128;
  static constexpr size_t kMostConnectionsOfUser = 16;
  static constexpr size_t kMostTcpConnections = 64;
  static constexpr size_t kMostTcpConnectionsOfAddress = 16;

  /// Listens at `path` with `mode` from the first moment. A connection over the limits is closed at
  /// once. kBusy if another process listens there; kUnavailable.
  static Result<std::unique_ptr<RpcListener>> Start(const std::string& path, mode_t mode,
                                                    TakeConnection take);
  /// The same at an IP address and port, as "192.0.2.1:7766"; without a port at any
  /// free one.
  static Result<std::unique_ptr<RpcListener>> StartTcp(const std::string& listen,
                                                       TakeConnection take);
  /// Takes no more, and removes the socket. Connections stay: they are the server's.
  ~RpcListener();

  /// Of TCP; 0 otherwise.
  [[nodiscard]] uint16_t port() const;

 private:
  class Impl;
  explicit RpcListener(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_DAEMON_RPC_LISTENER_H_
