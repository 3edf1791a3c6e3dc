// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Gate: every datagram passes here before OpenDHT sees it.

#ifndef COMMRESOLVE_DHT_NODE_GATE_H_
#define COMMRESOLVE_DHT_NODE_GATE_H_

#include <chrono>
#include <cstdint>
#include <span>
#include <vector>

#include "dht/node/firewall.h"
#include "dht/node/id_limits.h"
#include "dht/node/peer_address.h"
#include "dht/node/rate_limits.h"

namespace commresolve::dht {

/// Firewall, RateLimits and IdLimits, in this order: what costs least comes first. Used by one
/// thread.
class Gate {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// As Firewall(). One network (/24, /48) may send so many requests a second, and so many at once;
  /// answers four times as many.
  Gate(uint32_t network, std::vector<uint16_t> types, double requests_per_second,
       double request_burst);

  /// What Firewall::Check() says of `packet`, or why it is dropped nevertheless.
  PacketFacts Judge(const PeerAddress& from, std::span<const uint8_t> packet, Time now);

 private:
  Firewall firewall_;
  RateLimits requests_;
  RateLimits answers_;
  IdLimits ids_;
};

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_NODE_GATE_H_
