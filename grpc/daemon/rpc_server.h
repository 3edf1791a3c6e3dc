// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// RpcServer: the gRPC services on Unix sockets and over TCP.

#ifndef COMMRESOLVE_GRPC_DAEMON_RPC_SERVER_H_
#define COMMRESOLVE_GRPC_DAEMON_RPC_SERVER_H_

#include <sys/types.h>

#include <memory>
#include <optional>
#include <string>

#include "grpc/daemon/call_counter.h"
#include "grpc/engine/engine.h"
#include "grpc/sharing/sharing.h"

namespace commresolve::daemon {

/// Where questions are answered over TCP, with mutual TLS. PEM texts.
struct TcpDoor {
  std::string listen;  ///< Address and port; without a port any free one.
  std::string certificate;
  std::string key;
  std::string client_ca;
};

struct RpcServerOptions {
  std::string resolver_socket;      ///< ResolverService, health and reflection.
  mode_t resolver_mode = 0600;      ///< 0666 for a daemon of the system.
  std::string keeper_socket;        ///< KeeperService besides; always 0600. Here peers are asked.
  std::optional<TcpDoor> tcp = {};  ///< The services of resolver_socket.
  SearchSource* search = nullptr;   ///< Borrowed; null for the engine.
  Sharing* sharing = nullptr;       ///< For keeper_socket, SharingService too; borrowed, or null.
};

/// Serves from Start() until destruction.
class RpcServer {
 public:
  /// `engine` is borrowed. kUnavailable if a socket cannot be made or TLS not be served, kBusy if
  /// another process listens there, kInvalidArgument if the key does not belong to the certificate.
  static Result<std::unique_ptr<RpcServer>> Start(Engine& engine, const RpcServerOptions& options);
  /// Serves Search and Complete of `index` alone, which is borrowed: no KeeperService, and no
  /// keeper_socket. Errors as Start().
  static Result<std::unique_ptr<RpcServer>> StartIndex(SearchSource& index,
                                                       const RpcServerOptions& options);
  /// Where the TCP door is; 0 if there is none.
  [[nodiscard]] uint16_t tcp_port() const;
  /// Calls that ended, on all sockets.
  [[nodiscard]] CallCounter::Counts calls() const;
  /// Ends watches, observations and look-ups, gives other calls two seconds, then cancels them.
  ~RpcServer();

 private:
  struct Impl;
  explicit RpcServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_DAEMON_RPC_SERVER_H_
