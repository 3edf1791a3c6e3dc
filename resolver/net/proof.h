// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// DescribeProof: what a completed handshake proved, or why it is no proof.

#ifndef COMMRESOLVE_RESOLVER_NET_PROOF_H_
#define COMMRESOLVE_RESOLVER_NET_PROOF_H_

#include "resolver/base/openssl_ptr.h"
#include "resolver/base/result.h"
#include "resolver/handshake.h"

namespace commresolve {

/// Most certificates of a chain that are kept.
inline constexpr int kMaxChain = 10;

/// Reads key, chain, version and cipher suite of a client connection whose handshake is complete;
/// `endpoint` and `time` are left for the caller. kInvalidArgument if the server proved nothing:
/// a resumed session, no certificate, or a cipher suite that does not authenticate with it.
Result<Handshake> DescribeProof(const SSL& ssl);

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_NET_PROOF_H_
