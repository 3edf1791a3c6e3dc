// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Liars and puppets.

#include "tests/dht/sim/hostile.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace commresolve::sim {

dht::ValueRule RefuseAll() {
  dht::ValueRule rule = TestRule();
  rule.check = [](const dht::DhtKey&, uint64_t, std::span<const uint8_t>, UnixTime) -> Status {
    return Error{Code::kUntrusted, "never"};
  };
  return rule;
}

dht::ValueRule AcceptAll() {
  dht::ValueRule rule = TestRule();
  rule.check = [](const dht::DhtKey&, uint64_t, std::span<const uint8_t>, UnixTime) -> Status {
    return {};
  };
  return rule;
}

Puppet::Puppet(World& world, PeerAddress address)
    : world_(world), address_(std::move(address)), id_(KeyFor(address_.ToString())) {
  world.network().Attach(
      address_,
      [this](const PeerAddress& from, std::span<const uint8_t> packet) {
        const auto answer = nlohmann::json::from_msgpack(packet.begin(), packet.end(), true, false);
        if (!answer.is_object() || !answer.contains("r")) return;
        const auto token = answer["r"].find("token");
        if (token == answer["r"].end() || token->get_binary().size() != dht::Token{}.size()) return;
        std::ranges::copy(token->get_binary(), tokens_[from].begin());
      },
      {});
}

dht::RequestHead Puppet::Head() { return {kTestNetwork, id_, ++number_}; }

void Puppet::Send(const PeerAddress& to, const dht::Packet& packet) {
  world_.network().Send(address_, to, packet);
}

void Puppet::CollectTokens(const std::vector<PeerAddress>& from) {
  for (const PeerAddress& to : from) Send(to, dht::FindRequest(Head(), id_));
  world_.network().RunFor(milliseconds(200));
}

void Puppet::PutEverywhere(const dht::DhtKey& key, uint64_t value_id,
                           const std::vector<uint8_t>& payload) {
  for (const auto& [to, token] : tokens_) {
    Send(to, dht::PutRequest(Head(), key, value_id, kTestType, payload, token));
  }
}

std::vector<PeerAddress> Everybody(World& world) {
  std::vector<PeerAddress> addresses;
  addresses.reserve(world.nodes().size());
  for (const auto& node : world.nodes()) {
    if (node) addresses.push_back(node->address());
  }
  return addresses;
}

}  // namespace commresolve::sim
