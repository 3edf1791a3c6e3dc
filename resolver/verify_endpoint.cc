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

bool SamePlace(const Endpoint& a, const Endpoint& b) { return a.ip == b.ip && a.port == b.port; }

/// True if the last proof of `candidate` was made at `endpoint`. Of other server names at the same
/// place nothing is known, unless none was sent.
bool LivesAt(const Candidate& candidate, const Endpoint& endpoint) {
  std::optional<UnixTime> here;
  std::optional<UnixTime> elsewhere;
  for (const SeenEndpoint& seen : candidate.endpoints) {
    if (!SamePlace(seen.endpoint, endpoint)) {
      elsewhere = std::max(elsewhere, seen.proved_at);
    } else if (endpoint.server_name.empty() || seen.endpoint.server_name.empty() ||
               seen.endpoint.server_name == endpoint.server_name) {
      here = std::max(here, seen.proved_at);
    }
  }
  return here && here >= elsewhere;
}

/// The bindings that have a say about the key here: those named `host`, or else those whose key was
/// proved here.
Result<std::vector<Binding>> Expecting(const KnownCerts& known, CandidateSource& candidates,
                                       const Endpoint& endpoint, const std::string& host) {
  std::vector<Binding> bindings = known.FindByName(host);
  if (!bindings.empty()) return bindings;
  COMMRESOLVE_ASSIGN(keys, candidates.KeysSeenAt(endpoint.ip, endpoint.port));
  for (const KeyId& key : keys) {
    COMMRESOLVE_ASSIGN(candidate, candidates.FindKey(key));
    if (!candidate || !LivesAt(*candidate, endpoint)) continue;
    for (Binding& binding : known.FindByKey(key)) {
      if (std::find(bindings.begin(), bindings.end(), binding) == bindings.end()) {
        bindings.push_back(std::move(binding));
      }
    }
  }
  return bindings;
}

/// Splits off the bindings that take `key`.
std::vector<Binding> TakeAccepting(std::vector<Binding>& bindings, const KeyId& key) {
  const auto refusing = std::stable_partition(
      bindings.begin(), bindings.end(),
      [&key](const Binding& binding) { return binding.Accepts(key) && !binding.Rejects(key); });
  std::vector<Binding> accepting(bindings.begin(), refusing);
  bindings.erase(bindings.begin(), refusing);
  return accepting;
}

/// `expecting` as it was before this handshake.
Status Judge(Session& session, std::vector<Binding> expecting, EndpointVerdict& out) {
  const KeyId& key = out.shown->key;
  if (session.known->IsRevoked(key)) {
    out.verdict = Verdict::kRevoked;
    out.reason = "the key is revoked";
    return {};
  }
  const bool expected = !expecting.empty();
  std::vector<Binding> accepting =
      expected ? TakeAccepting(expecting, key) : session.known->FindByKey(key);
  if (!expected) accepting = TakeAccepting(accepting, key);
  if (expecting.empty()) {
    out.verdict = accepting.empty() ? Verdict::kNew : Verdict::kMatch;
    out.reason = accepting.empty() ? "no binding knows this server or this key" : "a bound key";
    out.bindings = std::move(accepting);
    return {};
  }
  session.out.binding = expecting.front();
  COMMRESOLVE_ASSIGN(identity, IdentityOf(session, expecting.front().accepted,
                                          expecting.front().name, expecting.front().tier));
  const KeyChangeOutcome outcome = ReviewChange(session, identity, *out.shown);
  // Nothing is accepted here, so a change that could be is still one.
  out.verdict = outcome.verdict == Verdict::kMatch ? Verdict::kChanged : outcome.verdict;
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
  const ResolveRequest request{.name = race.winner->handshake.key, .protocol = {}};
  Resolution unused;
  Session session{settings, parts, request, parts.clock->Now(), *known, unused};
  // Before the handshake is on record: the key that answers now is not expected by that.
  auto expecting = Expecting(**known, *parts.candidates, *out.endpoint, host);
  if (!expecting.ok()) {
    out.failure = expecting.error();
    return out;
  }
  const auto shown = parts.evidence->RecordHandshake(race.winner->handshake);
  if (!shown.ok()) {
    out.failure = shown.error();
    return out;
  }
  out.shown = *shown;
  const auto checked = parts.evidence->CheckChainNow(race.winner->handshake);
  if (!checked.ok()) {
    out.failure = checked.error();
    return out;
  }
  out.shown->public_chain = *checked;
  const Status judged = Judge(session, std::move(*expecting), out);
  if (!judged.ok()) out.failure = judged.error();
  return out;
}

std::vector<Binding> BrokenBindings(const KnownCerts& known, CandidateSource& candidates,
                                    const Endpoint& endpoint, const CertificateFacts& shown) {
  auto expecting = Expecting(known, candidates, endpoint, endpoint.server_name);
  if (!expecting.ok()) return {};
  TakeAccepting(*expecting, shown.key);
  return std::move(*expecting);
}

}  // namespace commresolve
