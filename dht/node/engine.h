// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Engine: one node of our network, driven step by step by whoever owns it.
//
// OpenDHT's Dht does the routing and the storing. Around it stand our firewall, our limits of rate
// and memory, our rules for values, and our way of joining. The engine has no thread, no socket and
// no clock of its own: Node gives it real ones, the simulator of the tests others. It keeps state
// for each key that it looked up or put for about an hour and looks through all of it with every
// packet, so it serves some hundred keys an hour; WireClient serves any number.

#ifndef COMMRESOLVE_DHT_NODE_ENGINE_H_
#define COMMRESOLVE_DHT_NODE_ENGINE_H_

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "dht/node/admission.h"
#include "dht/node/firewall.h"
#include "dht/node/packets.h"
#include "dht/node/peer_address.h"
#include "dht/node/transport.h"
#include "dht/node/value_rule.h"

namespace commresolve::dht {

using SteadyTime = std::chrono::steady_clock::time_point;

struct EngineOptions {
  /// Nodes of another number are not spoken to. Not a secret: it keeps networks apart, not people.
  uint32_t network = 0;
  /// The place in the network; all zero for a random one.
  DhtKey id{};
  /// Asks and puts, but is in nobody's routing table and stores for nobody: for a node that others
  /// cannot reach, or that is there for a short time.
  bool client = false;
  std::vector<ValueRule> rules;
  AdmissionLimits admission;
  /// Requests that one network (/24, /48) may send a second, and at once. Answers may be four times
  /// as many.
  double requests_per_second = 1000;
  double request_burst = 2000;
  /// Where to begin: addresses that are known to be nodes. All of them are tried.
  std::vector<PeerAddress> seeds;
  /// Nodes of an earlier run. Some of them are tried.
  std::vector<KnownPeer> peers;
};

/// What became of a put. A node that confirms may still have dropped the value, for a rule of its
/// own or out of malice: only reading it back shows that it is there.
struct PutResult {
  bool confirmed = false;  ///< By all of the nodes closest to the key that answered.
  size_t replicas = 0;     ///< How many nodes said that they have it.
};
using PutDone = std::function<void(const PutResult&)>;

/// One value that was found. `payload` is valid during the call.
struct FoundValue {
  uint16_t type = 0;
  uint64_t id = 0;
  std::span<const uint8_t> payload;
};
enum class GetEnd : uint8_t {
  kComplete,  ///< The nodes closest to the key have said what they have.
  kStopped,   ///< The caller had enough.
  kDeadline,  ///< The time was over first.
  kFailed,    ///< No node could be asked.
};
/// Called for each different value that keeps its rule, as they arrive. False: enough.
using OnValue = std::function<bool(const FoundValue&)>;
using GetDone = std::function<void(GetEnd)>;

/// What a person or a metric wants to know of a node.
struct Health {
  size_t peers4 = 0;  ///< That answered lately, over IPv4.
  size_t peers6 = 0;
  size_t networks = 0;          ///< Different /24 and /48 among them: few may be one owner.
  uint64_t estimated_size = 0;  ///< EstimateNetworkSize().
  bool connected = false;
  /// Something was sent in the last five minutes, and for as long nothing came back: the address
  /// has changed, or a firewall shut.
  bool zombie = false;
  uint64_t joins = 0;  ///< How often it became connected. Put again when it grows.
  size_t stored_values = 0;
  size_t stored_bytes = 0;  ///< Of payload.
  size_t searches = 0;      ///< Keys that are kept in mind.
  uint64_t received = 0;    ///< Datagrams, those that were dropped included.
  uint64_t sent = 0;
  uint64_t received_bytes = 0;
  uint64_t sent_bytes = 0;
  std::array<uint64_t, kDropReasons> dropped{};  ///< By Drop.
  uint64_t refused_by_rule = 0;                  ///< Values that broke their rule.
  uint64_t refused_for_room = 0;                 ///< Values that Admission refused.
  uint64_t faults = 0;                           ///< Exceptions of OpenDHT that were caught.
};

/// Used by one thread. Callbacks come from Receive(), Step() and Put() or Get() itself; they may
/// call Put() and Get(). What is under way when the engine ends is not called back.
class Engine {
 public:
  /// `transport` and `clock` (for rules and expiry) are borrowed. kInvalidArgument if `rules` is
  /// empty, a rule has no check or no expiry, or two have one type; kUnavailable if OpenDHT refuses
  /// to start.
  static Result<std::unique_ptr<Engine>> Create(EngineOptions options, Transport& transport,
                                                const Clock& clock, SteadyTime now);
  ~Engine();

  /// Takes a datagram that arrived at `now`.
  void Receive(const PeerAddress& from, std::span<const uint8_t> packet, SteadyTime now);
  /// Does what is due at `now`.
  void Step(SteadyTime now);
  /// When Step() is wanted at the latest. Earlier does no harm. Changes with every other call.
  [[nodiscard]] SteadyTime Next() const;

  /// Stores `payload` at the nodes closest to `key` and calls `done` once, at `deadline` at the
  /// latest. It is kept here too. It is put once: whoever wants it to live longer than the expiry
  /// of its type puts it again. kInvalidArgument, without calling, if its own rule refuses it.
  Status Put(const DhtKey& key, uint16_t type, std::span<const uint8_t> payload,
             SteadyTime deadline, PutDone done);

  /// Looks for values under `key` until `deadline` and then calls `done`, once. At most 1024
  /// different values are looked at. Who relies on finding nothing is at the mercy of the nodes
  /// around the key.
  void Get(const DhtKey& key, SteadyTime deadline, OnValue on_value, GetDone done);

  /// Ends every put and get that is under way, as unconfirmed and kFailed, and calls back now.
  void Cancel();

  /// Tries to reach `addresses`, beside the seeds.
  void Reach(std::span<const PeerAddress> addresses);

  [[nodiscard]] const DhtKey& id() const;
  /// Good nodes, for the next start.
  [[nodiscard]] std::vector<KnownPeer> Peers() const;
  [[nodiscard]] Health health() const;

 private:
  class Impl;
  explicit Engine(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_NODE_ENGINE_H_
