// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// PeerSharing::Running: a node and the searches through it. Calls that use it keep it alive.

#ifndef COMMRESOLVE_GRPC_SHARING_RUNNING_H_
#define COMMRESOLVE_GRPC_SHARING_RUNNING_H_

#include <memory>
#include <utility>

#include "dht/node/lan_finder.h"
#include "grpc/sharing/peer_sharing.h"

namespace commresolve::daemon {

struct PeerSharing::Running {
  Running(std::unique_ptr<dht::Peer> node, const Clock& clock, dht::SearchKnowledge knowledge,
          const dht::SearchLimits& limits)
      : peer(std::move(node)),
        owners(peer->getter(), clock, knowledge.known),
        search(peer->getter(), clock, std::move(knowledge), limits) {}
  // What the searches call back is over when the node has ended.
  ~Running() { static_cast<void>(peer->Stop()); }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  std::unique_ptr<dht::Peer> peer;
  dht::OwnerSearch owners;
  dht::PeerSearch search;
  std::unique_ptr<dht::LanFinder> lan;  ///< The keeper's own; null unless it is wanted.
};

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_SHARING_RUNNING_H_
