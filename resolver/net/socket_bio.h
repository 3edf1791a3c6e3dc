// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// MakeSocketBio: OpenSSL on a socket without the risk of SIGPIPE.

#ifndef COMMRESOLVE_RESOLVER_NET_SOCKET_BIO_H_
#define COMMRESOLVE_RESOLVER_NET_SOCKET_BIO_H_

#include <cstddef>

#include "resolver/base/openssl_ptr.h"

namespace commresolve {

/// A BIO that reads and writes the non-blocking socket `fd`, which it does not own. Unlike
/// OpenSSL's own it writes with MSG_NOSIGNAL: a server that hangs up must not kill the program.
/// Reads end with EMSGSIZE after `read_limit` bytes, until LiftReadLimit(): OpenSSL can be kept
/// busy inside one call by a server that never stops sending. Null if memory is short.
BioPtr MakeSocketBio(int fd, size_t read_limit);
void LiftReadLimit(BIO* bio);

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_NET_SOCKET_BIO_H_
