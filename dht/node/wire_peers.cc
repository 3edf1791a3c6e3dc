// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// All of them in one map: a few thousand are looked through in less time than a packet takes.

#include "dht/node/wire_peers.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace commresolve::dht {
namespace {

constexpr size_t kMostPeers = 65536;
constexpr std::chrono::minutes kDead{10};

}  // namespace

size_t WireDistance(const DhtKey& a, const DhtKey& b) {
  for (size_t i = 0; i < a.size(); ++i) {
    const auto different = static_cast<uint8_t>(a[i] ^ b[i]);
    if (different == 0) continue;
    return std::min(kWireDistances - 1, 8 * i + static_cast<size_t>(std::countl_zero(different)));
  }
  return kWireDistances - 1;
}

void WirePeer::Bury(SteadyTime now) { dead_until = now + kDead; }

void WirePeer::Forget() {
  token_until = {};
  told_until = {};
}

void WirePeers::Add(std::span<const KnownPeer> peers, SteadyTime now) {
  for (const KnownPeer& peer : peers) {
    const bool reachable = transport_.Bound(peer.address.ip.is_v6()).port != 0;
    if (!reachable || peers_.size() >= kMostPeers || peer.id == DhtKey{} || peer.id == own_)
      continue;
    WirePeer& known = peers_[peer.id];
    if (known.dead_until > now) continue;
    known.dead_until = {};  // Somebody has met it again.
    // Who says where somebody lives may lie; whom we have reached there is not moved by it.
    if (known.token_until <= now && known.waiting.empty()) known.address = peer.address;
  }
}

void WirePeers::Sweep(SteadyTime now) {
  std::erase_if(peers_, [&](const auto& entry) {
    const WirePeer& peer = entry.second;
    return peer.dead_until != SteadyTime{} && peer.dead_until <= now && peer.waiting.empty();
  });
}

std::vector<DhtKey> WirePeers::Closest(const DhtKey& key, size_t count) const {
  using Place = std::pair<DhtKey, const DhtKey*>;  // Distance first.
  std::vector<Place> places;
  places.reserve(peers_.size());
  for (const auto& [id, peer] : peers_) {
    if (peer.dead_until != SteadyTime{}) continue;
    Place place{{}, &id};
    for (size_t i = 0; i < id.size(); ++i) place.first[i] = id[i] ^ key[i];
    places.push_back(place);
  }
  const size_t most = std::min(count, places.size());
  std::ranges::partial_sort(places, places.begin() + static_cast<ptrdiff_t>(most), {},
                            &Place::first);
  std::vector<DhtKey> closest;
  closest.reserve(most);
  for (size_t i = 0; i < most; ++i) closest.push_back(*places[i].second);
  return closest;
}

WirePeer& WirePeers::Asked(const DhtKey& id, const PeerAddress& address) {
  const auto [place, forgotten] = peers_.try_emplace(id);
  if (forgotten) place->second.address = address;
  return place->second;
}

}  // namespace commresolve::dht
