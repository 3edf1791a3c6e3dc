// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Packets of a network at work, damaged in many ways, at a node that goes on working.

#include <algorithm>
#include <array>
#include <deque>
#include <nlohmann/json.hpp>
#include <numeric>

#include "tests/dht/sim/hostile.h"
#include "tests/dht/sim/scenarios.h"

namespace commresolve::sim {
namespace {

using Json = nlohmann::json;
using Random = std::mt19937_64;

constexpr size_t kSamples = 500;

size_t Below(Random& random, size_t limit) { return static_cast<size_t>(random() % limit); }

/// Any part of `value`, itself included.
Json& AnyPart(Json& value, Random& random) {
  if (!value.is_structured() || value.empty() || random() % 3 == 0) return value;
  auto part = value.begin();
  std::advance(part, Below(random, value.size()));
  return AnyPart(*part, random);
}

Json AnyValue(Random& random) {
  const std::array<Json, 12> values = {
      Json(nullptr),
      Json(true),
      Json(0),
      Json(-1),
      Json(random()),
      Json(UINT64_MAX),
      Json(1.5),
      Json("q"),
      Json(std::string(random() % 300, 'x')),
      Json::binary(std::vector<uint8_t>(random() % 600, static_cast<uint8_t>(random()))),
      Json::array(),
      Json::object()};
  return values[Below(random, values.size())];
}

/// Another value somewhere, or a part taken away or doubled, in a packet that is whole otherwise.
dht::Packet ChangeMeaning(const dht::Packet& packet, Random& random) {
  Json message = Json::from_msgpack(packet, true, false);
  if (message.is_discarded()) return packet;
  Json& part = AnyPart(message, random);
  if (part.is_structured() && !part.empty() && random() % 2 == 0) {
    auto gone = part.begin();
    std::advance(gone, Below(random, part.size()));
    part.erase(gone);
  } else if (part.is_array() && !part.empty()) {
    part.push_back(part[0]);
  } else {
    part = AnyValue(random);
  }
  return Json::to_msgpack(message);
}

dht::Packet ChangeBytes(dht::Packet packet, const dht::Packet& other, Random& random) {
  switch (random() % 5) {
    case 0:
      for (size_t i = random() % 4 + 1; i > 0; --i) {
        packet[Below(random, packet.size())] ^= static_cast<uint8_t>(1 << random() % 8);
      }
      break;
    case 1:
      packet[Below(random, packet.size())] = static_cast<uint8_t>(random());
      break;
    case 2:
      packet.resize(1 + Below(random, packet.size()));
      break;
    case 3:
      std::copy_n(other.begin(), Below(random, std::min(packet.size(), other.size())),
                  packet.begin());
      break;
    default:
      for (uint8_t& byte : packet) byte = static_cast<uint8_t>(random());
  }
  return packet;
}

}  // namespace

FuzzRows Fuzz(size_t packets) {
  World world;
  dht::EngineOptions options;
  options.requests_per_second = options.request_burst = 1e12;  // Nothing is to be spared.
  const size_t victim = world.AddNode(options);
  world.Grow(20);
  world.network().RunFor(std::chrono::minutes(2));
  world.Publish(100, 1);

  FuzzRows result;
  std::deque<dht::Packet> samples;
  Puppet puppet(world, AddressNumber(world.NextAddress()));
  const PeerAddress to = world.nodes()[victim]->address();
  puppet.CollectTokens({to});
  Random random(7);
  bool hostile = false;
  world.network().Watch([&](const PeerAddress&, std::span<const uint8_t> packet) {
    if (hostile || random() % 4 != 0) return;
    samples.emplace_back(packet.begin(), packet.end());
    if (samples.size() > kSamples) samples.pop_front();
  });
  const dht::Firewall firewall(kTestNetwork, {kTestType});
  const auto health = [&] { return world.nodes()[victim]->engine().health(); };
  // What is dropped for its shape. The limits of a network hit nobody else: every host has its own.
  const auto dropped = [&] {
    const dht::Health now = health();
    return std::accumulate(now.dropped.begin(), now.dropped.end(), uint64_t{0}) -
           now.dropped[static_cast<size_t>(dht::Drop::kIds)];
  };
  const uint64_t received_before = health().received;
  world.LookUp(50, 1);
  while (result.sent < packets) {
    for (size_t i = 0; i < 1000; ++i) {
      const auto& sample = samples[Below(random, samples.size())];
      const auto& other = samples[Below(random, samples.size())];
      const dht::Packet packet =
          random() % 2 == 0 ? ChangeMeaning(sample, random) : ChangeBytes(sample, other, random);
      hostile = true;
      puppet.Send(to, packet);
      hostile = false;
      ++result.sent;
      result.passed += firewall.Check(packet).drop == dht::Drop::kNone ? 1 : 0;
    }
    world.LookUp(5, 1);
    world.Publish(5, 1);
  }
  world.network().RunFor(std::chrono::seconds(1));
  result.honest = health().received - received_before - result.sent;
  result.honest_dropped = dropped() - (result.sent - result.passed);
  result.faults = health().faults;
  result.after =
      world.LookUp(100, 1, 10, [&](const SimNode& node) { return node.address() == to; });
  return result;
}

}  // namespace commresolve::sim
