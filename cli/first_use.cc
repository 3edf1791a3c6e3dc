// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The dialogue of a first use.

#include "cli/first_use.h"

#include <algorithm>
#include <charconv>

namespace commresolve::cli {
namespace {

constexpr size_t kMaxShown = 9;
constexpr size_t kMaxEndpointsShown = 3;
constexpr size_t kMaxNameWidth = 200;
constexpr std::chrono::seconds kIndexPatience{2};  // The daemon indexes it too.

std::string Evidence(const KeywordSet& words, const Candidate& candidate) {
  const Coverage coverage = Cover(words, candidate.keywords);
  std::string text = candidate.certificate.public_chain.valid
                         ? "public chain, " + (candidate.certificate.issuer_organization.empty()
                                                   ? candidate.certificate.issuer_common_name
                                                   : candidate.certificate.issuer_organization)
                         : "no public chain (" + candidate.certificate.public_chain.reason + ")";
  if (!coverage.self_claimed.empty()) text += "; self-claimed: " + Joined(coverage.self_claimed);
  return text;
}

/// True if the place was seen under several server names.
bool SeenAsSeveral(const Candidate& candidate, const Endpoint& place) {
  const std::string address = place.ToString();
  return std::count_if(candidate.endpoints.begin(), candidate.endpoints.end(),
                       [&address](const SeenEndpoint& seen) {
                         return seen.endpoint.ToString() == address;
                       }) > 1;
}

std::string SeenAt(const Context& context, const Candidate& candidate) {
  std::string text;
  for (size_t i = 0; i < candidate.endpoints.size() && i < kMaxEndpointsShown; ++i) {
    const SeenEndpoint& seen = candidate.endpoints[i];
    text += (i == 0 ? "" : ", ") + seen.endpoint.ToString();
    if (SeenAsSeveral(candidate, seen.endpoint)) {
      text +=
          seen.endpoint.server_name.empty() ? " without name" : " as " + seen.endpoint.server_name;
    }
    if (seen.proved_at) text += " (proved " + FormatAge(context.now() - *seen.proved_at) + " ago)";
  }
  if (text.empty()) return "nowhere yet";
  const size_t count = candidate.endpoints.size();
  return count <= kMaxEndpointsShown
             ? text
             : text + " and " + std::to_string(count - kMaxEndpointsShown) + " more";
}

std::string AlsoBound(const KnownCerts& known, const KeyId& key) {
  std::string text;
  for (const Binding& binding : known.FindByKey(key)) {
    text += (text.empty() ? "" : ", ") + (binding.words ? binding.words->ToString() : "(hashed)");
  }
  return text;
}

void Show(Context& context, const KnownCerts& known, const KeywordSet& words,
          const Candidate& candidate, size_t number) {
  const CertificateFacts& facts = candidate.certificate;
  const std::string name = !facts.names.empty()          ? Joined(facts.names)
                           : !facts.common_names.empty() ? facts.common_names.front()
                                                         : "(no name)";
  const Terminal& terminal = context.terminal();
  terminal.Note(std::to_string(number) + "  " + Cut(name, kMaxNameWidth));
  terminal.Note("   key      " + KeyText(facts.key));
  terminal.Note("   evidence " + Evidence(words, candidate));
  terminal.Note("   seen at  " + SeenAt(context, candidate));
  const std::string also = AlsoBound(known, facts.key);
  if (!also.empty()) terminal.Note("   bound as " + also);
}

std::string NowBound(const KnownCerts& known, const KeywordSet& words, bool add) {
  const std::string quoted = "'" + words.ToString() + "'";
  const auto bound = known.Find(words);
  if (!bound) return quoted + " is not bound yet";
  std::string keys;
  for (const KeyId& key : bound->accepted) keys += (keys.empty() ? "" : ", ") + KeyShort(key);
  return quoted + " is bound to " + keys + " (" + TierName(bound->tier) + "), which the choice " +
         (add ? "joins" : "replaces");
}

}  // namespace

Result<Choice> AskWhichKey(Context& context, const KeywordSet& words,
                           const std::vector<Candidate>& candidates, bool add) {
  const std::atomic<bool>* stop = WatchStop();
  COMMRESOLVE_ASSIGN(known, context.known());
  context.terminal().Note(NowBound(*known, words, add) + "; these keys carry the words:");
  size_t shown = 0;
  for (const Candidate& candidate : candidates) {
    if (shown == kMaxShown) break;
    Show(context, *known, words, candidate, ++shown);
  }
  if (shown < candidates.size()) {
    context.terminal().Note(std::to_string(shown) + " of " + std::to_string(candidates.size()) +
                            " are shown; narrow the words, or paste a key");
  }
  const std::string answer = context.terminal().Ask(
      "Which one is meant? [1-" + std::to_string(shown) + ", a key to compare, or Enter for none] ",
      *stop);
  if (*stop) return Error{Code::kInterrupted, "stopped, so nothing was bound"};
  if (const auto key = ParseKey(answer); key.ok()) {
    for (const Candidate& candidate : candidates) {
      if (candidate.key() == *key) return Choice{*key, true};
    }
    return Error{Code::kUntrusted, "none of the keys is the one that was given"};
  }
  size_t number = 0;
  const auto [end, error] = std::from_chars(answer.data(), answer.data() + answer.size(), number);
  if (error != std::errc() || end != answer.data() + answer.size() || number < 1 ||
      number > shown) {
    return Error{Code::kUntrusted, "nothing was chosen, so nothing was bound"};
  }
  return Choice{candidates[number - 1].key(), false};
}

Result<Resolution> ResolveOrAsk(Context& context, const ResolveRequest& request) {
  COMMRESOLVE_ASSIGN(backend, context.backend());
  COMMRESOLVE_ASSIGN(first, backend->Resolve(request));
  const auto* words = std::get_if<KeywordSet>(&request.name);
  if (!first.refusal || first.verdict != Verdict::kNew || words == nullptr || context.json() ||
      context.settings().first_use != FirstUseMode::kAsk || !context.CanAsk()) {
    return first;
  }
  COMMRESOLVE_ASSIGN(store, context.store());
  // What peers led to was recorded this moment.
  if (request.ask_peers) context.CatchUp(kIndexPatience);
  COMMRESOLVE_ASSIGN(found, store->Find(*words, kMaxChoices));
  if (found.list.empty()) return first;
  // The answer after the choice is another one.
  for (const std::string& notice : first.notices) context.terminal().Note("notice: " + notice);
  COMMRESOLVE_ASSIGN(choice, AskWhichKey(context, *words, found.list));
  COMMRESOLVE_ASSIGN(
      binding,
      backend->Bind({.words = *words,
                     .key = choice.key,
                     .reason = choice.compared ? "the user compared the key" : "the user's choice",
                     .tier = choice.compared ? Tier::kPinned : Tier::kProven}));
  context.terminal().Note("bound '" + words->ToString() + "', tier " + TierName(binding.tier));
  return backend->Resolve(request);
}

}  // namespace commresolve::cli
