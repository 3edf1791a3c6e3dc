// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The rounds of hints.

#include "resolver/search_proof.h"

#include <algorithm>

#include "resolver/hints.h"

namespace commresolve {
namespace {

bool Holds(const std::vector<KeyId>& keys, const KeyId& key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

void TraceLosers(const Session& session, const std::vector<ProbeOutcome>& losers) {
  for (const ProbeOutcome& loser : losers) {
    session.Trace("prove", loser.handshake.ok()
                               ? loser.endpoint.ToString() + " answered with another key, " +
                                     KeyShort(loser.handshake->key)
                               : loser.handshake.error().message);
  }
}

/// Tries what has not been tried yet; true if it found the winner.
bool Round(const Session& session, const Identity& identity, const char* origin,
           std::vector<Endpoint> hints, ProofSearch& search) {
  std::erase_if(hints, [&search](const Endpoint& hint) {
    return std::any_of(search.losers.begin(), search.losers.end(),
                       [&hint](const ProbeOutcome& tried) { return tried.endpoint == hint; });
  });
  if (hints.empty()) return false;
  for (const Endpoint& hint : hints) {
    session.Trace("hints", hint.ToString() + " (" + origin + ")" +
                               (hint.server_name.empty() ? "" : " as " + hint.server_name));
  }
  RaceResult race = session.parts.transport->Race(
      hints, session.settings.probe,
      [&identity](const Handshake& shake) { return Holds(identity.accepted, shake.key); });
  TraceLosers(session, race.losers);
  std::move(race.losers.begin(), race.losers.end(), std::back_inserter(search.losers));
  search.winner = std::move(race.winner);
  return search.winner.has_value();
}

std::vector<Endpoint> AskDns(const Session& session, const Identity& identity,
                             const HintFilter& filter) {
  if (session.parts.dns == nullptr || !session.settings.dns_hints) return {};
  const auto services = NamedServices(identity.candidates, identity.canonical_name, filter);
  if (services.empty()) return {};
  std::vector<std::string> problems;
  auto hints = DnsHints(*session.parts.dns, services, session.settings.dns_patience, &problems);
  for (const std::string& problem : problems) session.Trace("hints", "DNS: " + problem);
  return hints;
}

}  // namespace

ProofSearch SearchProof(const Session& session, const Identity& identity) {
  const HintFilter filter{session.request.port, session.request.protocol};
  ProofSearch search;
  if (Round(session, identity, "on record", RecordedHints(identity.candidates, filter, false),
            search)) {
    return search;
  }
  if (Round(session, identity, "DNS", AskDns(session, identity, filter), search)) return search;
  Round(session, identity, "another key answered there before",
        RecordedHints(identity.candidates, filter, true), search);
  return search;
}

}  // namespace commresolve
