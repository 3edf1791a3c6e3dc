// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// RecordRules: the rules of our records, for a node.

#ifndef COMMRESOLVE_DHT_PEER_RECORD_RULES_H_
#define COMMRESOLVE_DHT_PEER_RECORD_RULES_H_

#include <vector>

#include "dht/node/value_rule.h"

namespace commresolve::dht {

/// One rule for each of RecordKinds(), each with CheckForStore().
std::vector<ValueRule> RecordRules();

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_PEER_RECORD_RULES_H_
