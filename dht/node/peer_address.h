// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// PeerAddress: where a peer receives, and the network that it is counted under.

#ifndef COMMRESOLVE_DHT_NODE_PEER_ADDRESS_H_
#define COMMRESOLVE_DHT_NODE_PEER_ADDRESS_H_

#include <sys/socket.h>

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "resolver/base/result.h"
#include "resolver/endpoint.h"

namespace commresolve::dht {

/// An address and a UDP port.
struct PeerAddress {
  IpAddress ip;
  uint16_t port = 0;

  auto operator<=>(const PeerAddress&) const = default;
  /// "192.0.2.7:4222", "[2001:db8::1]:4222".
  [[nodiscard]] std::string ToString() const;
  /// Reads what ToString() writes. kInvalidArgument for anything else, names and port 0 included.
  static Result<PeerAddress> Parse(std::string_view text);
  /// kInvalidArgument if `address` is of another family than IPv4 and IPv6.
  static Result<PeerAddress> FromSocket(const sockaddr* address, socklen_t size);
  /// The form that sendto() wants.
  [[nodiscard]] sockaddr_storage ToSocket(socklen_t* size) const;
};

/// The network that somebody who owns `ip` is taken to own too: its /24, or /48 of IPv6, as a
/// number that no other network has.
uint64_t NetworkOf(const IpAddress& ip);

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_NODE_PEER_ADDRESS_H_
