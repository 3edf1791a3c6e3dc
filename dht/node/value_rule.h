// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// ValueRule: what a node asks of a value of one type before it stores or passes it on.

#ifndef COMMRESOLVE_DHT_NODE_VALUE_RULE_H_
#define COMMRESOLVE_DHT_NODE_VALUE_RULE_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "dht/record/ids.h"
#include "resolver/base/clock.h"
#include "resolver/base/result.h"

namespace commresolve::dht {

/// One type of values. Types that no rule names are neither stored nor passed on.
struct ValueRule {
  /// The number of the type in a packet.
  uint16_t type = 0;
  /// For logs, for example "owner".
  std::string name;
  /// How long a node keeps a value after it was put. What is put again lives again as long.
  std::chrono::seconds expiry{};
  /// Whether `payload`, 1 to kMaxRecordBytes bytes, may be stored under `key` as number `value_id`
  /// at the time `now`. Called on the node's thread for each value that arrives, from a stranger's
  /// put or from an answer, so it costs at most a signature check and never waits.
  std::function<Status(const DhtKey& key, uint64_t value_id, std::span<const uint8_t> payload,
                       UnixTime now)>
      check;
};

/// kInvalidArgument if there is no rule, one has no check or no expiry, or two have one type.
Status CheckRules(const std::vector<ValueRule>& rules);
std::vector<uint16_t> TypesOf(const std::vector<ValueRule>& rules);
/// Asks the rule of `type`. kInvalidArgument without one, and for a payload of no or too many
/// bytes.
Status CheckValue(const std::vector<ValueRule>& rules, const DhtKey& key, uint16_t type,
                  uint64_t value_id, std::span<const uint8_t> payload, UnixTime now);

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_NODE_VALUE_RULE_H_
