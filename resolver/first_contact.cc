// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Step "decide" for words that are not bound yet.

#include <algorithm>

#include "resolver/search_proof.h"
#include "resolver/session.h"

namespace commresolve {
namespace {

constexpr size_t kMaxCarriers = 64;
constexpr size_t kMaxProvedAtFirstUse = 8;

std::vector<KeyId> RevokedKeys(const KnownCerts& known) {
  std::vector<KeyId> keys;
  for (const RevokedKey& revoked : known.revoked()) keys.push_back(revoked.key);
  return keys;
}

/// Keeps what carries every word in its own text; the index may nominate more.
void KeepCarriers(const KeywordSet& words, Candidates& found) {
  std::erase_if(found.list, [&words](const Candidate& candidate) {
    return !Cover(words, candidate.keywords).all;
  });
}

/// Whether proving the key could make the candidate qualify.
bool WorthProving(const Session& session, const KeywordSet& words, const Candidate& candidate) {
  return candidate.certificate.public_chain.valid &&
         candidate.certificate.not_after > session.now &&
         !session.known->IsRevoked(candidate.key()) && Cover(words, candidate.keywords).decisive;
}

Status TryToProve(Session& session, Candidate& candidate) {
  const Identity alone{{candidate.key()}, {candidate}, "", Tier::kClaimed};
  const ProofSearch search = SearchProof(session, alone);
  if (search.winner) {
    COMMRESOLVE_ASSIGN(shown, session.parts.evidence->RecordHandshake(search.winner->handshake));
    session.Trace("prove", "key " + KeyShort(shown.key) + " proved at " +
                               search.winner->handshake.endpoint.ToString());
  } else {
    session.Trace("prove", "key " + KeyShort(candidate.key()) + " could not be proved now");
  }
  COMMRESOLVE_ASSIGN(again, session.parts.candidates->FindKey(candidate.key()));
  if (again) candidate = std::move(*again);
  return {};
}

Status ProveThoseThatCouldQualify(Session& session, const KeywordSet& words, Candidates& found) {
  size_t asked = 0;
  for (Candidate& candidate : found.list) {
    if (!WorthProving(session, words, candidate)) continue;
    const bool stale = candidate.proved_at().value_or(0) < session.now - session.settings.max_age;
    if (!stale || session.request.prove == Prove::kNever) continue;
    if (++asked > kMaxProvedAtFirstUse) return {};
    COMMRESOLVE_TRY(TryToProve(session, candidate));
  }
  return {};
}

Error NotBound(const Session& session, const KeywordSet& words) {
  const std::string mode = FirstUseModeName(session.settings.first_use);
  session.Trace("decide", "first_use = " + mode + ": only the user binds");
  return {Code::kUntrusted, "'" + words.ToString() + "' is not bound to any key yet",
          "choose one: commresolve bind " + words.ToString()};
}

}  // namespace

Result<Identity> FirstContact(Session& session, const KeywordSet& words) {
  session.out.verdict = Verdict::kNew;
  COMMRESOLVE_ASSIGN(found, session.parts.candidates->Find(words, kMaxCarriers));
  KeepCarriers(words, found);
  session.Trace("candidates", std::to_string(found.list.size()) +
                                  (found.complete ? "" : " or more") + " keys carry every word");
  session.out.candidates = found.list;
  if (found.list.empty()) {
    return Error{Code::kNotFound, "no certificate carries all of '" + words.ToString() + "'",
                 "try `commresolve search " + words.ToString() + "`, or observe the server first"};
  }
  if (session.settings.first_use != FirstUseMode::kAcceptNew) return NotBound(session, words);

  COMMRESOLVE_TRY(ProveThoseThatCouldQualify(session, words, found));
  session.out.candidates = found.list;
  const FirstUseDecision decision = DecideFirstUse(words, found, RevokedKeys(*session.known),
                                                   session.now, session.settings.max_age);
  for (const Eligibility& standing : decision.considered) {
    session.Trace("decide", "key " + KeyShort(standing.key) + ": " + standing.reason);
  }
  session.Trace("decide", decision.reason);
  if (!decision.chosen) {
    return Error{decision.refusal, decision.reason,
                 "choose one: commresolve bind " + words.ToString()};
  }
  if (!session.request.may_bind) {
    return Error{Code::kUntrusted,
                 "not bound yet; resolving it would bind " + KeyShort(*decision.chosen) + ": " +
                     decision.reason,
                 "bind it: commresolve resolve " + words.ToString()};
  }
  Resolver binder(session.settings, session.parts);
  COMMRESOLVE_ASSIGN(binding, binder.Bind(words, *decision.chosen, Tier::kProven, false, "",
                                          "first use: " + decision.reason));
  session.out.binding = binding;
  session.out.notices.push_back("bound '" + words.ToString() + "' to key " +
                                KeyShort(*decision.chosen) + ", tier " + TierName(binding.tier));
  return IdentityOf(session, binding.accepted, binding.name, binding.tier);
}

}  // namespace commresolve
