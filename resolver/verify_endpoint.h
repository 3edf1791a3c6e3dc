// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// VerifyEndpoint: what does this very server show, and what do the bindings say about it?

#ifndef COMMRESOLVE_RESOLVER_VERIFY_ENDPOINT_H_
#define COMMRESOLVE_RESOLVER_VERIFY_ENDPOINT_H_

#include <optional>
#include <string>
#include <vector>

#include "resolver/resolver.h"

namespace commresolve {

struct EndpointVerdict {
  Verdict verdict = Verdict::kNew;
  std::optional<Endpoint> endpoint;       ///< The address that answered first; empty if none did.
  std::optional<CertificateFacts> shown;  ///< What it showed; empty likewise.
  std::vector<Binding> bindings;  ///< For kMatch those that accept the key, else those broken.
  std::string reason;             ///< One line.
  std::optional<Error> failure;   ///< No address answered, or a store failed.
};

/// Handshakes with `endpoints` (the addresses of one server) until one answers, records it, and
/// holds its key against known_certs: kRevoked, kMatch if a binding accepts it, else the key-change
/// table for bindings of `host` and of keys seen at that address before, else kNew. Accepts nothing
/// by itself.
EndpointVerdict VerifyEndpoint(const ResolverSettings& settings, const ResolverParts& parts,
                               const std::vector<Endpoint>& endpoints, const std::string& host);

/// The bindings that `shown` breaks at `endpoint`: they have its server name, or, if none has, the
/// last proof of one of their keys was made there; and they do not accept the key. None if that
/// cannot be found out.
std::vector<Binding> BrokenBindings(const KnownCerts& known, CandidateSource& candidates,
                                    const Endpoint& endpoint, const CertificateFacts& shown);

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_VERIFY_ENDPOINT_H_
