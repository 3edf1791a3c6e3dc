// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The simulations, in any size: small ones are tests, full ones a table.

#ifndef COMMRESOLVE_TESTS_DHT_SIM_SCENARIOS_H_
#define COMMRESOLVE_TESTS_DHT_SIM_SCENARIOS_H_

#include <string>
#include <vector>

#include "tests/dht/sim/world.h"

namespace commresolve::sim {

/// A line of a table.
struct Row {
  std::string what;
  Figures figures;
};
using Rows = std::vector<Row>;

/// Publishes and looks up `records` in a settled network.
Rows Settled(size_t nodes, size_t records, Links links);
/// Three waves, one an hour, each of which replaces 30 % of the nodes at once; looks up at once and
/// five minutes after. Publishers put again every half hour.
Rows Waves(size_t nodes, size_t records);
/// Nodes that live four hours on average; looks up every hour, by nodes and by a new wire client.
/// Publishers put again every two hours.
Rows Sessions(size_t nodes, size_t records, size_t hours);
/// Cuts the network into random halves for two hours, and heals it. Publishers put again every
/// hour.
Rows Cut(size_t nodes, size_t records);

/// Many records by one wire client, looked up by it and by nodes; then 30 % of the nodes are
/// replaced, and it puts and looks up again.
Rows Bulk(size_t nodes, size_t records);

/// 30 % of `nodes` are hostile: a part stores nothing, a part keeps forgeries and old records for
/// all keys and tells them. A puppet has squatted the number of every record before it is put, and
/// 16 more sit around the key of record 0.
struct HostileRows {
  Rows rows;
  bool eclipsed = false;  ///< Record 0 is not found.
};
HostileRows Hostile(size_t nodes, size_t records);

/// One /24 sends every node `values` valid values of its own and `requests` requests, then the
/// records are looked up again.
struct FloodRows {
  Rows rows;
  uint64_t sent = 0;
  uint64_t over_rate = 0;
  uint64_t refused_for_room = 0;
  size_t most_values = 0;  ///< That a node keeps.
};
FloodRows Flood(size_t nodes, size_t records, size_t values, size_t requests);

/// Damaged and random packets, `packets` of them, at one node of a network at work.
struct FuzzRows {
  size_t sent = 0;
  size_t passed = 0;  ///< The firewall; OpenDHT has seen them.
  size_t honest = 0;  ///< Honest packets that the node received meanwhile.
  uint64_t honest_dropped = 0;
  uint64_t faults = 0;  ///< Exceptions of OpenDHT.
  Figures after;        ///< Lookups by the node itself, afterwards.
};
FuzzRows Fuzz(size_t packets);

}  // namespace commresolve::sim

#endif  // COMMRESOLVE_TESTS_DHT_SIM_SCENARIOS_H_
