// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Handshake: the outcome of one completed TLS handshake of our own, which is a proof of possession.

#ifndef COMMRESOLVE_RESOLVER_HANDSHAKE_H_
#define COMMRESOLVE_RESOLVER_HANDSHAKE_H_

#include <string>
#include <vector>

#include "resolver/base/clock.h"
#include "resolver/base/digest.h"
#include "resolver/endpoint.h"

namespace commresolve {

/// A server completed a full handshake (never a resumed session, never an anonymous or PSK cipher
/// suite), so at `time` it held the private key of chain[0] (RFC 8446 4.4.3, RFC 5246 7.4.3
/// / 7.4.9).
struct Handshake {
  Endpoint endpoint;
  UnixTime time = 0;
  KeyId key;                       ///< SHA-256 of the SubjectPublicKeyInfo of chain[0].
  std::vector<std::string> chain;  ///< DER as sent, leaf first, at least one, at most 10.
  std::string tls_version;         ///< "TLSv1.3"
  std::string cipher;              ///< "TLS_AES_256_GCM_SHA384"
};

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_HANDSHAKE_H_
