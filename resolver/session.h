// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Session: what the steps of one Resolve() share.

#ifndef COMMRESOLVE_RESOLVER_SESSION_H_
#define COMMRESOLVE_RESOLVER_SESSION_H_

#include <memory>
#include <string>
#include <vector>

#include "resolver/resolver.h"

namespace commresolve {

/// Lives on the stack of one Resolve() call.
struct Session {
  const ResolverSettings& settings;
  const ResolverParts& parts;
  const ResolveRequest& request;
  UnixTime now;
  std::shared_ptr<const KnownCerts> known;
  Resolution& out;

  void Trace(const char* stage, std::string text) const {
    out.trace.push_back({stage, std::move(text)});
  }
  /// True if `key` is revoked, or rejected by `binding` (may be null).
  [[nodiscard]] bool Rejected(const KeyId& key, const Binding* binding) const;
};

/// Whom the name means: the keys that may answer, and what is known about each.
struct Identity {
  std::vector<KeyId> accepted;        ///< Without rejected ones; at least one.
  std::vector<Candidate> candidates;  ///< Those of the accepted keys that are known; may be empty.
  std::string canonical_name;
  Tier tier = Tier::kClaimed;
};

/// Step "decide": finds the identity that the request's name means, binding it if first use may.
/// Fills out.binding, out.candidates, out.verdict and the trace; the error is the refusal.
Result<Identity> Identify(Session& session);

/// Step "decide" for words that are not bound: asks the keys that could qualify to prove themselves
/// and binds the only one that does (accept-new), or refuses.
Result<Identity> FirstContact(Session& session, const KeywordSet& words);

/// Steps "hints" and "prove": finds an address that proves one of the identity's keys. Records
/// every handshake, judges other keys by the key-change table, fills out.changes, out.notices,
/// out.verdict and out.connection; the error is the refusal.
Result<Answer> ProveIdentity(Session& session, const Identity& identity);

/// The identity of accepted keys: looks up what is known about each.
Result<Identity> IdentityOf(Session& session, std::vector<KeyId> accepted, const std::string& name,
                            Tier tier);

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_SESSION_H_
