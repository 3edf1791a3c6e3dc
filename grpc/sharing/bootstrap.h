// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The first peers: from texts to addresses.

#ifndef COMMRESOLVE_GRPC_SHARING_BOOTSTRAP_H_
#define COMMRESOLVE_GRPC_SHARING_BOOTSTRAP_H_

#include <string>
#include <vector>

#include "dht/node/peer_address.h"
#include "resolver/net/address_lookup.h"

namespace commresolve::daemon {

/// The addresses of "HOST:PORT" texts, each once, at most 64. Names are asked of `dns`, for at most
/// five seconds; without it (null) they have none.
std::vector<dht::PeerAddress> AddressesOfPeers(const std::vector<std::string>& peers,
                                               AddressLookup* dns);

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_SHARING_BOOTSTRAP_H_
