// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// AddressScope: whether an IP address means the same host everywhere.

#ifndef COMMRESOLVE_RESOLVER_ADDRESS_SCOPE_H_
#define COMMRESOLVE_RESOLVER_ADDRESS_SCOPE_H_

#include <cstdint>

#include "resolver/endpoint.h"

namespace commresolve {

/// By the IANA registries of special-purpose addresses (RFC 6890), and multicast.
enum class AddressScope : uint8_t {
  kGlobal,         ///< One host, reached from everywhere.
  kUnspecified,    ///< 0.0.0.0/8, ::
  kLoopback,       ///< 127.0.0.0/8, ::1
  kPrivate,        ///< RFC 1918, unique local (RFC 4193), site-local (RFC 3879)
  kShared,         ///< Carrier-grade NAT, RFC 6598
  kLinkLocal,      ///< 169.254.0.0/16, fe80::/10
  kMulticast,      ///< 224.0.0.0/4, ff00::/8
  kDocumentation,  ///< RFC 5737, RFC 3849, RFC 9637
  kReserved,       ///< Benchmarks, translation prefixes, what is not given out.
};
/// "global", "private", ...
const char* AddressScopeName(AddressScope scope);

/// Addresses that carry an IPv4 address inside (6to4, RFC 3056; NAT64, RFC 6052) have the scope of
/// that one, if it is not global.
AddressScope ScopeOf(const IpAddress& address);

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_ADDRESS_SCOPE_H_
