// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How many nodes the network has, from how close our neighbours are.

#ifndef COMMRESOLVE_DHT_NODE_NETWORK_SIZE_H_
#define COMMRESOLVE_DHT_NODE_NETWORK_SIZE_H_

#include <cstdint>
#include <span>

#include "dht/node/value_rule.h"

namespace commresolve::dht {

/// Node ids are spread evenly, so the distance of the eighth closest says how dense they lie. The
/// standard error is about 40 %. Counts ourselves. With fewer than eight others it is their number.
/// Who makes many ids near ours makes it too large: for people to look at, never to decide by.
uint64_t EstimateNetworkSize(const DhtKey& ours, std::span<const DhtKey> others);

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_NODE_NETWORK_SIZE_H_
