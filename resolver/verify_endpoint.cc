// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One server against all bindings.

#include "resolver/verify_endpoint.h"

#include <algorithm>

#include "resolver/review_change.h"
#include "resolver/session.h"

namespace commresolve {
namespace {

/// Bindings that expected another key here: by canonical name, or by keys seen here before.
Result<std::vector<Binding>> Expecting(Session& session, const Endpoint& endpoint,
                                       const std::string& host) {
  std::vector<Binding> bindings = session.known->FindByName(host);
  COMMRESOLVE_ASSIGN(keys, session.parts.candidates->KeysSeenAt(endpoint.ip, endpoint.port));
  for (const KeyId& key : keys) {
    for (Binding& binding : session.known->FindByKey(key)) {
      if (std::find(bindings.begin(), bindings.end(), binding) == bindings.end()) {
        bindings.push_back(std::move(binding));
      }
    }
  }
  return bindings;
}

Status Judge(Session& session, const std::string& host, EndpointVerdict& out) {
  const KeyId& key = out.shown->key;
  if (session.known->IsRevoked(key)) {
    out.verdict = Verdict::kRevoked;
    out.reason = "the key is revoked";
    return {};
  }
  COMMRESOLVE_ASSIGN(expecting, Expecting(session, *out.endpoint, host));
  const auto accepting = session.known->FindByKey(key);
  for (const Binding& binding : accepting) {
    if (binding.Rejects(key)) continue;
    out.verdict = Verdict::kMatch;
    out.bindings.push_back(binding);
    out.reason = "a bound key";
  }
  if (out.verdict == Verdict::kMatch || expecting.empty()) {
    if (out.reason.empty()) out.reason = "no binding knows this server or this key";
    return {};
  }
  session.out.binding = expecting.front();
  COMMRESOLVE_ASSIGN(identity, IdentityOf(session, expecting.front().accepted,
                                          expecting.front().name, expecting.front().tier));
  const KeyChangeOutcome outcome = ReviewChange(session, identity, *out.shown);
  out.verdict = outcome.verdict;
  out.reason = std::string("row ") + outcome.row + ": " + outcome.reason;
  out.bindings = std::move(expecting);
  return {};
}

}  // namespace

EndpointVerdict VerifyEndpoint(const ResolverSettings& settings, const ResolverParts& parts,
                               const std::vector<Endpoint>& endpoints, const std::string& host) {
  EndpointVerdict out;
  const auto known = parts.known_certs->Load();
  if (!known.ok()) {
    out.failure = known.error();
    return out;
  }
  RaceResult race =
      parts.transport->Race(endpoints, settings.probe, [](const Handshake&) { return true; });
  if (!race.winner) {
    out.failure = race.losers.empty()
                      ? Error{Code::kUnavailable, host + " has no address that can be asked"}
                      : race.losers.front().handshake.error();
    return out;
  }
  out.endpoint = race.winner->handshake.endpoint;
  const auto shown = parts.evidence->RecordHandshake(race.winner->handshake);
  if (!shown.ok()) {
    out.failure = shown.error();
    return out;
  }
  out.shown = *shown;
  const ResolveRequest request{.name = out.shown->key, .protocol = {}};
  Resolution unused;
  Session session{settings, parts, request, parts.clock->Now(), *known, unused};
  if (const Status judged = Judge(session, host, out); !judged.ok()) out.failure = judged.error();
  return out;
}

}  // namespace commresolve
