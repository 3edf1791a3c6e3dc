// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// From kinds of records to rules.

#include "dht/peer/record_rules.h"

#include "dht/record/check_for_store.h"

namespace commresolve::dht {

std::vector<ValueRule> RecordRules() {
  std::vector<ValueRule> rules;
  rules.reserve(RecordKinds().size());
  for (const RecordKind& kind : RecordKinds()) {
    ValueRule rule;
    rule.type = static_cast<uint16_t>(kind.type);
    rule.name = kind.name;
    rule.expiry = std::chrono::seconds(kind.stored_for);
    rule.check = [type = kind.type](const DhtKey& key, uint64_t value_id,
                                    std::span<const uint8_t> payload, UnixTime now) {
      return CheckForStore(type, key, value_id, payload, now);
    };
    rules.push_back(std::move(rule));
  }
  return rules;
}

}  // namespace commresolve::dht
