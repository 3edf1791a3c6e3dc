// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Evidence for the key-change table.

#include "resolver/review_change.h"

#include <algorithm>

#include "resolver/keyword/host_name.h"

namespace commresolve {
namespace {

/// The newest certificate around an accepted key that the public CAs vouched for: anybody can make
/// another one around a public key.
const CertificateFacts* Newest(const std::vector<Candidate>& identity) {
  const CertificateFacts* newest = nullptr;
  for (const Candidate& candidate : identity) {
    if (!candidate.certificate.public_chain.valid) continue;
    if (newest == nullptr || candidate.certificate.not_before > newest->not_before) {
      newest = &candidate.certificate;
    }
  }
  return newest;
}

bool StandsFor(const CertificateFacts& shown, const std::string& name) {
  return !name.empty() &&
         std::any_of(shown.names.begin(), shown.names.end(), [&name](const std::string& pattern) {
           return MatchesHostName(pattern, name);
         });
}

/// What the binding is for: its name, and where its keys were seen.
Service ServiceOf(const Session& session, const Identity& identity) {
  Service service;
  const auto& binding = session.out.binding;
  if (binding && !binding->name.empty()) service.names.push_back(binding->name);
  for (const Candidate& candidate : identity.candidates) {
    for (const SeenEndpoint& seen : candidate.endpoints) service.endpoints.push_back(seen.endpoint);
  }
  return service;
}

/// False, too, if it is not on record when the key was first seen.
bool WasAnnounced(const Session& session, const Identity& identity, const KeyId& key) {
  if (session.parts.rollovers == nullptr) return false;
  const auto seen = session.parts.candidates->FindKey(key);
  return seen.ok() && *seen &&
         session.parts.rollovers->MayFollow(identity.accepted, key, (*seen)->first_seen,
                                            session.now);
}

}  // namespace

KeyChangeOutcome ReviewChange(const Session& session, const Identity& identity,
                              const CertificateFacts& shown) {
  const auto& binding = session.out.binding;
  KeyChangeInput input;
  input.in_rejected = session.Rejected(shown.key, binding ? &*binding : nullptr);
  input.in_accepted = std::find(identity.accepted.begin(), identity.accepted.end(), shown.key) !=
                      identity.accepted.end();
  input.now = session.now;
  input.renewal = session.settings.renewal;
  if (binding) {
    input.critical = binding->critical;
    input.binding_had_public_chain = binding->public_chain;
    input.new_chain_for_name = shown.public_chain.valid && StandsFor(shown, binding->name);
  }
  if (binding && session.parts.observers != nullptr) {
    input.observers = session.parts.observers->ViewOfChange(
        ServiceOf(session, identity), identity.accepted, shown.key, session.now);
  }
  input.in_rollover = binding && WasAnnounced(session, identity, shown.key);
  if (shown.embedded_scts) input.new_ct = CtEvidence::kEmbedded;
  if (const CertificateFacts* old = Newest(identity.candidates)) {
    input.same_issuer_organization =
        !old->issuer_organization.empty() && old->issuer_organization == shown.issuer_organization;
    input.old_not_before = old->not_before;
    input.old_not_after = old->not_after;
  }
  return DecideKeyChange(input);
}

}  // namespace commresolve
