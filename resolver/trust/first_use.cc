// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Who may be chosen at first use, and who stands in the way.

#include "resolver/trust/first_use.h"

#include <algorithm>
#include <set>

#include "resolver/keyword/host_name.h"

namespace commresolve {
namespace {

/// What the rule needs to know of one candidate.
struct Judgement {
  const Candidate* candidate = nullptr;
  bool carries = false;    // Every word, in any class.
  bool contender = false;  // Public, current and decisive: may rule out others.
  bool eligible = false;   // Also proved and not rejected: may be chosen.
  std::string reason;
};

bool ProvedAround(const Candidate& candidate, UnixTime now, int64_t max_age) {
  return std::any_of(candidate.endpoints.begin(), candidate.endpoints.end(),
                     [&](const SeenEndpoint& seen) {
                       if (!seen.proved_at) return false;
                       if (seen.wrong_at && *seen.wrong_at >= *seen.proved_at) return false;
                       return *seen.proved_at >= now - max_age && *seen.proved_at <= now + max_age;
                     });
}

std::string QuoteAll(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "'" : ", '") + word + "'";
  return text;
}

Judgement Judge(const KeywordSet& words, const Candidate& candidate,
                const std::vector<KeyId>& rejected, UnixTime now, int64_t max_age) {
  const Coverage coverage = Cover(words, candidate.keywords);
  const CertificateFacts& facts = candidate.certificate;
  Judgement judgement{&candidate, coverage.all, false, false, {}};
  if (!coverage.all) {
    judgement.reason = "does not carry every word";
  } else if (!facts.public_chain.valid) {
    judgement.reason = "no valid public chain";
    if (!facts.public_chain.reason.empty()) judgement.reason += ": " + facts.public_chain.reason;
  } else if (now < facts.not_before || now > facts.not_after) {
    judgement.reason = "its certificate is not valid now";
  } else if (!coverage.self_claimed.empty()) {
    judgement.reason = "only its own text says " + QuoteAll(coverage.self_claimed);
  } else if (!coverage.decisive) {
    judgement.reason = "no word is the registrable label of its DNS names";
  } else {
    judgement.contender = true;
    const bool is_rejected =
        std::find(rejected.begin(), rejected.end(), candidate.key()) != rejected.end();
    const bool proved = ProvedAround(candidate, now, max_age);
    judgement.eligible = proved && !is_rejected;
    judgement.reason = is_rejected ? "the user rejected this key"
                       : proved    ? "proved, public chain, words in validated names"
                                   : "not proved by a handshake of our own lately";
  }
  return judgement;
}

/// True if `chosen` stands for every DNS name in which the deciding label of `rival` stands.
bool Supersedes(const KeywordSet& words, const CertificateFacts& chosen,
                const CertificateFacts& rival) {
  const std::set<std::string_view> names(chosen.names.begin(), chosen.names.end());
  bool has_deciding_name = false;
  for (const std::string& name : rival.names) {
    if (!IsDecidingLabel(words, FoldCase(SplitHostName(name).registrable_label))) continue;
    has_deciding_name = true;
    if (names.contains(name)) continue;
    const size_t dot = std::min(name.find('.'), name.size());
    const std::string wildcard = "*" + name.substr(dot);
    if (!names.contains(wildcard) || !MatchesHostName(wildcard, name)) return false;
  }
  return has_deciding_name;
}

FirstUseDecision Refuse(FirstUseDecision decision, Code code, std::string reason) {
  decision.refusal = code;
  decision.reason = std::move(reason);
  return decision;
}

}  // namespace

const char* FirstUseModeName(FirstUseMode mode) {
  switch (mode) {
    case FirstUseMode::kAsk:
      return "ask";
    case FirstUseMode::kAcceptNew:
      return "accept-new";
    case FirstUseMode::kRefuse:
      return "refuse";
  }
  return "refuse";
}

std::optional<FirstUseMode> ParseFirstUseMode(std::string_view name) {
  for (const auto mode : {FirstUseMode::kAsk, FirstUseMode::kAcceptNew, FirstUseMode::kRefuse}) {
    if (name == FirstUseModeName(mode)) return mode;
  }
  return std::nullopt;
}

FirstUseDecision DecideFirstUse(const KeywordSet& words, const Candidates& candidates,
                                const std::vector<KeyId>& rejected, UnixTime now, int64_t max_age) {
  FirstUseDecision decision;
  std::vector<Judgement> contenders;
  std::set<KeyId> eligible;
  bool anybody_carries = false;
  for (const Candidate& candidate : candidates.list) {
    const Judgement judgement = Judge(words, candidate, rejected, now, max_age);
    decision.considered.push_back({candidate.key(), judgement.eligible, judgement.reason});
    anybody_carries = anybody_carries || judgement.carries;
    if (judgement.eligible) eligible.insert(candidate.key());
    if (judgement.contender) contenders.push_back(judgement);
  }
  if (!anybody_carries) {
    return Refuse(std::move(decision), Code::kNotFound, "no certificate carries every word");
  }
  if (eligible.empty()) {
    return Refuse(std::move(decision), Code::kUntrusted, "no candidate qualifies by itself");
  }
  if (eligible.size() > 1) {
    return Refuse(std::move(decision), Code::kAmbiguous,
                  std::to_string(eligible.size()) + " different keys qualify");
  }
  if (!candidates.complete) {
    return Refuse(std::move(decision), Code::kAmbiguous,
                  "more certificates carry the words than were looked at");
  }
  const KeyId key = *eligible.begin();
  const auto chosen = std::find_if(contenders.begin(), contenders.end(),
                                   [](const Judgement& contender) { return contender.eligible; });
  for (const Judgement& rival : contenders) {
    if (rival.candidate->key() == key) continue;
    if (Supersedes(words, chosen->candidate->certificate, rival.candidate->certificate)) continue;
    return Refuse(std::move(decision), Code::kAmbiguous,
                  "another public certificate carries the words in its validated names too");
  }
  decision.chosen = key;
  decision.reason = "the only public identity whose validated names carry every word, proved";
  return decision;
}

}  // namespace commresolve
