// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// RpcServer: the gRPC services on two Unix sockets.

#ifndef COMMRESOLVE_GRPC_DAEMON_RPC_SERVER_H_
#define COMMRESOLVE_GRPC_DAEMON_RPC_SERVER_H_

#include <sys/types.h>

#include <memory>
#include <string>

#include "grpc/engine/engine.h"

namespace commresolve::daemon {

struct RpcServerOptions {
  std::string resolver_socket;  ///< ResolverService, health and reflection.
  mode_t resolver_mode = 0600;  ///< 0666 for a daemon of the system.
  std::string keeper_socket;    ///< KeeperService besides; always 0600.
};

/// Serves from Start() until destruction.
class RpcServer {
 public:
  /// `engine` is borrowed. kUnavailable if a socket cannot be made, kBusy if another process
  /// listens there.
  static Result<std::unique_ptr<RpcServer>> Start(Engine& engine, const RpcServerOptions& options);
  /// Ends watches and observations, gives other calls two seconds, then cancels them.
  ~RpcServer();

 private:
  struct Impl;
  explicit RpcServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_DAEMON_RPC_SERVER_H_
