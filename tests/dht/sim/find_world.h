// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A world with the real records, who searches there, and what came of it.

#ifndef COMMRESOLVE_TESTS_DHT_SIM_FIND_WORLD_H_
#define COMMRESOLVE_TESTS_DHT_SIM_FIND_WORLD_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "dht/find/peer_search.h"
#include "tests/dht/sim/questions.h"
#include "tests/dht/sim/world.h"

namespace commresolve::sim {

struct FindFigures {
  std::string what;
  size_t searches = 0;
  size_t answered = 0;    ///< With a claim that is right, among the first ten.
  double recall = 0;      ///< Of the ten best of all listings with these words, in the first ten.
  double right = 0;       ///< Share of the first ten that are right; the rest is no lie.
  double forged = 0;      ///< Share of the first ten that are.
  double packets = 0;     ///< Of the whole network, for a search, the idle ones included.
  double kilobytes = 0;   ///< Likewise.
  double values = 0;      ///< Records that were looked at, for a search.
  size_t hot = 0;         ///< Searches that went to shards.
  size_t with_place = 0;  ///< Whose first right claim has an endpoint of the owner's word.
  size_t believed = 0;    ///< Places of forgers that stand as an owner's word.
  Times first;            ///< Until the first claim.
  Times done;
  size_t blocks = 0;    ///< That were put.
  double replicas = 0;  ///< Of each.
};

/// Sums to means.
void Finish(FindFigures& figures);

/// What searching needs of the network, by a wire client.
class SimGetter final : public dht::Getter {
 public:
  SimGetter(Network& network, SimWire& wire) : network_(network), wire_(wire) {}
  void Get(const dht::DhtKey& key, milliseconds patience, dht::OnPayload on_value,
           std::function<void()> done) override;

 private:
  Network& network_;
  SimWire& wire_;
};

/// A world whose nodes keep the real records, but for the last `silent`, which keep nothing.
class FindWorld {
 public:
  FindWorld(size_t nodes, size_t silent);

  SimWire& AddWire();
  /// Puts all, from an address of its own.
  void Put(const std::vector<PutOrder>& orders, FindFigures& figures);

  Network& network() { return world_.network(); }
  World& world() { return world_; }
  [[nodiscard]] UnixTime Now() { return world_.clock().Now(); }

 private:
  World world_;
  std::vector<std::unique_ptr<SimWire>> wires_;
};

/// Where owners live, and where forgers say that they do.
inline constexpr char kTruePlace[] = "9.9.9.9";
inline constexpr char kForgedPlace[] = "6.6.6.6";

using IsForged = std::function<bool(const dht::KeyPrefix&)>;

class Searcher {
 public:
  Searcher(FindWorld& world, dht::SearchKnowledge knowledge);

  /// Searches, and adds what came of it; `tried` is shown the result.
  void Search(const Truth& truth, const IsForged& is_forged, FindFigures& figures,
              const std::function<void(const dht::SearchResult&)>& tried = {});

 private:
  FindWorld& world_;
  SimGetter getter_;
  dht::PeerSearch search_;
};

}  // namespace commresolve::sim

#endif  // COMMRESOLVE_TESTS_DHT_SIM_FIND_WORLD_H_
