// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Hosts that wish the network ill.

#ifndef COMMRESOLVE_TESTS_DHT_SIM_HOSTILE_H_
#define COMMRESOLVE_TESTS_DHT_SIM_HOSTILE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <vector>

#include "dht/node/packets.h"
#include "tests/dht/sim/world.h"

namespace commresolve::sim {

/// Stores nothing and says that it did.
dht::ValueRule RefuseAll();
/// Stores whatever it is given, forgeries too.
dht::ValueRule AcceptAll();

/// Writes packets by hand.
class Puppet {
 public:
  Puppet(World& world, PeerAddress address);
  ~Puppet() { world_.network().Detach(address_); }
  Puppet(const Puppet&) = delete;
  Puppet& operator=(const Puppet&) = delete;

  void Send(const PeerAddress& to, const dht::Packet& packet);
  /// Asks everybody for the token without which nothing is stored, and waits for the answers.
  void CollectTokens(const std::vector<PeerAddress>& from);
  /// Puts `payload` as `value_id`, which need not be its own, at all who gave a token.
  void PutEverywhere(const dht::DhtKey& key, uint64_t value_id,
                     const std::vector<uint8_t>& payload);
  [[nodiscard]] size_t tokens() const { return tokens_.size(); }
  [[nodiscard]] dht::RequestHead Head();

 private:
  World& world_;
  PeerAddress address_;
  dht::DhtKey id_;
  uint32_t number_ = 0;
  std::map<PeerAddress, dht::Token> tokens_;
};

/// Addresses of all living nodes.
std::vector<PeerAddress> Everybody(World& world);

}  // namespace commresolve::sim

#endif  // COMMRESOLVE_TESTS_DHT_SIM_HOSTILE_H_
