// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Packets of the local network: what is read is what would be written, and nothing else is one.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "dht/node/lan_packet.h"
#include "tests/fuzz/check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using commresolve::fuzz::Check;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto packet = commresolve::dht::ReadLanPacket(bytes);
  if (!packet.ok()) {
    Check(packet.error().code == commresolve::Code::kCorrupt, "a refusal is kCorrupt");
    return 0;
  }
  Check(packet->port != 0 && packet->network != 0, "it names a node");
  Check(commresolve::dht::WriteLanPacket(*packet) == bytes, "what is written is what was read");
  return 0;
}
