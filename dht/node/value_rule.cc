// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The rules of a network together.

#include "dht/node/value_rule.h"

#include <algorithm>
#include <set>

namespace commresolve::dht {

Status CheckRules(const std::vector<ValueRule>& rules) {
  std::set<uint16_t> types;
  for (const ValueRule& rule : rules) {
    if (!rule.check || rule.expiry <= std::chrono::seconds(0) || !types.insert(rule.type).second) {
      return Error{Code::kInvalidArgument,
                   "the rule '" + rule.name + "' is not whole, or not alone"};
    }
  }
  if (rules.empty()) return Error{Code::kInvalidArgument, "a node without rules stores nothing"};
  return {};
}

std::vector<uint16_t> TypesOf(const std::vector<ValueRule>& rules) {
  std::vector<uint16_t> types;
  types.reserve(rules.size());
  for (const ValueRule& rule : rules) types.push_back(rule.type);
  return types;
}

Status CheckValue(const std::vector<ValueRule>& rules, const DhtKey& key, uint16_t type,
                  uint64_t value_id, std::span<const uint8_t> payload, UnixTime now) {
  const auto rule = std::ranges::find(rules, type, &ValueRule::type);
  if (rule == rules.end() || payload.empty() || payload.size() > kMaxRecordBytes) {
    return Error{Code::kInvalidArgument, "not a value of this network"};
  }
  return rule->check(key, value_id, payload, now);
}

}  // namespace commresolve::dht
