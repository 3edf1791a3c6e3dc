// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// WireClient: puts and gets by the ten thousand, by packets of our own.
//
// An Engine keeps state for each key and looks through all of it with every packet. This client
// keeps state for each node instead: its address, its neighbours and its token, which hold for ten
// minutes. What it knows of the network serves every key, so that a put costs eight packets and one
// round trip, and always goes to those who are closest now. It stores nothing and is in nobody's
// routing table.

#ifndef COMMRESOLVE_DHT_NODE_WIRE_CLIENT_H_
#define COMMRESOLVE_DHT_NODE_WIRE_CLIENT_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <vector>

#include "dht/node/engine.h"
#include "dht/node/firewall.h"
#include "dht/node/packets.h"
#include "dht/node/transport.h"
#include "dht/node/wire_operation.h"
#include "dht/node/wire_peers.h"
#include "dht/node/wire_requests.h"

namespace commresolve::dht {

struct WireClientOptions {
  uint32_t network = 0;
  std::vector<ValueRule> rules;
  /// Where to begin, for example those that Engine::Peers() names.
  std::vector<KnownPeer> peers;
};

/// Used by one thread. Callbacks come from Receive(), Step(), Learn(), Put(), Get() and Cancel();
/// they may call Put() and Get(). How much is under way at once is up to the caller: 32 operations
/// keep a network of 100 ms busy with some hundred a second.
class WireClient {
 public:
  /// `transport` and `clock` are borrowed.
  WireClient(WireClientOptions options, Transport& transport, const Clock& clock, SteadyTime now);

  /// Takes a datagram that arrived at `now`. False if it does not answer a request of ours.
  bool Receive(const PeerAddress& from, std::span<const uint8_t> packet, SteadyTime now);
  /// Does what is due at `now`.
  void Step(SteadyTime now);
  /// When Step() is wanted at the latest. Changes with every other call.
  [[nodiscard]] SteadyTime Next() const;

  /// More nodes to begin with. What found nobody to ask goes on.
  void Learn(std::span<const KnownPeer> peers);

  /// As Engine::Put(), as often as one likes; nothing is kept here. kInvalidArgument, without
  /// calling, if its own rule refuses `payload`.
  Status Put(const DhtKey& key, uint16_t type, std::span<const uint8_t> payload,
             SteadyTime deadline, PutDone done);
  /// As Engine::Get(): asks all of the closest nodes for ids, and for each value one who names it,
  /// the next if that one does not give it.
  void Get(const DhtKey& key, SteadyTime deadline, OnValue on_value, GetDone done);
  /// As Engine::Cancel().
  void Cancel();

  [[nodiscard]] size_t under_way() const { return operations_.size(); }
  [[nodiscard]] size_t known_peers() const { return peers_.size(); }

 private:
  using Shared = SharedOperation;

  RequestHead Head();
  void Begin(const Shared& operation, SteadyTime deadline);
  void Ask(WireRequest request);
  void GiveUp(const WireRequest& request);
  void Handle(const WireRequest& request, const Answer& answer);
  void HandleFind(const WireRequest& request, const Answer& answer);
  void HandlePut(const WireRequest& request, const Answer& answer);
  void HandleIds(const WireRequest& request, const Answer& answer);
  void HandleValue(const WireRequest& request, const Answer& answer);
  void Resume(WirePeer& peer, size_t distance);
  bool Explore(const Shared& operation, const std::vector<DhtKey>& closest);
  void Advance(const Shared& operation);
  void AdvancePut(const Shared& operation, const std::vector<DhtKey>& closest);
  void AdvanceGet(const Shared& operation, const std::vector<DhtKey>& closest);
  void End(const Shared& operation, GetEnd end);

  std::vector<ValueRule> rules_;
  uint32_t network_;
  const Clock& clock_;
  Firewall firewall_;
  SteadyTime now_;
  SteadyTime sweep_due_{};
  DhtKey id_;
  uint32_t number_ = 0;
  WirePeers peers_;
  WireRequests requests_;
  std::set<Shared> operations_;
  std::set<Shared> alone_;  // Of them those that know nobody to ask.
  std::multimap<SteadyTime, Shared> deadlines_;
};

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_NODE_WIRE_CLIENT_H_
