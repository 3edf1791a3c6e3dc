// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Putting, searching, and counting what came of it.

#include "tests/dht/sim/find_world.h"

#include <algorithm>
#include <utility>

#include "dht/peer/record_rules.h"
#include "tests/dht/sim/hostile.h"

namespace commresolve::sim {
namespace {

using dht::KeyPrefix;

constexpr size_t kFirst = 10;

void Judge(const Truth& truth, const IsForged& is_forged, const dht::SearchResult& result,
           FindFigures& figures) {
  figures.values += static_cast<double>(result.figures.values);
  figures.hot += result.figures.shards > 0 ? 1 : 0;
  const size_t shown = std::min(result.found.size(), kFirst);
  std::set<KeyPrefix> first;
  size_t forged = 0;
  size_t right = 0;
  for (size_t i = 0; i < shown; ++i) {
    const dht::FoundClaim& found = result.found[i];
    first.insert(found.claim.key);
    forged += is_forged(found.claim.key) ? 1 : 0;
    figures.believed +=
        static_cast<size_t>(std::ranges::count_if(found.places, [](const dht::Place& place) {
          return place.speaker == dht::Speaker::kOwner &&
                 place.endpoint.ip.ToString() != kTruePlace;
        }));
    if (!truth.all.contains(found.claim.key)) continue;
    const bool place = !found.places.empty() && found.places[0].speaker == dht::Speaker::kOwner;
    if (right++ == 0 && place) ++figures.with_place;
  }
  figures.answered += right > 0 ? 1 : 0;
  if (shown > 0) figures.right += static_cast<double>(right) / static_cast<double>(shown);
  if (shown > 0) figures.forged += static_cast<double>(forged) / static_cast<double>(shown);
  const auto got =
      std::ranges::count_if(truth.best, [&](const KeyPrefix& key) { return first.contains(key); });
  figures.recall += static_cast<double>(got) / static_cast<double>(truth.best.size());
}

}  // namespace

void SimGetter::Get(const dht::DhtKey& key, milliseconds patience, dht::OnPayload on_value,
                    std::function<void()> done) {
  wire_.client().Get(
      key, network_.now() + patience,
      [on_value](const dht::FoundValue& v) { return on_value(v.type, v.payload); },
      [done](dht::GetEnd) { done(); });
  wire_.Act();
}

FindWorld::FindWorld(size_t nodes, size_t silent) {
  for (size_t i = 0; i < nodes; ++i) {
    dht::EngineOptions options;
    options.rules = dht::RecordRules();
    if (i >= nodes - silent) options.rules = {RefuseAll()};
    world_.AddNode(std::move(options));
    world_.network().RunFor(milliseconds(50));
  }
  world_.network().RunFor(std::chrono::minutes(2));
}

SimWire& FindWorld::AddWire() {
  dht::WireClientOptions options;
  options.network = kTestNetwork;
  options.rules = dht::RecordRules();
  for (int i = 0; i < 3; ++i) {
    SimNode& node = *world_.nodes()[world_.Anybody()];
    options.peers.push_back({node.engine().id(), node.address()});
  }
  wires_.push_back(std::make_unique<SimWire>(network(), AddressNumber(world_.NextAddress()),
                                             options, world_.clock()));
  return *wires_.back();
}

void FindWorld::Put(const std::vector<PutOrder>& orders, FindFigures& figures) {
  SimWire& wire = AddWire();
  size_t next = 0;
  size_t over = 0;
  double replicas = 0;
  const std::function<void()> more = [&] {
    if (next >= orders.size()) return;
    const PutOrder& order = orders[next++];
    const auto* bytes = reinterpret_cast<const uint8_t*>(order.payload.data());
    const auto done = [&](const dht::PutResult& result) {
      replicas += static_cast<double>(result.replicas);
      ++over;
      more();
    };
    const Status put = wire.client().Put(order.where, static_cast<uint16_t>(order.type),
                                         {bytes, order.payload.size()},
                                         network().now() + std::chrono::seconds(30), done);
    if (!put) done({});
    wire.Act();
  };
  for (int i = 0; i < 32; ++i) more();
  network().RunUntil([&] { return over == orders.size(); }, std::chrono::hours(2));
  figures.blocks += orders.size();
  figures.replicas += replicas;
}

Searcher::Searcher(FindWorld& world, dht::SearchKnowledge knowledge)
    : world_(world),
      getter_(world.network(), world.AddWire()),
      search_(getter_, world.world().clock(), std::move(knowledge), {},
              std::chrono::steady_clock::now, [&world] { return world.network().random()(); }) {}

void Searcher::Search(const Truth& truth, const IsForged& is_forged, FindFigures& figures,
                      const std::function<void(const dht::SearchResult&)>& tried) {
  Network& network = world_.network();
  const SteadyTime begun = network.now();
  const uint64_t packets = network.packets();
  const uint64_t bytes = network.bytes();
  bool any = false;
  bool over = false;
  dht::SearchListener listener;
  listener.on_claim = [&](const dht::Claim&) {
    if (!std::exchange(any, true)) figures.first.Add(network.now() - begun);
    return true;
  };
  listener.done = [&](const dht::SearchResult& result) {
    figures.done.Add(network.now() - begun);
    Judge(truth, is_forged, result, figures);
    if (tried) tried(result);
    over = true;
  };
  ++figures.searches;
  if (!search_.Search(truth.words, truth.words.ToString(), listener)) return;
  network.RunUntil([&] { return over; }, std::chrono::seconds(30));
  figures.packets += static_cast<double>(network.packets() - packets);
  figures.kilobytes += static_cast<double>(network.bytes() - bytes) / 1000;
}

void Finish(FindFigures& figures) {
  const auto searches = static_cast<double>(figures.searches);
  for (double* sum : {&figures.recall, &figures.right, &figures.forged, &figures.packets,
                      &figures.kilobytes, &figures.values}) {
    *sum /= searches;
  }
  figures.replicas /= static_cast<double>(figures.blocks);
}

}  // namespace commresolve::sim
