// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Step "decide" for names that mean something already: bound words, keys, and DNS names of bound
// certificates.

#include <algorithm>

#include "resolver/keyword/host_name.h"
#include "resolver/session.h"

namespace commresolve {
namespace {

constexpr size_t kMaxNameCarriers = 64;

/// `name` is the canonical one: the binding's, or the DNS name that was asked for.
Result<Identity> OfBinding(Session& session, const Binding& binding, const std::string& name) {
  session.out.binding = binding;
  std::vector<KeyId> accepted;
  for (const KeyId& key : binding.accepted) {
    if (session.Rejected(key, &binding)) {
      session.Trace("decide", "key " + KeyShort(key) + " of the binding is revoked");
    } else {
      accepted.push_back(key);
    }
  }
  if (accepted.empty()) {
    session.out.verdict = Verdict::kRevoked;
    return Error{Code::kUntrusted, "every key of the binding is revoked",
                 "bind another key with `commresolve bind`, or look at `commresolve known`"};
  }
  session.Trace("decide", "bound since " + FormatTime(binding.since) + ", tier " +
                              TierName(binding.tier) + ": " + binding.reason);
  return IdentityOf(session, std::move(accepted), name, binding.tier);
}

Result<Identity> OfKey(Session& session, const KeyId& key) {
  if (session.Rejected(key, nullptr)) {
    session.out.verdict = Verdict::kRevoked;
    return Error{Code::kUntrusted, "key " + KeyShort(key) + " is revoked",
                 "`commresolve known` shows when and why"};
  }
  session.Trace("decide", "the name is the key itself; no binding is needed");
  return IdentityOf(session, {key}, "", Tier::kProven);
}

/// Bindings that are named `host`, or else accept a key whose certificate carries it. Only a public
/// chain makes that count: what a certificate claims by itself decides nothing, even if its key is
/// bound to other words.
Result<std::vector<Binding>> BoundCarriers(Session& session, const std::string& host) {
  std::vector<Binding> bindings = session.known->FindByName(host);
  const auto words = KeywordSet::FromText(host);
  if (!bindings.empty() || !words.ok()) return bindings;
  COMMRESOLVE_ASSIGN(found, session.parts.candidates->Find(*words, kMaxNameCarriers));
  if (!found.complete) {
    return Error{Code::kAmbiguous, "too many certificates carry the words of " + host,
                 "use the words of the one you mean"};
  }
  for (const Candidate& candidate : found.list) {
    if (!candidate.certificate.public_chain.valid) continue;
    const auto& names = candidate.certificate.names;
    const bool carries = std::any_of(names.begin(), names.end(), [&host](const std::string& name) {
      return MatchesHostName(name, host);
    });
    if (!carries) continue;
    for (Binding& binding : session.known->FindByKey(candidate.key())) {
      bindings.push_back(std::move(binding));
    }
  }
  return bindings;
}

Result<Identity> OfDnsName(Session& session, const DnsName& name) {
  if (!session.settings.dns_names) {
    return Error{Code::kNotFound, "DNS names are switched off (dns_names = false)",
                 "use the bound words"};
  }
  COMMRESOLVE_ASSIGN(bindings, BoundCarriers(session, name.host));
  if (bindings.empty()) {
    return Error{Code::kNotFound, "no bound certificate carries the name " + name.host,
                 "bind its words first: commresolve bind WORDS"};
  }
  for (const Binding& other : bindings) {
    if (other.accepted != bindings.front().accepted) {
      return Error{Code::kAmbiguous, "several bound identities carry the name " + name.host,
                   "use the words of the one you mean"};
    }
  }
  session.Trace("decide", "a bound certificate carries the name " + name.host);
  return OfBinding(session, bindings.front(), name.host);
}

}  // namespace

bool Session::Rejected(const KeyId& key, const Binding* binding) const {
  return known->IsRevoked(key) || (binding != nullptr && binding->Rejects(key));
}

Result<Identity> IdentityOf(Session& session, std::vector<KeyId> accepted, const std::string& name,
                            Tier tier) {
  Identity identity;
  identity.accepted = std::move(accepted);
  identity.canonical_name = name;
  identity.tier = tier;
  for (const KeyId& key : identity.accepted) {
    COMMRESOLVE_ASSIGN(candidate, session.parts.candidates->FindKey(key));
    if (candidate) identity.candidates.push_back(std::move(*candidate));
  }
  return identity;
}

Result<Identity> Identify(Session& session) {
  if (const auto* key = std::get_if<KeyId>(&session.request.name)) return OfKey(session, *key);
  if (const auto* name = std::get_if<DnsName>(&session.request.name)) {
    return OfDnsName(session, *name);
  }
  const auto& words = std::get<KeywordSet>(session.request.name);
  session.Trace("normalise", "the words are '" + words.ToString() + "'");
  if (const auto binding = session.known->Find(words))
    return OfBinding(session, *binding, binding->name);
  session.Trace("decide", "the words are not bound");
  return FirstContact(session, words);
}

}  // namespace commresolve
