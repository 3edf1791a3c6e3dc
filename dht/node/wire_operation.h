// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// WireOperation: a put or a get of a WireClient, while it is under way.

#ifndef COMMRESOLVE_DHT_NODE_WIRE_OPERATION_H_
#define COMMRESOLVE_DHT_NODE_WIRE_OPERATION_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include "dht/node/engine.h"

namespace commresolve::dht {

struct WireOperation {
  DhtKey key{};
  std::multimap<SteadyTime, std::shared_ptr<WireOperation>>::iterator deadline;
  bool over = false;
  size_t finds = 0;  ///< Nodes that were asked on its way, to end against those who invent nodes.
  // A put.
  uint16_t type = 0;
  uint64_t value_id = 0;
  std::vector<uint8_t> payload;
  PutDone put_done;
  /// Whom it has asked for what it is about: to store, or for ids.
  std::set<DhtKey> asked;
  std::set<DhtKey> confirmed;
  std::set<DhtKey> refused;
  size_t open = 0;  ///< Requests without an answer yet.
  // A get.
  OnValue on_value;
  GetDone get_done;
  std::map<uint64_t, std::vector<DhtKey>> holders;  ///< Who has not been asked for it yet.
  std::set<uint64_t> settled;                       ///< Asked for, or found.
};
using SharedOperation = std::shared_ptr<WireOperation>;

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_NODE_WIRE_OPERATION_H_
