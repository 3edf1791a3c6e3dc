// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// JoinPlan: whom a node contacts to get into the network, and to stay in the whole of it.
//
// Joining through one seed alone leaves a young network shaped like a star: newcomers are known to
// the seed only, and values are put where nobody looks. So a newcomer also contacts random peers
// and looks for random places, which makes it known there. The same again every five minutes joins
// the halves of a network that had been cut in two, and finds the dead and the newcomers where the
// own place is: who keeps values there and does not know them sends others the wrong way.

#ifndef COMMRESOLVE_DHT_NODE_JOIN_PLAN_H_
#define COMMRESOLVE_DHT_NODE_JOIN_PLAN_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "dht/node/peer_address.h"

namespace commresolve::dht {

/// Used by one thread.
class JoinPlan {
 public:
  using Time = std::chrono::steady_clock::time_point;
  struct Act {
    std::vector<PeerAddress> ping;
    size_t lookups = 0;  ///< Of random places.
    /// Greet all good nodes, and look for those closest to oneself, too.
    bool own_place = false;
  };

  /// Everything is due at `now`. `seed` is for choosing at random.
  JoinPlan(std::vector<PeerAddress> seeds, std::vector<PeerAddress> peers, uint64_t seed, Time now);

  /// More addresses to choose from; all of them are contacted at once, at `now`. At most 64 are
  /// kept.
  void Add(const std::vector<PeerAddress>& peers, Time now);
  /// The connection was lost, or is not trusted: begin again at `now`.
  void Restart(Time now);

  [[nodiscard]] Time due() const { return due_; }
  /// What to do at `now`, which is due() or later. Cut off: all seeds and 8 peers, after 2 s, 4 s,
  /// up to 60 s. Connected: 3 peers and 3 lookups, three times within a quarter of a minute; later
  /// 3 peers, a seed, a lookup and the own place, every five minutes at last.
  Act Next(bool connected, Time now);

 private:
  [[nodiscard]] std::vector<PeerAddress> Some(const std::vector<PeerAddress>& from, size_t most);

  std::vector<PeerAddress> seeds_;
  std::vector<PeerAddress> peers_;
  std::vector<PeerAddress> fresh_;
  std::mt19937_64 random_;
  Time due_;
  std::chrono::seconds wait_;
  size_t rounds_ = 0;  // Since it was connected.
};

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_NODE_JOIN_PLAN_H_
