// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What happens in each simulation, in order.

#include "tests/dht/sim/scenarios.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "tests/dht/sim/hostile.h"

namespace commresolve::sim {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

void Settle(World& world, size_t nodes) {
  world.Grow(nodes);
  world.network().RunFor(minutes(2));
}

std::vector<size_t> RandomPlaces(World& world, double share) {
  std::vector<size_t> places;
  for (size_t i = 0; i < world.nodes().size(); ++i) places.push_back(i);
  std::ranges::shuffle(places, world.network().random());
  places.resize(static_cast<size_t>(share * static_cast<double>(places.size())));
  return places;
}

}  // namespace

Rows Settled(size_t nodes, size_t records, Links links) {
  World world(links);
  Settle(world, nodes);
  Rows rows;
  rows.push_back({"put", world.Publish(records, 1)});
  rows.push_back({"get", world.LookUp(records, 1)});
  return rows;
}

Rows Waves(size_t nodes, size_t records) {
  World world;
  Settle(world, nodes);
  world.Publish(records, 1);
  world.KeepPublished(records, 1, minutes(30));
  Rows rows;
  for (int wave = 1; wave <= 3; ++wave) {
    for (const size_t place : RandomPlaces(world, 0.3)) world.Replace(place);
    world.network().RunFor(std::chrono::seconds(10));
    const std::string name = "wave " + std::to_string(wave);
    rows.push_back({name + ", after 10 s", world.LookUp(records, 1)});
    world.network().RunFor(minutes(5));
    rows.push_back({name + ", after 5 min", world.LookUp(records, 1)});
    world.network().RunFor(minutes(55));
  }
  return rows;
}

Rows Sessions(size_t nodes, size_t records, size_t hours_long) {
  World world;
  Settle(world, nodes);
  world.Publish(records, 1);
  world.KeepPublished(records, 1, hours(2));
  world.Churn(hours(4));
  Rows rows;
  for (size_t hour = 1; hour <= hours_long; ++hour) {
    world.network().RunFor(hours(1));
    const std::string name = "hour " + std::to_string(hour);
    rows.push_back({name, world.LookUp(records, 1)});
    // As Node gets: by what a node knows, and not by OpenDHT.
    rows.push_back({name + ", wire client", world.LookUpBy(world.AddWire(), records, 1)});
  }
  return rows;
}

Rows Cut(size_t nodes, size_t records) {
  World world;
  Settle(world, nodes);
  world.Publish(records, 1);
  world.KeepPublished(records, 1, hours(1));
  const auto side = [](const PeerAddress& address) { return KeyFor(address.ToString())[0] % 2; };
  world.network().Partition(side);
  world.network().RunFor(hours(2));
  Rows rows;
  for (const int half : {0, 1}) {
    rows.push_back({"cut, half " + std::to_string(half + 1),
                    world.LookUp(records, 1, 10, [&](const SimNode& node) {
                      return side(node.address()) == half;
                    })});
  }
  world.network().Partition({});
  world.network().RunFor(hours(1));
  rows.push_back({"healed, after an hour", world.LookUp(records, 1)});
  // New records from either half are found from the other.
  world.Publish(records, 2);
  rows.push_back({"healed, new records", world.LookUp(records, 2)});
  return rows;
}

Rows Bulk(size_t nodes, size_t records) {
  World world;
  Settle(world, nodes);
  SimWire& wire = world.AddWire();
  Rows rows;
  rows.push_back({"put", world.PublishBy(wire, records, 1)});
  rows.push_back({"put again", world.PublishBy(wire, records, 1)});
  rows.push_back({"get", world.LookUpBy(wire, records, 1)});
  rows.push_back({"get by nodes", world.LookUp(std::min<size_t>(records, 300), 1)});
  for (const size_t place : RandomPlaces(world, 0.3)) world.Replace(place);
  world.network().RunFor(minutes(1));
  rows.push_back({"30 % replaced, put again", world.PublishBy(wire, records, 1)});
  rows.push_back({"30 % replaced, get", world.LookUpBy(wire, records, 1)});
  return rows;
}

