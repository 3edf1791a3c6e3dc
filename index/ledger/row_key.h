// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The keys of ledger tables whose rows are found by more than a number. Pure and bounded.
//
// Numbers are big-endian and an endpoint ends with a NUL byte, so that rows of one key, one
// listing, one address or one endpoint stand next to each other.

#ifndef COMMRESOLVE_INDEX_LEDGER_ROW_KEY_H_
#define COMMRESOLVE_INDEX_LEDGER_ROW_KEY_H_

#include <optional>
#include <string>
#include <string_view>

#include "index/ledger/records.h"
#include "resolver/endpoint.h"

namespace commresolve::index {

inline constexpr size_t kMaxServerNameBytes = 255;

/// An endpoint as bytes: family (4 or 6), address, port, protocol, server name, NUL; a single NUL
/// for none. The caller has checked the endpoint with CheckEndpoint.
std::string EndpointBytes(const std::optional<Endpoint>& endpoint);
/// kInvalidArgument for port 0, an unknown protocol, or a server name that is too long or holds a
/// NUL.
Status CheckEndpoint(const Endpoint& endpoint);
Result<std::optional<Endpoint>> ReadEndpoint(std::string_view bytes);
/// What every endpoint at `ip` begins with; at `ip` and `port` if port is not 0.
std::string AddressPrefix(const IpAddress& ip, uint16_t port);

std::string NumberPrefix(uint32_t number);

/// Table "sightings": key, endpoint, certificate.
struct SightingKey {
  KeyNo key = 0;
  std::string endpoint;  ///< EndpointBytes.
  CertNo certificate = 0;
  bool operator==(const SightingKey&) const = default;
};
std::string EncodeSightingKey(const SightingKey& key);
Result<SightingKey> DecodeSightingKey(std::string_view bytes);

/// Table "places": endpoint, key.
struct PlaceKey {
  std::string endpoint;
  KeyNo key = 0;
  bool operator==(const PlaceKey&) const = default;
};
std::string EncodePlaceKey(const PlaceKey& key);
Result<PlaceKey> DecodePlaceKey(std::string_view bytes);

/// Table "listing_certificates": of a listing those with a valid public chain come first, so that
/// any number of forged ones stands behind them; then the latest notBefore.
struct ListingCertificateKey {
  ListingId listing = 0;
  bool public_chain = false;
  UnixTime not_before = 0;
  CertNo certificate = 0;
  bool operator==(const ListingCertificateKey&) const = default;
};
std::string EncodeListingCertificateKey(const ListingCertificateKey& key);
Result<ListingCertificateKey> DecodeListingCertificateKey(std::string_view bytes);

/// Table "key_listings".
struct KeyListingKey {
  KeyNo key = 0;
  ListingId listing = 0;
  bool operator==(const KeyListingKey&) const = default;
};
std::string EncodeKeyListingKey(const KeyListingKey& key);
Result<KeyListingKey> DecodeKeyListingKey(std::string_view bytes);

/// Table "changed".
std::string EncodeChangeKey(uint64_t sequence);
Result<uint64_t> DecodeChangeKey(std::string_view bytes);

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_LEDGER_ROW_KEY_H_
