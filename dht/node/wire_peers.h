// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// WirePeers: what a WireClient knows of the nodes of the network.

#ifndef COMMRESOLVE_DHT_NODE_WIRE_PEERS_H_
#define COMMRESOLVE_DHT_NODE_WIRE_PEERS_H_

#include <array>
#include <cstddef>
#include <map>
#include <set>
#include <span>
#include <vector>

#include "dht/node/packets.h"
#include "dht/node/transport.h"
#include "dht/node/wire_operation.h"

namespace commresolve::dht {

/// A node knows eight others of each distance, that is, of each number of first bits that it
/// shares with them. So what it says of one key holds for all keys at that distance.
inline constexpr size_t kWireDistances = 24;

/// How far apart two keys are: the number of first bits that are the same, below kWireDistances.
size_t WireDistance(const DhtKey& a, const DhtKey& b);

struct WirePeer {
  PeerAddress address;
  Token token{};
  SteadyTime token_until{};
  SteadyTime dead_until{};  ///< Zero: it may live.
  std::array<SteadyTime, kWireDistances> told_until{};
  /// Whom its answer concerns, by the distance that it is being asked about.
  std::map<size_t, std::set<SharedOperation>> waiting;

  /// It does not answer, or not as it should.
  void Bury(SteadyTime now);
  /// Its token and what it told hold no longer.
  void Forget();
};

/// Used by one thread.
class WirePeers {
 public:
  /// `own` is never taken in, and nobody whom `transport`, borrowed, does not reach.
  WirePeers(const DhtKey& own, const Transport& transport) : own_(own), transport_(transport) {}

  void Add(std::span<const KnownPeer> peers, SteadyTime now);
  /// Forgets whoever was dead for long and is not spoken of any more, or every key would meet all
  /// the dead of its region.
  void Sweep(SteadyTime now);

  /// Of those that may live.
  [[nodiscard]] std::vector<DhtKey> Closest(const DhtKey& key, size_t count) const;
  /// One that Closest() named.
  WirePeer& operator[](const DhtKey& id) { return peers_[id]; }
  /// One that was asked, and may have been forgotten meanwhile.
  WirePeer& Asked(const DhtKey& id, const PeerAddress& address);
  [[nodiscard]] size_t size() const { return peers_.size(); }

 private:
  const DhtKey own_;
  const Transport& transport_;
  std::map<DhtKey, WirePeer> peers_;
};

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_NODE_WIRE_PEERS_H_
