// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Twelve bytes.

#include "dht/node/lan_packet.h"

#include "resolver/base/byte_codec.h"

namespace commresolve::dht {
namespace {

constexpr std::string_view kMagic = "CMRL";
constexpr uint8_t kVersion = 1;

}  // namespace

std::string WriteLanPacket(const LanPacket& packet) {
  ByteWriter writer;
  writer.Raw(kMagic);
  writer.Byte(kVersion);
  writer.Byte(0);
  writer.Fixed32(packet.network);
  writer.Fixed16(packet.port);
  return writer.Take();
}

Result<LanPacket> ReadLanPacket(std::string_view bytes) {
  ByteReader reader(bytes);
  const bool ours = reader.Raw(kMagic.size()) == kMagic;
  if (!ours || reader.Byte() != kVersion || reader.Byte() != 0) reader.Fail();
  LanPacket packet;
  packet.network = reader.Fixed32();
  packet.port = reader.Fixed16();
  if (packet.network == 0 || packet.port == 0) reader.Fail();
  COMMRESOLVE_TRY(reader.Finish("a packet of the local network"));
  return packet;
}

}  // namespace commresolve::dht
