// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// LanFinder: nodes of the local links find each other by multicast.
//
// What is heard is a place to begin with, as a bootstrap node that somebody names, and no more: the
// node's firewall and the network itself judge it. Packets are sent with a hop limit of 1 and heard
// at the group's address alone, from addresses of the link that they came over.

#ifndef COMMRESOLVE_DHT_NODE_LAN_FINDER_H_
#define COMMRESOLVE_DHT_NODE_LAN_FINDER_H_

#include <memory>
#include <vector>

#include "dht/node/lan_links.h"
#include "dht/node/lan_pace.h"
#include "dht/node/lan_packet.h"
#include "resolver/base/unique_fd.h"

namespace commresolve::dht {

inline constexpr uint16_t kLanPort = 4223;

struct LanOptions {
  uint32_t network = 0;  ///< Only nodes of it are told of, and heard.
  /// Where the node receives; port 0: not over that family. A node that receives at one address is
  /// told of on the link of that address.
  PeerAddress node4;
  PeerAddress node6;
  uint16_t lan_port = kLanPort;
  bool loopback = false;  ///< That link alone, for tests.
};

/// Used by one thread at a time; never waits.
class LanFinder {
 public:
  using Time = LanPace::Time;

  /// Hears over one family if the system refuses the other. kInvalidArgument if both ports are 0;
  /// kUnavailable if it refuses both, or to tell the links. That there is none yet is fine.
  static Result<std::unique_ptr<LanFinder>> Open(const LanOptions& options);

  /// Speaks if that is due, and hears at most 64 packets: the nodes to begin with, none twice in
  /// ten minutes. To be called every second or so, with times that never go back.
  std::vector<PeerAddress> Step(bool connected, Time now);

 private:
  explicit LanFinder(const LanOptions& options) : options_(options) {}
  Status OpenFamily(bool v6);
  void JoinGroups();
  void Speak();
  void Hear(bool v6, Time now, std::vector<PeerAddress>& found);
  [[nodiscard]] const PeerAddress& Node(bool v6) const {
    return v6 ? options_.node6 : options_.node4;
  }
  [[nodiscard]] bool IsOwn(const PeerAddress& node) const;

  const LanOptions options_;
  UniqueFd v4_;
  UniqueFd v6_;
  std::vector<LanLink> links_;  ///< As they were when it spoke last.
  LanPace pace_;
};

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_NODE_LAN_FINDER_H_
