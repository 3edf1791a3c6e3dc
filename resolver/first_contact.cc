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

Error NobodyToAsk() {
  return {Code::kUnavailable, "a daemon that shares asks them, for the owner of its data"};
}

Result<Candidates> FindAmongPeers(const Session& session, const KeywordSet& words) {
  if (session.request.prove == Prove::kNever) {
    return Error{Code::kInvalidArgument, "what they say takes a handshake to believe"};
  }
  if (session.parts.peers == nullptr) return NobodyToAsk();
  return session.parts.peers->Find(words, kMaxCarriers);
}

std::string WithHint(const Error& error) {
  return error.hint.empty() ? error.message : error.message + " (" + error.hint + ")";
}

/// Whom peers nominate. That they cannot be asked is told, and is no reason to fail.
Candidates AskPeers(Session& session, const KeywordSet& words) {
  auto found = FindAmongPeers(session, words);
  const std::string outcome = found.ok() ? "peers were asked; of the keys that they claim " +
                                               std::to_string(found->list.size()) +
                                               " proved to carry the words"
                                         : "peers could not be asked: " + WithHint(found.error());
  session.Trace("candidates", outcome);
  session.out.notices.push_back(outcome);
  return found.ok() ? std::move(*found) : Candidates();
}

/// Those on record; only if there are none, and the request says so, those of peers.
Result<Candidates> FindCarriers(Session& session, const KeywordSet& words) {
  COMMRESOLVE_ASSIGN(found, session.parts.candidates->Find(words, kMaxCarriers));
  KeepCarriers(words, found);
  if (!found.list.empty() || !session.request.ask_peers) return found;
  Candidates theirs = AskPeers(session, words);
  KeepCarriers(words, theirs);
  return theirs;
}

/// Whether proving the key could make the candidate qualify.
bool WorthProving(const Session& session, const KeywordSet& words, const Candidate& candidate) {
  return candidate.certificate.public_chain.valid &&
         candidate.certificate.not_after > session.now &&
         !session.known->IsRevoked(candidate.key()) && Cover(words, candidate.keywords).decisive;
}

/// Still a rival, but cannot be chosen.
void Disqualify(Session& session, Candidate& candidate, const std::string& why) {
  session.Trace("prove", "key " + KeyShort(candidate.key()) + " " + why);
  for (SeenEndpoint& seen : candidate.endpoints) seen.proved_at.reset();
}

/// Only a handshake made for this decision qualifies, with the certificate that carries the words
/// and a chain that leads to a public root now: what is on record may have been true long ago, or
/// never.
Status TryToProve(Session& session, Candidate& candidate) {
  const Identity alone{{candidate.key()}, {candidate}, "", Tier::kClaimed};
  const ProofSearch search = SearchProof(session, alone);
  if (!search.winner) {
    Disqualify(session, candidate, "could not be proved now");
    return {};
  }
  const Handshake& handshake = search.winner->handshake;
  COMMRESOLVE_ASSIGN(shown, session.parts.evidence->RecordHandshake(handshake));
  session.Trace("prove",
                "key " + KeyShort(shown.key) + " proved at " + handshake.endpoint.ToString());
  COMMRESOLVE_ASSIGN(checked, session.parts.evidence->CheckChainNow(handshake));
  COMMRESOLVE_ASSIGN(again, session.parts.candidates->FindKey(candidate.key()));
  if (again) candidate = std::move(*again);
  if (candidate.certificate.id != shown.id) {
    Disqualify(session, candidate, "shows another certificate now");
  } else if (!checked.valid) {
    Disqualify(session, candidate, "has no valid public chain now: " + checked.reason);
  }
  return {};
}

Status ProveThoseThatCouldQualify(Session& session, const KeywordSet& words, Candidates& found) {
  size_t asked = 0;
  for (Candidate& candidate : found.list) {
    if (!WorthProving(session, words, candidate)) continue;
    if (++asked > kMaxProvedAtFirstUse) {
      found.complete = false;
      return {};
    }
    COMMRESOLVE_TRY(TryToProve(session, candidate));
  }
  return {};
}

Error NotBound(const KeywordSet& words) {
  return {Code::kUntrusted, "'" + words.ToString() + "' is not bound to any key yet",
          "choose one: commresolve bind " + words.ToString()};
}

}  // namespace

Result<Identity> FirstContact(Session& session, const KeywordSet& words) {
  session.out.verdict = Verdict::kNew;
  if (!session.request.first_use) return NotBound(words);
  COMMRESOLVE_ASSIGN(found, FindCarriers(session, words));
  session.Trace("candidates", std::to_string(found.list.size()) +
                                  (found.complete ? "" : " or more") + " keys carry every word");
  session.out.candidates = found.list;
  if (found.list.empty()) {
    return Error{Code::kNotFound, "no certificate carries all of '" + words.ToString() + "'",
                 "try `commresolve search " + words.ToString() + "`, or observe the server first"};
  }
  if (session.settings.first_use != FirstUseMode::kAcceptNew) {
    const std::string mode = FirstUseModeName(session.settings.first_use);
    session.Trace("decide", "first_use = " + mode + ": only the user binds");
    return NotBound(words);
  }
  if (session.request.prove == Prove::kNever) {
    return Error{Code::kUntrusted, "not bound yet, and a first use needs a handshake",
                 "allow a handshake: --prove=max-age"};
  }

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
