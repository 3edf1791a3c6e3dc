// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the settings say about TCP, with the files that they name: who may come in, and whom this
// daemon asks.

#ifndef COMMRESOLVE_GRPC_DAEMON_DOORS_H_
#define COMMRESOLVE_GRPC_DAEMON_DOORS_H_

#include <memory>
#include <optional>

#include "grpc/daemon/rpc_server.h"
#include "grpc/engine/index_servers.h"
#include "resolver/config/config.h"

namespace commresolve::daemon {

/// Empty if the settings name none. Errors as ReadFile(); kInvalidArgument for a file without PEM,
/// kUntrusted for one that others may write, or a key that others may read.
Result<std::optional<TcpDoor>> TcpDoorOf(const Config& config);

/// Null if the settings name none. Errors likewise, and kInvalidArgument if the key does not belong
/// to the certificate.
Result<std::unique_ptr<IndexServers>> IndexServersOf(const Config& config);

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_DAEMON_DOORS_H_
