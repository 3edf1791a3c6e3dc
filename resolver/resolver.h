// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Resolver: from a typed name to a cert-bound address. Start reading here.
//
//   normalise -> candidates -> decide -> hints -> prove -> answer
//
// Keys are truth, addresses are hints: an address is answered only if a handshake of our own proved
// a bound key there within max_age. Every refusal carries its reason and the next step.

#ifndef COMMRESOLVE_RESOLVER_RESOLVER_H_
#define COMMRESOLVE_RESOLVER_RESOLVER_H_

#include <vector>

#include "resolver/base/clock.h"
#include "resolver/candidate_source.h"
#include "resolver/evidence_store.h"
#include "resolver/net/address_lookup.h"
#include "resolver/net/prober.h"
#include "resolver/observer_source.h"
#include "resolver/resolution.h"
#include "resolver/rollover_source.h"
#include "resolver/trust/known_certs.h"

namespace commresolve {

/// Everything the resolver works with; all borrowed for its lifetime. `dns` may be null: no DNS
/// hints; `observers` and `peers`: nobody to ask; and `rollovers`: no owner was heard. What `peers`
/// nominates, `candidates` knows by then.
struct ResolverParts {
  const Clock* clock = nullptr;
  KnownCertsFile* known_certs = nullptr;
  CandidateSource* candidates = nullptr;
  EvidenceStore* evidence = nullptr;
  AddressLookup* dns = nullptr;
  Transport* transport = nullptr;
  ObserverSource* observers = nullptr;
  RolloverSource* rollovers = nullptr;
  CandidateSource* peers = nullptr;
};

/// Used by one thread at a time.
class Resolver {
 public:
  Resolver(ResolverSettings settings, ResolverParts parts)
      : settings_(std::move(settings)), parts_(parts) {}

  /// Answers or refuses; never throws, never hangs beyond the deadlines in the settings.
  ///
  /// Refusals: kNotFound nothing carries the words; kAmbiguous several identities could be meant;
  /// kUntrusted not bound (verdict kNew), or a changed, revoked or held key; kUnavailable and
  /// kDeadlineExceeded no address proved the key; kCorrupt known_certs or the index cannot be read.
  ///
  /// Writes: every handshake to the evidence store; to known_certs a first use under accept-new, a
  /// change of key that the key-change table accepts, and the step from proven to continued.
  Resolution Resolve(const ResolveRequest& request);

  /// Binds `words` to `key` (tier kPinned for the user's own act, kProven for a first use),
  /// replacing what was bound. kUntrusted if the key is revoked; kNotFound if nothing is known
  /// about the key and `name` is empty, so that there would be no way to find it. Returns the
  /// binding as it is stored: a hashed one has neither name nor reason.
  Result<Binding> Bind(const KeywordSet& words, const KeyId& key, Tier tier, bool critical,
                       const std::string& name, const std::string& reason);

  /// Adds `key` to what is bound to `words`, and makes the binding critical if `critical`. `name`
  /// and `reason` replace what was said before unless they are empty. kNotFound if nothing is
  /// bound; kUntrusted if the key is revoked.
  Result<Binding> AddKey(const KeywordSet& words, const KeyId& key, bool critical = false,
                         const std::string& name = "", const std::string& reason = "");

 private:
  ResolverSettings settings_;
  ResolverParts parts_;
};

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_RESOLVER_H_
