// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The index servers of the settings, asked over gRPC.

#ifndef COMMRESOLVE_GRPC_CLIENT_INDEX_SERVERS_H_
#define COMMRESOLVE_GRPC_CLIENT_INDEX_SERVERS_H_

#include <memory>
#include <vector>

#include "grpc/client/pinned_key.h"
#include "grpc/engine/index_servers.h"
#include "resolver/config/index_server.h"

namespace commresolve::daemon {

/// Connects when first asked, and again within a second of a question after a connection was lost.
/// Of each answer 8 MiB are read at most, and 256 KiB of a row. `identity` is shown over TCP; Unix
/// sockets have no TLS.
std::unique_ptr<IndexServers> ReachIndexServers(const std::vector<IndexServer>& servers,
                                                const ClientIdentity& identity);

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_CLIENT_INDEX_SERVERS_H_
