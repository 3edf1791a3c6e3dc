// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// OpenDht: OpenDHT's Dht behind types of ours, with our socket and without its exceptions.

#ifndef COMMRESOLVE_DHT_NODE_OPEN_DHT_H_
#define COMMRESOLVE_DHT_NODE_OPEN_DHT_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "dht/node/packets.h"
#include "dht/node/peer_address.h"
#include "dht/node/transport.h"
#include "dht/node/value_rule.h"

namespace dht {
class Dht;
}  // namespace dht

namespace commresolve::dht {

using SteadyTime = std::chrono::steady_clock::time_point;

struct OpenDhtOptions {
  uint32_t network = 0;
  DhtKey id{};          ///< All zero for a random one.
  bool client = false;  ///< Every packet says so.
  std::vector<KnownPeer> peers;
};

/// Used by one thread. An exception of OpenDHT ends the call that it came from, and is counted.
class OpenDht {
 public:
  /// Whether `value`, which `from` puts under `key`, is stored.
  using Store =
      std::function<bool(const DhtKey& key, const AnsweredValue& value, const PeerAddress& from)>;
  /// Some values of a key. False: enough.
  using Found = std::function<bool(std::span<const AnsweredValue> values)>;
  /// Called from Receive() and Step(), in the middle of OpenDHT's own work: it may note what has to
  /// be done, and call nothing here.
  using Done = std::function<void(bool good)>;

  /// What is sent, and when.
  struct Traffic {
    uint64_t sent = 0;
    uint64_t sent_bytes = 0;
    SteadyTime last_sent{};
  };
  struct Counts {
    size_t peers4 = 0;  ///< Good ones.
    size_t peers6 = 0;
    size_t searches = 0;
    size_t stored_values = 0;
    size_t stored_bytes = 0;
  };

  /// Stores the types of `rules`, for their time. `transport` and `now`, its owner's time, are
  /// borrowed. kUnavailable if OpenDHT refuses to start.
  static Result<std::unique_ptr<OpenDht>> Create(const OpenDhtOptions& options,
                                                 const std::vector<ValueRule>& rules,
                                                 const Store& store, Transport& transport,
                                                 const SteadyTime& now);
  ~OpenDht();
  OpenDht(const OpenDht&) = delete;
  OpenDht& operator=(const OpenDht&) = delete;

  void Receive(const PeerAddress& from, std::span<const uint8_t> packet);
  void Step();
  /// When Step() is wanted at the latest.
  [[nodiscard]] SteadyTime Next() const { return wanted_; }

  void Put(const DhtKey& key, const AnsweredValue& value, Done done);
  void CancelPut(const DhtKey& key, uint64_t value_id);
  void Get(const DhtKey& key, Found found, Done done);
  void Ping(const PeerAddress& address);

  /// Looks anew whether anybody answers.
  bool Connected();
  /// Whether a value is stored here.
  [[nodiscard]] bool Keeps(const DhtKey& key, uint64_t value_id) const;
  [[nodiscard]] const DhtKey& id() const { return id_; }
  /// Good nodes.
  [[nodiscard]] std::vector<KnownPeer> Peers() const;
  [[nodiscard]] Counts counts() const;
  [[nodiscard]] const Traffic& traffic() const { return traffic_; }
  [[nodiscard]] uint64_t faults() const { return faults_; }

 private:
  OpenDht(const OpenDhtOptions& options, Transport& transport, const SteadyTime& now);
  void Register(const ValueRule& rule, const Store& store);
  template <class F>
  void Guarded(F&& call);

  const SteadyTime& now_;
  Traffic traffic_;
  uint64_t faults_ = 0;
  SteadyTime wanted_ = SteadyTime::min();
  DhtKey id_{};
  std::unique_ptr<::dht::Dht> dht_;  // Last: it sends when it goes.
};

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_NODE_OPEN_DHT_H_
