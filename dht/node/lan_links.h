// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The local links of this machine, and who lives on them.

#ifndef COMMRESOLVE_DHT_NODE_LAN_LINKS_H_
#define COMMRESOLVE_DHT_NODE_LAN_LINKS_H_

#include <vector>

#include "resolver/base/result.h"
#include "resolver/endpoint.h"

namespace commresolve::dht {

/// An own address on a link.
struct LanLink {
  unsigned interface = 0;  ///< Number of the network interface.
  IpAddress ip;
  unsigned prefix = 0;  ///< Bits that all addresses of the link share.
  bool operator==(const LanLink&) const = default;
};

/// The links that are up and know multicast; with `loopback` (for tests) that one alone. Without
/// link-local addresses: those mean nothing without the name of the link. kUnavailable if the
/// system does not tell.
Result<std::vector<LanLink>> LanLinks(bool loopback);

/// True if `ip` can be a neighbour that was heard at `interface`.
bool IsOnLink(const std::vector<LanLink>& links, unsigned interface, const IpAddress& ip);

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_NODE_LAN_LINKS_H_
