// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One byte for each small thing.

#include "dht/record/endpoint_codec.h"

#include "resolver/address_scope.h"
#include "resolver/keyword/host_name.h"

namespace commresolve::dht {
namespace {

constexpr uint8_t kV4 = 4;
constexpr uint8_t kV6 = 6;
constexpr auto kLastProtocol = static_cast<uint8_t>(Protocol::kQuic);

}  // namespace

void WritePlace(const Endpoint& endpoint, ByteWriter& writer) {
  writer.Byte(endpoint.ip.is_v6() ? kV6 : kV4);
  writer.Raw(endpoint.ip.bytes());
  writer.Fixed16(endpoint.port);
  writer.Byte(static_cast<uint8_t>(endpoint.protocol));
}

Endpoint ReadPlace(FieldReader& reader) {
  Endpoint endpoint;
  const uint8_t family = reader.U8("address family");
  if (family != kV4 && family != kV6) reader.Refuse("address family", "neither 4 nor 6");
  const std::string_view bytes = reader.Raw(family == kV6 ? 16 : 4, "address");
  if (auto ip = IpAddress::FromBytes(bytes); ip.ok()) endpoint.ip = *ip;
  if (endpoint.ip.is_v6() != (family == kV6)) reader.Refuse("address", "IPv4 in IPv6 form");
  endpoint.port = reader.U16("port");
  const uint8_t protocol = reader.U8("protocol");
  if (protocol > kLastProtocol) reader.Refuse("protocol", "unknown");
  endpoint.protocol = static_cast<Protocol>(protocol);
  return endpoint;
}

const char* WhyNoPlace(const Endpoint& endpoint) {
  if (endpoint.port == 0) return "port 0";
  if (ScopeOf(endpoint.ip) != AddressScope::kGlobal) return "not a global address";
  return nullptr;
}

void WriteName(const std::string& name, ByteWriter& writer) {
  writer.Byte(static_cast<uint8_t>(name.size()));
  writer.Raw(name);
}

std::string ReadName(FieldReader& reader) {
  return std::string(reader.Raw(reader.U8("name size"), "name"));
}

bool IsNormalName(const std::string& name) {
  const auto normal = NormaliseHostName(name);
  return normal.ok() && *normal == name;
}

}  // namespace commresolve::dht
