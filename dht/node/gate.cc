// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Shape, then rate, then ids.

#include "dht/node/gate.h"

#include <random>
#include <utility>

namespace commresolve::dht {
namespace {

uint64_t RandomNumber() {
  std::random_device device;
  return uint64_t{device()} << 32 | device();
}

}  // namespace

Gate::Gate(uint32_t network, std::vector<uint16_t> types, double requests_per_second,
           double request_burst)
    : firewall_(network, std::move(types)),
      requests_(requests_per_second, request_burst, RandomNumber()),
      answers_(4 * requests_per_second, 4 * request_burst, RandomNumber()) {}

PacketFacts Gate::Judge(const PeerAddress& from, std::span<const uint8_t> packet, Time now) {
  PacketFacts facts = firewall_.Check(packet);
  if (facts.drop != Drop::kNone) return facts;
  RateLimits& limits = facts.request ? requests_ : answers_;
  const uint64_t network = NetworkOf(from.ip);
  if (!limits.Take(network, now)) {
    facts.drop = Drop::kRate;
  } else if (!facts.client && !ids_.Admit(network, facts.sender, now)) {
    facts.drop = Drop::kIds;
  }
  return facts;
}

}  // namespace commresolve::dht
