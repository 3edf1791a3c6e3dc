// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What may leave the machine: names and addresses that are public, and known to more than one.
//
// Everything that is published, or asked of strangers, passes here first. Pure; safe for concurrent
// use.

#ifndef COMMRESOLVE_DHT_PRIVACY_PUBLISHABLE_H_
#define COMMRESOLVE_DHT_PRIVACY_PUBLISHABLE_H_

#include <cstddef>
#include <string_view>

#include "resolver/endpoint.h"

namespace commresolve::dht {

/// A name that was seen less often may be one person's alone.
inline constexpr size_t kLeastSightings = 3;

/// Why something stays at home.
enum class Privacy : uint8_t {
  kPublic,          ///< It does not have to.
  kPrivateAddress,  ///< Not a global address (resolver/address_scope.h).
  kNoName,          ///< Not a host name in normal form.
  kSingleLabel,     ///< "printer"
  kPrivateSuffix,   ///< ".local", ".internal", ".onion", "home.arpa", or nothing anybody registers.
  kRareName,        ///< Seen fewer than kLeastSightings times.
};
/// A few words for people: "not a global address". "public" for kPublic.
const char* PrivacyText(Privacy privacy);

Privacy PrivacyOf(const IpAddress& address);

/// Of a host name in normal form, with or without "*." in front, however often it was seen. A name
/// is public if it lies under a suffix of the ICANN part of the public suffix list, and not under
/// one that is set aside for private use (RFC 6761, RFC 6762, RFC 7686, RFC 8375, RFC 9476,
/// ".internal", and those that home routers use).
Privacy PrivacyOf(std::string_view name);
/// Of a name that was seen so many times: at different endpoints or on different days, however the
/// caller counts.
Privacy PrivacyOf(std::string_view name, size_t sightings);

/// Of an endpoint: its address, and its server name if it has one.
Privacy PrivacyOf(const Endpoint& endpoint, size_t sightings);

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_PRIVACY_PUBLISHABLE_H_
