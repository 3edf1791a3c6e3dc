// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Growing, publishing, looking up, and what it took.

#include "tests/dht/sim/world.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace commresolve::sim {
namespace {

constexpr std::chrono::seconds kPatience{30};
// After everything that is simulated; the same in every put, so that a record stays one value.
constexpr UnixTime kRecordsEnd = 1'800'000'000 + 10 * 86400;

}  // namespace

void Times::Add(std::chrono::nanoseconds time) {
  const double milli = std::chrono::duration<double, std::milli>(time).count();
  all_.insert(std::ranges::upper_bound(all_, milli), milli);
}

double Times::At(double share) const {
  if (all_.empty()) return 0;
  const auto rank = static_cast<size_t>(std::ceil(share * static_cast<double>(all_.size())));
  return all_[std::clamp<size_t>(rank, 1, all_.size()) - 1];
}

World::World(Links links, uint64_t seed) : network_(links, seed) {}

void World::Grow(size_t count, milliseconds apart) {
  for (size_t i = 0; i < count; ++i) {
    AddNode();
    network_.RunFor(apart);
  }
}

size_t World::AddNode(dht::EngineOptions options) {
  nodes_.push_back(MakeNode(std::move(options)));
  return nodes_.size() - 1;
}

void World::Replace(size_t place) {
  nodes_[place].reset();
  nodes_[place] = MakeNode({});
}

std::unique_ptr<SimNode> World::MakeNode(dht::EngineOptions options) {
  options.network = kTestNetwork;
  if (options.rules.empty()) options.rules = {TestRule()};
  if (alive() > 0) {
    const auto first = std::ranges::find_if(nodes_, [](const auto& node) { return !!node; });
    options.seeds = {(*first)->address()};
    for (int i = 0; i < 3; ++i) {
      options.peers.push_back({.id = {}, .address = nodes_[Anybody()]->address()});
    }
  }
  return std::make_unique<SimNode>(network_, AddressNumber(NextAddress()), std::move(options),
                                   clock_);
}

size_t World::Anybody(const Who& who) {
  std::uniform_int_distribution<size_t> any(0, nodes_.size() - 1);
  size_t place = any(network_.random());
  while (!nodes_[place] || (who && !who(*nodes_[place]))) place = any(network_.random());
  return place;
}

size_t World::alive() const {
  return static_cast<size_t>(
      std::ranges::count_if(nodes_, [](const auto& node) { return node != nullptr; }));
}

TestRecord World::Record(size_t number, uint64_t sequence) {
  return {.key = KeyFor("record " + std::to_string(number)),
          .owner = number,
          .sequence = sequence,
          .expires = kRecordsEnd};
}

void World::Put(size_t place, const TestRecord& record, dht::PutDone done) {
  SimNode& node = *nodes_[place];
  const Status put =
      node.engine().Put(record.key, kTestType, Encode(record), network_.now() + kPatience, done);
  if (!put) done({});
  node.Act();
}

Figures World::Run(size_t count, size_t at_once,
                   const std::function<void(size_t, Figures&, std::function<void()>)>& begin) {
  Figures figures;
  figures.asked = count;
  size_t next = 0;
  size_t over = 0;
  const uint64_t packets = network_.packets();
  const SteadyTime started = network_.now();
  const std::function<void()> more = [&] {
    if (next >= count) return;
    begin(next++, figures, [&] {
      ++over;
      more();
    });
  };
  for (size_t i = 0; i < at_once; ++i) more();
  network_.RunUntil([&] { return over == count; }, kPatience * (count / at_once + 2));
  const double seconds = std::chrono::duration<double>(network_.now() - started).count();
  const auto spent = static_cast<double>(network_.packets() - packets);
  // What a network spends for itself, by experience; the figure is for orientation.
  constexpr double kIdle = 0.1;
  figures.packets =
      (spent - kIdle * seconds * static_cast<double>(alive())) / static_cast<double>(count);
  return figures;
}

Figures World::Publish(size_t count, uint64_t sequence, size_t at_once, const Who& who) {
  double replicas = 0;
  Figures figures = Run(count, at_once, [&](size_t number, Figures& f, std::function<void()> over) {
    const SteadyTime begun = network_.now();
    Put(Anybody(who), Record(number, sequence), [&, begun, over](const dht::PutResult& result) {
      f.found += result.confirmed ? 1 : 0;
      replicas += static_cast<double>(result.replicas);
      f.done.Add(network_.now() - begun);
      over();
    });
  });
  figures.replicas = replicas / static_cast<double>(count);
  return figures;
}

std::pair<dht::OnValue, dht::GetDone> World::Judge(Figures& figures, size_t number,
                                                   uint64_t sequence, std::function<void()> over) {
  struct Lookup {
    SteadyTime begun;
    bool any = false;
    TestRecord best;
  };
  const auto lookup = std::make_shared<Lookup>();
  lookup->begun = network_.now();
  const auto on_value = [this, &figures, lookup](const dht::FoundValue& value) {
    const auto record = Decode(value.payload);
    if (!std::exchange(lookup->any, true)) figures.first.Add(network_.now() - lookup->begun);
    if (record->sequence >= lookup->best.sequence) lookup->best = *record;
    return true;
  };
  const auto done = [this, &figures, lookup, number, sequence, over](dht::GetEnd) {
    figures.done.Add(network_.now() - lookup->begun);
    const bool right = lookup->best.owner == number && lookup->best.sequence <= sequence;
    const bool newest = right && lookup->best.sequence == sequence;
    figures.found += lookup->any && newest ? 1 : 0;
    figures.stale += lookup->any && right && !newest ? 1 : 0;
    figures.wrong += lookup->any && !right ? 1 : 0;
    over();
  };
  return {on_value, done};
}

