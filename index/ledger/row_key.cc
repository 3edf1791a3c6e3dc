// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Composite keys behind row_key.h.

#include "index/ledger/row_key.h"

#include "resolver/base/byte_codec.h"

namespace commresolve::index {
namespace {

constexpr uint8_t kNoEndpoint = 0;
constexpr uint8_t kV4 = 4;
constexpr uint8_t kV6 = 6;
constexpr size_t kNumberBytes = 4;
constexpr uint64_t kSignBit = uint64_t{1} << 63;

// Later times get smaller numbers.
uint64_t Descending(UnixTime time) { return ~(static_cast<uint64_t>(time) ^ kSignBit); }
UnixTime FromDescending(uint64_t number) { return static_cast<UnixTime>(~number ^ kSignBit); }

void WritePort(ByteWriter& writer, uint16_t port) {
  writer.Byte(static_cast<uint8_t>(port >> 8));
  writer.Byte(static_cast<uint8_t>(port));
}

}  // namespace

std::string AddressPrefix(const IpAddress& ip, uint16_t port) {
  ByteWriter writer;
  writer.Byte(ip.is_v6() ? kV6 : kV4);
  writer.Raw(ip.bytes());
  if (port != 0) WritePort(writer, port);
  return writer.Take();
}

std::string EndpointBytes(const std::optional<Endpoint>& endpoint) {
  if (!endpoint) return {static_cast<char>(kNoEndpoint)};
  ByteWriter writer;
  writer.Raw(AddressPrefix(endpoint->ip, endpoint->port));
  writer.Byte(static_cast<uint8_t>(endpoint->protocol));
  writer.Raw(endpoint->server_name);
  writer.Byte(0);
  return writer.Take();
}

Status CheckEndpoint(const Endpoint& endpoint) {
  if (endpoint.port == 0) return Error{Code::kInvalidArgument, "the endpoint has no port"};
  if (endpoint.protocol > Protocol::kQuic) {
    return Error{Code::kInvalidArgument, "the endpoint has an unknown protocol"};
  }
  const std::string& name = endpoint.server_name;
  if (name.size() > kMaxServerNameBytes || name.find('\0') != std::string::npos) {
    return Error{Code::kInvalidArgument, "the server name is longer than 255 bytes or holds a NUL"};
  }
  return {};
}

Result<std::optional<Endpoint>> ReadEndpoint(std::string_view bytes) {
  const Error error{Code::kCorrupt, "an endpoint is malformed"};
  ByteReader reader(bytes);
  const uint8_t family = reader.Byte();
  if (family == kNoEndpoint && bytes.size() == 1) return std::optional<Endpoint>();
  if (family != kV4 && family != kV6) return error;
  auto ip = IpAddress::FromBytes(reader.Raw(family == kV4 ? 4 : 16));
  const auto high = reader.Byte();
  const auto low = reader.Byte();
  const uint8_t protocol = reader.Byte();
  const size_t left = reader.left();
  if (!ip.ok() || left == 0) return error;
  Endpoint endpoint{*ip, static_cast<uint16_t>(high << 8 | low), static_cast<Protocol>(protocol),
                    std::string(reader.Raw(left - 1))};
  if (reader.Byte() != 0 || ip->is_v6() != (family == kV6) || !CheckEndpoint(endpoint).ok()) {
    return error;
  }
  return std::optional<Endpoint>(std::move(endpoint));
}

std::string NumberPrefix(uint32_t number) {
  ByteWriter writer;
  writer.Fixed32(number);
  return writer.Take();
}

std::string EncodeSightingKey(const SightingKey& key) {
  ByteWriter writer;
  writer.Fixed32(key.key);
  writer.Raw(key.endpoint);
  writer.Fixed32(key.certificate);
  return writer.Take();
}

Result<SightingKey> DecodeSightingKey(std::string_view bytes) {
  ByteReader reader(bytes);
  SightingKey key;
  key.key = reader.Fixed32();
  if (reader.left() <= kNumberBytes) reader.Fail();
  key.endpoint = reader.Raw(reader.failed() ? 0 : reader.left() - kNumberBytes);
  key.certificate = reader.Fixed32();
  COMMRESOLVE_TRY(reader.Finish("a sighting's key"));
  return key;
}

std::string EncodePlaceKey(const PlaceKey& key) {
  ByteWriter writer;
  writer.Raw(key.endpoint);
  writer.Fixed32(key.key);
  return writer.Take();
}

Result<PlaceKey> DecodePlaceKey(std::string_view bytes) {
  ByteReader reader(bytes);
  PlaceKey key;
  if (reader.left() <= kNumberBytes) reader.Fail();
  key.endpoint = reader.Raw(reader.failed() ? 0 : reader.left() - kNumberBytes);
  key.key = reader.Fixed32();
  COMMRESOLVE_TRY(reader.Finish("a place's key"));
  return key;
}

constexpr uint8_t kChainFirst = 0;
constexpr uint8_t kNoChain = 1;

std::string EncodeListingCertificateKey(const ListingCertificateKey& key) {
  ByteWriter writer;
  writer.Fixed32(key.listing);
  writer.Byte(key.public_chain ? kChainFirst : kNoChain);
  writer.Fixed64(Descending(key.not_before));
  writer.Fixed32(key.certificate);
  return writer.Take();
}

Result<ListingCertificateKey> DecodeListingCertificateKey(std::string_view bytes) {
  ByteReader reader(bytes);
  ListingCertificateKey key;
  key.listing = reader.Fixed32();
  const uint8_t chain = reader.Byte();
  if (chain > kNoChain) reader.Fail();
  key.public_chain = chain == kChainFirst;
  key.not_before = FromDescending(reader.Fixed64());
  key.certificate = reader.Fixed32();
  COMMRESOLVE_TRY(reader.Finish("a listing's certificate key"));
  return key;
}

std::string EncodeKeyListingKey(const KeyListingKey& key) {
  ByteWriter writer;
  writer.Fixed32(key.key);
  writer.Fixed32(key.listing);
  return writer.Take();
}

Result<KeyListingKey> DecodeKeyListingKey(std::string_view bytes) {
  ByteReader reader(bytes);
  KeyListingKey key;
  key.key = reader.Fixed32();
  key.listing = reader.Fixed32();
  COMMRESOLVE_TRY(reader.Finish("a key's listing"));
  return key;
}

std::string EncodeChangeKey(uint64_t sequence) {
  ByteWriter writer;
  writer.Fixed64(sequence);
  return writer.Take();
}

Result<uint64_t> DecodeChangeKey(std::string_view bytes) {
  ByteReader reader(bytes);
  const uint64_t sequence = reader.Fixed64();
  COMMRESOLVE_TRY(reader.Finish("a change's key"));
  return sequence;
}

}  // namespace commresolve::index
