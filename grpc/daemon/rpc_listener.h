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

#include <memory>
#include <string>

#include "resolver/base/result.h"

namespace grpc {
class Server;
}

namespace commresolve::daemon {

/// Serves from Start() until destruction, on a thread of its own.
class RpcListener {
 public:
  static constexpr size_t kMostConnections = 192;
  static constexpr size_t kMostConnectionsOfUser = 96;

  /// Listens at `path` with `mode` from the first moment. A connection over the limits is closed at
  /// once. `server` is borrowed. kBusy if another process listens there; kUnavailable.
  static Result<std::unique_ptr<RpcListener>> Start(const std::string& path, mode_t mode,
                                                    grpc::Server& server);
  /// Takes no more, and removes the socket. Connections stay: they are the server's.
  ~RpcListener();

 private:
  class Impl;
  explicit RpcListener(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_DAEMON_RPC_LISTENER_H_
