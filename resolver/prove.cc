// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Step "prove": from hints to a proof of a bound key, or to a refusal that says what was seen.

#include <algorithm>
#include <set>

#include "resolver/review_change.h"
#include "resolver/search_proof.h"
#include "resolver/session.h"

namespace commresolve {
namespace {

/// The latest proof on record that is young enough and at a wanted endpoint.
std::optional<Answer> RecordedProof(const Session& session, const Identity& identity) {
  std::optional<Answer> best;
  for (const Candidate& candidate : identity.candidates) {
    for (const SeenEndpoint& seen : candidate.endpoints) {
      const UnixTime proved = seen.proved_at.value_or(0);
      if (seen.wrong_at || proved < session.now - session.settings.max_age) continue;
      if (proved > session.now || (best && proved <= best->proved_at)) continue;
      if (session.request.port != 0 && seen.endpoint.port != session.request.port) continue;
      if (session.request.protocol && seen.endpoint.protocol != *session.request.protocol) continue;
      best = Answer{seen.endpoint, identity.canonical_name, candidate.key(), proved, false,
                    identity.tier};
    }
  }
  return best;
}

/// Other keys that answered: written down, taken off the hints, and judged.
Status ReviewLosers(Session& session, const Identity& identity,
                    const std::vector<ProbeOutcome>& losers) {
  for (const ProbeOutcome& loser : losers) {
    if (!loser.handshake.ok()) continue;
    const auto shown = session.parts.evidence->RecordHandshake(*loser.handshake);
    if (!shown.ok()) {
      session.Trace("prove", shown.error().message);
      continue;
    }
    for (const Candidate& candidate : identity.candidates) {
      COMMRESOLVE_TRY(session.parts.evidence->RecordWrongKey(loser.endpoint, candidate.key(),
                                                             loser.handshake->time));
    }
    CertificateFacts facts = *shown;
    COMMRESOLVE_ASSIGN(checked, session.parts.evidence->CheckChainNow(*loser.handshake));
    facts.public_chain = std::move(checked);
    const KeyChangeOutcome outcome = ReviewChange(session, identity, facts);
    session.out.changes.push_back({loser.endpoint, std::move(facts), outcome});
  }
  return {};
}

/// How loud a refusal is; the loudest of several is told.
int Weight(Verdict verdict) {
  switch (verdict) {
    case Verdict::kRevoked:
      return 3;
    case Verdict::kHold:
      return 2;
    case Verdict::kChanged:
      return 1;
    default:
      return 0;
  }
}

Error RefuseChange(Session& session) {
  const SeenChange* told = nullptr;
  for (const SeenChange& change : session.out.changes) {
    session.Trace("decide", change.endpoint.ToString() + ": row " + change.outcome.row + ", " +
                                VerdictName(change.outcome.verdict) + ": " + change.outcome.reason);
    if (told == nullptr || Weight(change.outcome.verdict) > Weight(told->outcome.verdict)) {
      told = &change;
    }
  }
  // What the table would accept was not taken for this question.
  const bool acceptable = told->outcome.verdict == Verdict::kMatch;
  session.out.verdict = acceptable ? Verdict::kChanged : told->outcome.verdict;
  const auto& binding = session.out.binding;
  const std::string words = binding && binding->words ? binding->words->ToString() : "";
  if (acceptable && !words.empty()) {
    return {Code::kUntrusted,
            told->endpoint.ToString() + " answered with key " + KeyShort(told->certificate.key) +
                ", which is not bound yet: " + told->outcome.reason,
            "ask by the words, which accepts it: commresolve resolve " + words};
  }
  return {Code::kUntrusted,
          told->endpoint.ToString() + " answered with key " + KeyShort(told->certificate.key) +
              ", which is not a bound key: " + told->outcome.reason,
          words.empty() ? "look for the new key with `commresolve search`"
                        : "ask the owner; then accept it: commresolve bind " + words + " --key " +
                              KeyText(told->certificate.key) + " --add"};
}

Error RefuseUnreachable(const Session& session, const ProofSearch& search) {
  if (search.losers.empty()) {
    return {Code::kUnavailable, "no address is known that could prove the key",
            "observe the server where it is: commresolve observe HOST:PORT"};
  }
  const Error& first = search.losers.front().handshake.error();
  std::set<IpAddress> addresses;
  for (const ProbeOutcome& loser : search.losers) addresses.insert(loser.endpoint.ip);
  const size_t count = addresses.size();
  return {first.code,
          (count == 1 ? "" : "none of " + std::to_string(count) + " addresses proved the key; ") +
              first.message,
          session.request.port == 0 ? "if the server has moved, observe it at its new address"
                                    : "try without a port, or another one"};
}

/// A second use of a first-use binding makes it "continued".
Status StepUp(Session& session, const Handshake& proof, Answer& answer) {
  const auto& binding = session.out.binding;
  if (!binding || binding->tier != Tier::kProven || proof.time <= binding->since) return {};
  if (!binding->words) return {};
  answer.tier = Tier::kContinued;
  const KeywordSet words = *binding->words;
  return session.parts.known_certs->Edit([&words](KnownCerts& known) -> Status {
    auto bound = known.Find(words);
    if (!bound || bound->tier != Tier::kProven) return {};
    bound->tier = Tier::kContinued;
    return known.Put(*bound);
  });
}

Result<Answer> AnswerWith(Session& session, const Identity& identity, RaceWinner winner) {
  COMMRESOLVE_ASSIGN(shown, session.parts.evidence->RecordHandshake(winner.handshake));
  session.Trace("prove", winner.handshake.endpoint.ToString() + " proved key " +
                             KeyShort(shown.key) + " (" + winner.handshake.tls_version + ")");
  Answer answer{winner.handshake.endpoint,
                identity.canonical_name,
                winner.handshake.key,
                winner.handshake.time,
                true,
                identity.tier};
  COMMRESOLVE_TRY(StepUp(session, winner.handshake, answer));
  if (session.request.keep_connection) session.out.connection = std::move(winner.connection);
  return answer;
}

/// A change that the key-change table accepts: the key joins the binding, and proves itself again.
/// Only for the words of the binding: a DNS name that its certificate carries besides may belong to
/// somebody else.
Result<std::optional<Answer>> TakeAcceptedChange(Session& session, const Identity& identity) {
  const auto accepted = std::find_if(
      session.out.changes.begin(), session.out.changes.end(),
      [](const SeenChange& change) { return change.outcome.verdict == Verdict::kMatch; });
  const auto& binding = session.out.binding;
  if (accepted == session.out.changes.end() || !binding || !binding->words ||
      !session.request.may_bind || !std::holds_alternative<KeywordSet>(session.request.name)) {
    return std::optional<Answer>();
  }
  const KeyId key = accepted->certificate.key;
  RaceResult race =
      session.parts.transport->Race({accepted->endpoint}, session.settings.probe,
                                    [&key](const Handshake& shake) { return shake.key == key; });
  if (!race.winner) return std::optional<Answer>();
  const Binding judged = *binding;
  COMMRESOLVE_TRY(session.parts.known_certs->Edit([&judged, &key](KnownCerts& known) -> Status {
    auto bound = known.Find(*judged.words);
    if (bound != judged || known.IsRevoked(key)) {
      return Error{Code::kUntrusted, "the binding was changed in the meantime",
                   "run the command again"};
    }
    if (!bound->Accepts(key)) bound->accepted.push_back(key);
    return known.Put(*bound);
  }));
  const std::string told = "new key " + KeyShort(key) + " accepted (row " + accepted->outcome.row +
                           "): " + accepted->outcome.reason;
  session.Trace("decide", told);
  if (accepted->outcome.notice) session.out.notices.push_back(told);
  COMMRESOLVE_ASSIGN(answer, AnswerWith(session, identity, std::move(*race.winner)));
  return std::optional<Answer>(std::move(answer));
}

}  // namespace

Result<Answer> ProveIdentity(Session& session, const Identity& identity) {
  if (session.request.prove != Prove::kAlways && !session.request.keep_connection) {
    if (const auto answer = RecordedProof(session, identity)) {
      session.Trace("prove", "proved " + FormatAge(session.now - answer->proved_at) + " ago");
      return *answer;
    }
  }
  if (session.request.prove == Prove::kNever) {
    return Error{Code::kUnavailable,
                 "no proof younger than " + FormatAge(session.settings.max_age) + " is on record",
                 "allow a handshake: --prove=max-age"};
  }
  ProofSearch search = SearchProof(session, identity);
  COMMRESOLVE_TRY(ReviewLosers(session, identity, search.losers));
  if (search.winner) return AnswerWith(session, identity, std::move(*search.winner));
  COMMRESOLVE_ASSIGN(changed, TakeAcceptedChange(session, identity));
  if (changed) return *changed;
  if (!session.out.changes.empty()) return RefuseChange(session);
  return RefuseUnreachable(session, search);
}

}  // namespace commresolve
