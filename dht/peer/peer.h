// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Peer: a running node, and a publisher that works off a queue through it.

#ifndef COMMRESOLVE_DHT_PEER_PEER_H_
#define COMMRESOLVE_DHT_PEER_PEER_H_

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "dht/node/node.h"
#include "dht/peer/node_ways.h"
#include "dht/publish/publisher.h"

namespace commresolve::dht {

struct PeerOptions {
  NodeOptions node;  ///< `engine.rules` is not looked at: they are RecordRules().
  PublishOptions publish;
  Signers signers;  ///< `owner` is called on the publisher's thread.
};

/// Safe for concurrent use, but Stop().
class Peer {
 public:
  /// `queue` and `clock` are borrowed. As Node::Start().
  static Result<std::unique_ptr<Peer>> Start(PeerOptions options, PublishQueue& queue,
                                             const Clock& clock);
  ~Peer();

  /// Ends the publisher, then the node, as Node::Stop(). The second time it does nothing.
  Status Stop();

  /// From now on this is published. What is under way of the rest may still arrive.
  void Configure(const PublishOptions& publish);
  /// Something may be due: looks at the queue at once, and not within three seconds only.
  void Wake();
  /// As Node::Reach().
  void Reach(std::vector<PeerAddress> addresses) { node_->Reach(std::move(addresses)); }

  /// For searches; its callbacks come on the node's thread.
  Getter& getter() { return getter_; }
  [[nodiscard]] uint64_t questions() const { return getter_.questions(); }
  [[nodiscard]] Health health() const { return node_->health(); }
  [[nodiscard]] PeerAddress Bound(bool v6) const { return node_->Bound(v6); }
  /// Why the publisher's last step failed, or a content could not be sealed; empty if all is well.
  [[nodiscard]] std::string problem() const;

 private:
  Peer(std::unique_ptr<Node> node, Signers signers, PublishQueue& queue, const Clock& clock);
  void Run();

  std::unique_ptr<Node> node_;
  NodePutter putter_;
  NodeGetter getter_;
  const Signers signers_;
  PublishQueue& queue_;
  const Clock& clock_;
  mutable std::mutex lock_;  // Guards what follows.
  std::condition_variable changed_;
  bool stop_ = false;
  bool woken_ = false;
  std::optional<PublishOptions> new_options_;  ///< Not yet taken up.
  std::string problem_;
  std::thread thread_;
};

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_PEER_PEER_H_
