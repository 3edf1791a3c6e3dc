// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Hints: where the server that holds a key might be. Nothing here is believed, only tried.

#ifndef COMMRESOLVE_RESOLVER_HINTS_H_
#define COMMRESOLVE_RESOLVER_HINTS_H_

#include <optional>
#include <string>
#include <vector>

#include "resolver/candidate.h"
#include "resolver/net/address_lookup.h"

namespace commresolve {

inline constexpr size_t kMaxHints = 16;     ///< Endpoints tried in one round.
inline constexpr size_t kMaxHintNames = 4;  ///< Names of an identity that DNS is asked for.

/// Which endpoints are wanted.
struct HintFilter {
  uint16_t port = 0;                 ///< 0 for any.
  std::optional<Protocol> protocol;  ///< Empty for any.
};

/// Endpoints on record for the identity's keys, best first: proved, then seen, latest first; at
/// most kMaxHints. With `dropped` instead those where another key has answered since. A wanted port
/// that was never seen is tried at the known addresses. Pure.
std::vector<Endpoint> RecordedHints(const std::vector<Candidate>& identity,
                                    const HintFilter& filter, bool dropped);

/// A server name and how it is spoken to there.
struct NamedService {
  std::string name;
  uint16_t port = 0;
  Protocol protocol = Protocol::kTls;
};

/// The services that DNS should be asked about: the identity's names (`canonical` first, no
/// wildcards) with the ports and protocols it was seen with, or the wanted ones, or https. Pure.
std::vector<NamedService> NamedServices(const std::vector<Candidate>& identity,
                                        const std::string& canonical, const HintFilter& filter);

/// Asks `dns` for their addresses: A and AAAA, and SRV for protocols that have one (RFC 2782, RFC
/// 6120, RFC 6186). Endpoints of SRV targets keep the name of the service as SNI (RFC 6120 13.7.2).
/// At most kMaxHints, IPv6 and IPv4 in turn (RFC 8305 4). `problems` gets one line per failed
/// question.
std::vector<Endpoint> DnsHints(AddressLookup& dns, const std::vector<NamedService>& services,
                               std::chrono::milliseconds patience,
                               std::vector<std::string>* problems);

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_HINTS_H_
