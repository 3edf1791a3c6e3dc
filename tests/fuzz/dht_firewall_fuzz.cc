// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Any bytes as a datagram: the firewall decides, and what passes is a message to its last byte.

#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "dht/node/firewall.h"

namespace {

using namespace commresolve::dht;

void Require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const Firewall kFirewall(0x63727431, {0xc001, 0xc002});
  const PacketFacts facts = kFirewall.Check({data, size});
  Require(static_cast<size_t>(facts.drop) < kDropReasons);
  if (facts.drop != Drop::kNone) return 0;
  Require(size <= kMaxPacket);
  Require(!facts.request || facts.stored == 0);
  std::vector<uint8_t> other(data, data + size);
  other.push_back(0);
  Require(kFirewall.Check(other).drop == Drop::kMalformed);
  Require(kFirewall.Check({data, size - 1}).drop == Drop::kMalformed);
  const Firewall elsewhere(1, {0xc001, 0xc002});
  Require(elsewhere.Check({data, size}).drop == Drop::kForeign);
  return 0;
}
