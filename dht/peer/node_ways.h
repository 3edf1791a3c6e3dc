// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A node as the publisher's and the searches' way into the network.

#ifndef COMMRESOLVE_DHT_PEER_NODE_WAYS_H_
#define COMMRESOLVE_DHT_PEER_NODE_WAYS_H_

#include <atomic>

#include "dht/find/getter.h"
#include "dht/node/node.h"
#include "dht/publish/putter.h"

namespace commresolve::dht {

/// Safe for concurrent use. `node` is borrowed.
class NodePutter final : public Putter {
 public:
  explicit NodePutter(Node& node) : node_(node) {}
  void Put(const DhtKey& key, uint16_t type, std::vector<uint8_t> payload, OnPut done) override;

 private:
  Node& node_;
};

/// Safe for concurrent use. `node` is borrowed. Callbacks come on its thread.
class NodeGetter final : public Getter {
 public:
  explicit NodeGetter(Node& node) : node_(node) {}
  void Get(const DhtKey& key, std::chrono::milliseconds patience, OnPayload on_value,
           std::function<void()> done) override;
  /// Keys that were asked for so far.
  [[nodiscard]] uint64_t questions() const { return questions_; }

 private:
  Node& node_;
  std::atomic<uint64_t> questions_{0};
};

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_PEER_NODE_WAYS_H_
