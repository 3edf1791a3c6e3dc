// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// LanPacket: how a node tells its link that it is there (docs/formats/lan.md). Pure.

#ifndef COMMRESOLVE_DHT_NODE_LAN_PACKET_H_
#define COMMRESOLVE_DHT_NODE_LAN_PACKET_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "resolver/base/result.h"

namespace commresolve::dht {

inline constexpr size_t kLanPacketSize = 12;

/// The address of the node is the one that the packet comes from.
struct LanPacket {
  uint32_t network = 0;  ///< As EngineOptions::network.
  uint16_t port = 0;     ///< Where the node receives, 1 to 65535.
  bool operator==(const LanPacket&) const = default;
};

/// kLanPacketSize bytes.
std::string WriteLanPacket(const LanPacket& packet);
/// kCorrupt unless `bytes` is such a packet, whole and nothing more, of this version.
Result<LanPacket> ReadLanPacket(std::string_view bytes);

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_NODE_LAN_PACKET_H_
