// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a node remembers over a restart: its place, and whom it knew.
//
// A text file, mode 0600:
//
//     commresolve-dht-node 1
//     id 0123456789abcdef0123456789abcdef01234567
//     peer 89abcdef0123456789abcdef0123456789abcdef 192.0.2.7:4222

#ifndef COMMRESOLVE_DHT_NODE_STATE_FILE_H_
#define COMMRESOLVE_DHT_NODE_STATE_FILE_H_

#include <string>
#include <vector>

#include "dht/node/engine.h"

namespace commresolve::dht {

struct NodeState {
  DhtKey id{};
  std::vector<KnownPeer> peers;
};

/// kNotFound if there is no such file, kCorrupt with the line if it is not as above, as ReadFile()
/// for what cannot be read.
Result<NodeState> ReadState(const std::string& path);
/// Replaces the file as a whole; of the peers the first 256 are written. kUnavailable.
Status WriteState(const std::string& path, const NodeState& state);

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_NODE_STATE_FILE_H_
