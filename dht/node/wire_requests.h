// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// WireRequests: packets that wait for their answer, and are sent again if it does not come.

#ifndef COMMRESOLVE_DHT_NODE_WIRE_REQUESTS_H_
#define COMMRESOLVE_DHT_NODE_WIRE_REQUESTS_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>

#include "dht/node/packets.h"
#include "dht/node/transport.h"
#include "dht/node/wire_operation.h"

namespace commresolve::dht {

struct WireRequest {
  enum class Kind : uint8_t { kFind, kPut, kIds, kValue };
  Kind kind = Kind::kFind;
  DhtKey peer{};
  PeerAddress address;
  Packet packet;
  SharedOperation operation;  ///< None for kFind.
  uint64_t value_id = 0;      ///< For kFind the distance.
};

/// Used by one thread.
class WireRequests {
 public:
  /// `transport` is borrowed.
  explicit WireRequests(Transport& transport) : transport_(transport) {}

  /// Sends `request`, whose packet bears `number`, three times at most.
  void Send(uint32_t number, WireRequest request, SteadyTime now);
  /// The request that `answer`, received from `from`, belongs to; only whoever was asked may
  /// answer.
  std::optional<WireRequest> Answered(const Answer& answer, const PeerAddress& from);
  /// Sends again what is due, and hands out what nobody answered.
  void Step(SteadyTime now, const std::function<void(const WireRequest&)>& lost);
  /// When Step() is wanted.
  [[nodiscard]] SteadyTime Next() const {
    return timeouts_.empty() ? SteadyTime::max() : timeouts_.begin()->first;
  }

 private:
  struct Sent {
    WireRequest request;
    size_t tries = 0;
  };
  void SendAgain(uint32_t number, Sent& sent, SteadyTime now);

  Transport& transport_;
  std::map<uint32_t, Sent> sent_;
  std::multimap<SteadyTime, uint32_t>
      timeouts_;  // Of sent_; those that were answered are passed over.
};

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_NODE_WIRE_REQUESTS_H_
