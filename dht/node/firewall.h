// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Firewall: decides about one datagram before OpenDHT sees it.
//
// OpenDHT 2.4 trusts the shape of what it parses: single packets stop the process, and values of
// types that it does not know are stored all the same. So only what our own nodes say to each other
// passes: the requests ping, find, get, put and refresh, their answers, and errors, each with the
// fields that it has and no other. Listening, values in several packets, and values with an owner,
// a signature or encryption of OpenDHT's own are not spoken here.

#ifndef COMMRESOLVE_DHT_NODE_FIREWALL_H_
#define COMMRESOLVE_DHT_NODE_FIREWALL_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "dht/node/value_rule.h"

namespace commresolve::dht {

/// The longest datagram that passes, and the most values that an answer names.
constexpr size_t kMaxPacket = 4096;
constexpr size_t kMaxNamedValues = 256;

/// Why a datagram was dropped.
enum class Drop : uint8_t {
  kNone,       ///< It passes.
  kMalformed,  ///< Empty, too long, not msgpack, or not of the shape that its kind has.
  kForeign,    ///< Of another network.
  kUnspoken,   ///< A kind of message that our nodes never send.
  kValue,      ///< A value of an unknown type, without data, too long, or with more than that.
  kRate,       ///< Well-formed, and more than its network may send (RateLimits).
  kIds,        ///< Well-formed, and of one id more than its network may have (IdLimits).
};
constexpr size_t kDropReasons = 7;

/// "malformed", "foreign", ... for status and metrics.
const char* DropName(Drop drop);

/// What the engine has to know of a datagram that passes.
struct PacketFacts {
  Drop drop = Drop::kMalformed;
  bool request = false;  ///< Somebody wants something; otherwise an answer or an error.
  bool client = false;   ///< The sender wants to be in nobody's routing table.
  DhtKey sender{};       ///< The id that the sender claims; zero in an error without one.
  uint64_t stored = 0;   ///< The value id that an answer to `put` or `refresh` confirms, or 0.
};

/// Safe for concurrent use: it keeps nothing but what it was made of.
class Firewall {
 public:
  /// `network` is our network's number; `types` are those of our values.
  Firewall(uint32_t network, std::vector<uint16_t> types)
      : network_(network), types_(std::move(types)) {}

  /// Never fails, never throws; `drop` says everything. Costs about a microsecond.
  [[nodiscard]] PacketFacts Check(std::span<const uint8_t> packet) const;

 private:
  uint32_t network_;
  std::vector<uint16_t> types_;
};

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_NODE_FIREWALL_H_
