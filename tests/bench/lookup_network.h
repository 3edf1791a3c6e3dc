// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A network with real sockets at addresses of its own: nodes that store, publishers, owners,
// servers.

#ifndef COMMRESOLVE_TESTS_BENCH_LOOKUP_NETWORK_H_
#define COMMRESOLVE_TESTS_BENCH_LOOKUP_NETWORK_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "dht/peer/peer.h"
#include "tests/bench/lookup_plan.h"

namespace commresolve::bench {

/// Nodes with the limits that any node has, at 11.1.0.1, 11.1.1.1, ...
class StoringNodes {
 public:
  /// `clock` is borrowed. Ends the program if a socket cannot be had.
  StoringNodes(size_t count, const Clock& clock);

  /// A client of these nodes at the address `ip`. Publishes nothing of itself.
  [[nodiscard]] dht::PeerOptions OptionsAt(const std::string& ip) const;
  [[nodiscard]] std::string bootstrap() const { return seed_.ToString(); }
  [[nodiscard]] dht::Health health() const;  ///< Sums of all.

 private:
  std::vector<std::unique_ptr<dht::Node>> nodes_;
  dht::PeerAddress seed_;
};

/// What was put of the words of the questions: the keys that are claimed to carry each.
using ToldKeys = std::map<std::string, std::set<dht::KeyPrefix>>;

/// What became of publishing.
struct Published {
  size_t sets_made = 0;     ///< Of postings, of all words.
  size_t blocks_made = 0;   ///< Records that they would be.
  size_t sets = 0;          ///< Of these, those that were put: all that may be asked for.
  size_t blocks = 0;        ///< Records that they are.
  size_t observations = 0;  ///< That were put.
  size_t owners = 0;        ///< Owner records that were put.
  size_t unconfirmed = 0;   ///< Contents that not all nodes at their place took.
  uint64_t packets = 0;     ///< Both ways.
  uint64_t bytes = 0;
  ToldKeys told;
};

/// Lets all publishers, four at a time, and then the owners, put what is theirs through the queue
/// of publishing, each once. `all`: also what nobody will ask for. `step` is called from any
/// thread, one at a time, with the number of publishers that are done. Ends the program if one is
/// not done within an hour.
Published PublishAll(const LookupPlan& plan, size_t publishers, const StoringNodes& nodes,
                     const Clock& clock, bool all, const std::function<void(size_t)>& step);

}  // namespace commresolve::bench

#endif  // COMMRESOLVE_TESTS_BENCH_LOOKUP_NETWORK_H_