Figures World::LookUp(size_t count, uint64_t sequence, size_t at_once, const Who& who) {
  return Run(count, at_once, [&](size_t number, Figures& figures, std::function<void()> over) {
    SimNode& node = *nodes_[Anybody(who)];
    auto [on_value, done] = Judge(figures, number, sequence, std::move(over));
    node.engine().Get(Record(number, sequence).key, network_.now() + kPatience, std::move(on_value),
                      std::move(done));
    node.Act();
  });
}

SimWire& World::AddWire() {
  dht::WireClientOptions options;
  options.network = kTestNetwork;
  options.rules = {TestRule()};
  for (int i = 0; i < 3; ++i) {
    SimNode& node = *nodes_[Anybody()];
    options.peers.push_back({node.engine().id(), node.address()});
  }
  wires_.push_back(
      std::make_unique<SimWire>(network_, AddressNumber(NextAddress()), options, clock_));
  return *wires_.back();
}

Figures World::PublishBy(SimWire& wire, size_t count, uint64_t sequence, size_t at_once) {
  double replicas = 0;
  Figures figures = Run(count, at_once, [&](size_t number, Figures& f, std::function<void()> over) {
    const SteadyTime begun = network_.now();
    const TestRecord record = Record(number, sequence);
    const auto done = [&, begun, over](const dht::PutResult& result) {
      f.found += result.confirmed ? 1 : 0;
      replicas += static_cast<double>(result.replicas);
      f.done.Add(network_.now() - begun);
      over();
    };
    if (!wire.client().Put(record.key, kTestType, Encode(record), network_.now() + kPatience, done))
      done({});
    wire.Act();
  });
  figures.replicas = replicas / static_cast<double>(count);
  return figures;
}

Figures World::LookUpBy(SimWire& wire, size_t count, uint64_t sequence, size_t at_once) {
  return Run(count, at_once, [&](size_t number, Figures& figures, std::function<void()> over) {
    auto [on_value, done] = Judge(figures, number, sequence, std::move(over));
    wire.client().Get(Record(number, sequence).key, network_.now() + kPatience, std::move(on_value),
                      std::move(done));
    wire.Act();
  });
}

void World::KeepPublished(size_t count, uint64_t sequence, std::chrono::minutes period) {
  std::uniform_real_distribution<> share(0, 1);
  std::vector<SimWire*> publishers;
  for (int i = 0; i < 10; ++i) publishers.push_back(&AddWire());
  for (size_t number = 0; number < count; ++number) {
    SimWire& wire = *publishers[number % publishers.size()];
    const auto first =
        std::chrono::duration_cast<std::chrono::nanoseconds>(period * share(network_.random()));
    network_.At(network_.now() + first,
                [=, this, &wire] { PutAgain(wire, number, sequence, period); });
  }
}

void World::PutAgain(SimWire& wire, size_t number, uint64_t sequence, std::chrono::minutes period) {
  // Who stays long meets new nodes as the node that it belongs to does.
  SimNode& node = *nodes_[Anybody()];
  wire.client().Learn(std::vector{dht::KnownPeer{node.engine().id(), node.address()}});
  const TestRecord record = Record(number, sequence);
  static_cast<void>(wire.client().Put(record.key, kTestType, Encode(record),
                                      network_.now() + kPatience, [](const dht::PutResult&) {}));
  wire.Act();
  const double jitter = std::uniform_real_distribution<>(0.9, 1.0)(network_.random());
  const auto next = std::chrono::duration_cast<std::chrono::nanoseconds>(period * jitter);
  network_.At(network_.now() + next,
              [=, this, &wire] { PutAgain(wire, number, sequence, period); });
}

void World::Churn(std::chrono::minutes mean_session) {
  for (size_t place = 0; place < nodes_.size(); ++place) ReplaceLater(place, mean_session);
}

void World::ReplaceLater(size_t place, std::chrono::minutes mean_session) {
  const double share = std::exponential_distribution<>(1)(network_.random());
  const auto session = std::chrono::duration_cast<std::chrono::nanoseconds>(mean_session * share);
  network_.At(network_.now() + session, [=, this] {
    Replace(place);
    ReplaceLater(place, mean_session);
  });
}

double World::IdleRate(std::chrono::seconds time) {
  const uint64_t before = network_.packets();
  network_.RunFor(time);
  return static_cast<double>(network_.packets() - before) / static_cast<double>(time.count());
}

uint64_t World::Dropped(dht::Drop drop) const {
  uint64_t sum = 0;
  for (const auto& node : nodes_) {
    if (node) sum += node->engine().health().dropped[static_cast<size_t>(drop)];
  }
  return sum;
}

uint64_t World::Faults() const {
  uint64_t sum = 0;
  for (const auto& node : nodes_) {
    if (node) sum += node->engine().health().faults;
  }
  return sum;
}

}  // namespace commresolve::sim
