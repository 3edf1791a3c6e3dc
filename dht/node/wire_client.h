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

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <vector>

#include "dht/node/engine.h"
#include "dht/node/firewall.h"
#include "dht/node/packets.h"
#include "dht/node/transport.h"

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
  struct Operation;
  using Shared = std::shared_ptr<Operation>;
  // A node knows eight others of each distance, that is, of each number of first bits that it
  // shares with them. So what it says of one key holds for all keys at that distance.
  static constexpr size_t kDistances = 24;
  struct Peer {
    PeerAddress address;
    Token token{};
    SteadyTime token_until{};
    SteadyTime dead_until{};
    std::array<SteadyTime, kDistances> told_until{};
    std::map<size_t, std::set<Shared>> waiting;  // By the distance that it is being asked about.
  };
  enum class Kind : uint8_t { kFind, kPut, kIds, kValue };
  struct Asked {
    Kind kind;
    DhtKey peer;
    PeerAddress address;
    Packet packet;
    Shared operation;   // None for kFind.
    uint64_t value_id;  // For kFind the distance.
    int tries;
  };

  [[nodiscard]] std::vector<DhtKey> Closest(const DhtKey& key, size_t count) const;
  void AddPeers(std::span<const KnownPeer> peers);
  RequestHead Head();
  Peer& PeerOf(const Asked& asked);
  void Sweep();
  void Begin(const Shared& operation, SteadyTime deadline);
  void Ask(Asked asked);
  void SendAgain(uint32_t number);
  void GiveUp(const Asked& asked);
  void Handle(const Asked& asked, const Answer& answer);
  void HandleFind(const Asked& asked, const Answer& answer);
  void HandlePut(const Asked& asked, const Answer& answer);
  void HandleIds(const Asked& asked, const Answer& answer);
  void HandleValue(const Asked& asked, const Answer& answer);
  void Resume(Peer& peer, size_t distance);
  bool Explore(const Shared& operation, const std::vector<DhtKey>& closest);
  void Advance(const Shared& operation);
  void AdvancePut(const Shared& operation, const std::vector<DhtKey>& closest);
  void AdvanceGet(const Shared& operation, const std::vector<DhtKey>& closest);
  void End(const Shared& operation, GetEnd end);
  [[nodiscard]] Status Check(const DhtKey& key, uint16_t type, uint64_t value_id,
                             std::span<const uint8_t> payload) const;

  std::vector<ValueRule> rules_;
  uint32_t network_;
  Transport& transport_;
  const Clock& clock_;
  Firewall firewall_;
  SteadyTime now_;
  SteadyTime sweep_due_{};
  DhtKey id_{};
  uint32_t number_ = 0;
  std::set<Shared> operations_;
  std::set<Shared> alone_;  // Of them those that know nobody to ask.
  std::multimap<SteadyTime, Shared> deadlines_;
  std::map<DhtKey, Peer> peers_;
  std::map<uint32_t, Asked> asked_;
  std::multimap<SteadyTime, uint32_t>
      timeouts_;  // Of asked_; those that were answered are passed over.
};

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_NODE_WIRE_CLIENT_H_