HostileRows Hostile(size_t nodes, size_t records) {
  World world;
  Settle(world, nodes - nodes * 3 / 10);
  std::set<PeerAddress> hostile;
  std::vector<size_t> forgers;
  const auto enlist = [&](dht::EngineOptions options) {
    const size_t place = world.AddNode(std::move(options));
    hostile.insert(world.nodes()[place]->address());
    world.network().RunFor(milliseconds(50));
    return place;
  };
  for (size_t i = 0; i < nodes * 3 / 10; ++i) {
    dht::EngineOptions options;
    options.rules = {i % 2 == 0 ? RefuseAll() : AcceptAll()};
    const size_t place = enlist(std::move(options));
    if (i % 2 == 1) forgers.push_back(place);
  }
  const dht::DhtKey eclipsed_key = World::Record(0, 1).key;
  for (uint8_t i = 0; i < 16; ++i) {
    dht::EngineOptions options;
    options.rules = {RefuseAll()};
    options.id = eclipsed_key;
    options.id[19] = static_cast<uint8_t>(eclipsed_key[19] ^ (i + 1));
    enlist(std::move(options));
  }
  world.network().RunFor(minutes(2));
  const auto honest = [&](const SimNode& node) { return !hostile.contains(node.address()); };

  // Old records, as they were once published.
  world.Publish(records, 1, 10, honest);
  Puppet puppet(world, AddressNumber(world.NextAddress()));
  puppet.CollectTokens(Everybody(world));
  for (size_t number = 0; number < records; ++number) {
    const TestRecord record = World::Record(number, 2);
    TestRecord forged = World::Record(number, 9);
    forged.owner = 666;
    puppet.PutEverywhere(record.key, dht::ValueId(Encode(record)), Encode(forged, false));
    const size_t forger = forgers[number % forgers.size()];
    static_cast<void>(world.nodes()[forger]->engine().Put(
        record.key, kTestType, Encode(forged, false),
        world.network().now() + std::chrono::seconds(30), [](const dht::PutResult&) {}));
    world.nodes()[forger]->Act();
    world.network().RunFor(milliseconds(100));
  }
  world.network().RunFor(minutes(1));

  HostileRows result;
  result.rows.push_back({"put, 30 % hostile", world.Publish(records, 2, 10, honest)});
  // The old ones again, with valid seals, after the new ones.
  for (size_t number = 0; number < records; ++number) {
    const TestRecord old = World::Record(number, 1);
    puppet.PutEverywhere(old.key, dht::ValueId(Encode(old)), Encode(old));
    world.network().RunFor(milliseconds(50));
  }
  result.rows.push_back({"get, 30 % hostile", world.LookUp(records, 2, 10, honest)});
  SimWire& wire = world.AddWire();
  result.rows.push_back({"get by a wire client", world.LookUpBy(wire, records, 2)});
  result.eclipsed = world.LookUp(1, 2, 1, honest).found == 0;
  return result;
}

FloodRows Flood(size_t nodes, size_t records, size_t values, size_t requests) {
  World world;
  Settle(world, nodes);
  world.Publish(records, 1);
  const PeerAddress first = AddressNumber(world.NextAddress());
  std::vector<std::unique_ptr<Puppet>> puppets;
  for (uint16_t i = 0; i < 8; ++i) {
    PeerAddress address = first;
    address.port = static_cast<uint16_t>(address.port + i);
    puppets.push_back(std::make_unique<Puppet>(world, address));
    puppets.back()->CollectTokens(Everybody(world));
  }
  FloodRows result;
  const uint64_t before = world.network().packets();
  for (size_t i = 0; i < values; ++i) {
    TestRecord record = World::Record(i % 2 == 0 ? i % records : 1'000'000 + i, 1);
    record.owner = 666 + i;
    record.sequence = 0;
    const auto payload = Encode(record, true, 500);
    puppets[i % puppets.size()]->PutEverywhere(record.key, dht::ValueId(payload), payload);
    world.network().RunFor(milliseconds(2));
  }
  for (size_t i = 0; i < requests; ++i) {
    Puppet& puppet = *puppets[i % puppets.size()];
    for (const PeerAddress& to : Everybody(world)) {
      puppet.Send(to, dht::FindRequest(puppet.Head(), {}));
    }
    if (i % 10 == 9) world.network().RunFor(milliseconds(1));
  }
  result.sent = world.network().packets() - before;
  result.rows.push_back({"get, flooded", world.LookUp(records, 1)});
  for (const auto& node : world.nodes()) {
    const dht::Health health = node->engine().health();
    result.over_rate += health.dropped[static_cast<size_t>(dht::Drop::kRate)];
    result.refused_for_room += health.refused_for_room;
    result.most_values = std::max(result.most_values, health.stored_values);
  }
  return result;
}

}  // namespace commresolve::sim
