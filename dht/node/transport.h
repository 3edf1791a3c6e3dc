// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Transport: how an engine sends. What arrives is handed to Engine::Receive() by whoever owns both.

#ifndef COMMRESOLVE_DHT_NODE_TRANSPORT_H_
#define COMMRESOLVE_DHT_NODE_TRANSPORT_H_

#include <cstdint>
#include <span>

#include "dht/node/peer_address.h"

namespace commresolve::dht {

/// Real sockets (UdpSocket) or a simulated network. Used by the engine's thread.
class Transport {
 public:
  virtual ~Transport() = default;
  /// Sends one datagram without waiting. 0, or the errno of the failure.
  virtual int Send(const PeerAddress& to, std::span<const uint8_t> packet) = 0;
  /// Our own address of a family, with port 0 if there is no such socket.
  [[nodiscard]] virtual PeerAddress Bound(bool v6) const = 0;
};

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_NODE_TRANSPORT_H_
