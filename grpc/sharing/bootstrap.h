// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The first peers: from texts of the settings to addresses.

#ifndef COMMRESOLVE_GRPC_SHARING_BOOTSTRAP_H_
#define COMMRESOLVE_GRPC_SHARING_BOOTSTRAP_H_

#include <optional>
#include <string>
#include <vector>

#include "dht/node/peer_address.h"
#include "resolver/config/config.h"
#include "resolver/net/address_lookup.h"

namespace commresolve::daemon {

/// Where a node receives, from Config::dht_listen.
struct ListenAddresses {
  std::optional<dht::PeerAddress> v4;
  std::optional<dht::PeerAddress> v6;
};
/// kInvalidArgument for what is no address and port, two of one family, or none.
Result<ListenAddresses> ListenAddressesOf(const Config& config);

/// The addresses of "HOST:PORT" texts, each once, at most 64. Names are asked of `dns`, for at most
/// five seconds; without it (null) they have none.
std::vector<dht::PeerAddress> AddressesOfPeers(const std::vector<std::string>& peers,
                                               AddressLookup* dns);

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_SHARING_BOOTSTRAP_H_
