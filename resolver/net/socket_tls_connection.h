// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// MakeSocketTlsConnection: the TlsConnection of a real socket.

#ifndef COMMRESOLVE_RESOLVER_NET_SOCKET_TLS_CONNECTION_H_
#define COMMRESOLVE_RESOLVER_NET_SOCKET_TLS_CONNECTION_H_

#include <memory>
#include <string>

#include "resolver/base/openssl_ptr.h"
#include "resolver/base/unique_fd.h"
#include "resolver/net/tls_connection.h"

namespace commresolve {

/// `ssl` has completed its handshake on the non-blocking `socket`, allows partial and moving writes
/// and refuses renegotiation. `peer` stands in front of every error.
std::unique_ptr<TlsConnection> MakeSocketTlsConnection(UniqueFd socket, SslPtr ssl,
                                                       std::string peer);

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_NET_SOCKET_TLS_CONNECTION_H_
