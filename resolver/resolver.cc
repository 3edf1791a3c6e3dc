// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The main path, and binding.

#include "resolver/resolver.h"

#include <algorithm>

#include "resolver/keyword/host_name.h"
#include "resolver/session.h"

namespace commresolve {
namespace {

/// The name that says most about why the words mean this certificate: of those that carry every
/// word the one with the fewest others, else the first that is no wildcard.
std::string CanonicalName(const KeywordSet& words, const CertificateFacts& facts) {
  std::string best;
  size_t best_words = SIZE_MAX;
  for (const std::string& name : facts.names) {
    if (name.starts_with("*.")) continue;
    const std::vector<std::string> own = FoldWords(DisplayHostName(name));
    const bool carries_all =
        std::all_of(words.words().begin(), words.words().end(), [&own](const std::string& word) {
          return std::find(own.begin(), own.end(), word) != own.end();
        });
    const size_t rank = carries_all ? own.size() : SIZE_MAX - 1;
    if (rank < best_words) {
      best = name;
      best_words = rank;
    }
  }
  return best;
}

const char* WouldBeTrusted(Verdict verdict) {
  switch (verdict) {
    case Verdict::kNew:
      return "binding the words to a key (commresolve bind)";
    case Verdict::kRevoked:
      return "binding another key (commresolve bind WORDS --key KEY), or taking the revocation "
             "back (commresolve revoke --undo KEY)";
    default:
      return "accepting the new key (commresolve bind WORDS --key KEY --add), after its owner "
             "confirmed it";
  }
}

void ExplainRefusal(Resolution& out) {
  if (!out.refusal) return;
  switch (out.refusal->code) {
    case Code::kUntrusted:
      out.would_change.push_back(WouldBeTrusted(out.verdict));
      break;
    case Code::kAmbiguous:
      out.would_change.push_back("choosing one of the keys (commresolve bind WORDS --key KEY)");
      break;
    case Code::kNotFound:
      out.would_change.push_back("observing a server whose certificate carries the words");
      break;
    default:
      out.would_change.push_back("a server that proves a bound key at any address that is hinted");
      break;
  }
}

void ExplainAnswer(Resolution& out) {
  out.would_change.push_back("no proof for max_age, revoking the key, or binding other keys");
  if (out.binding) {
    out.would_change.push_back(
        "nothing that other people publish, but a renewal by its own CA when one is due (row 6b)");
  }
}

Status RefuseRevoked(const KnownCerts& known, const KeyId& key) {
  if (!known.IsRevoked(key)) return {};
  return Error{Code::kUntrusted, "key " + KeyShort(key) + " is revoked",
               "take the revocation back first: commresolve revoke --undo KEY"};
}

Status Run(Session& session) {
  COMMRESOLVE_ASSIGN(known, session.parts.known_certs->Load());
  session.known = std::move(known);
  COMMRESOLVE_ASSIGN(identity, Identify(session));
  COMMRESOLVE_ASSIGN(answer, ProveIdentity(session, identity));
  session.Trace("answer", answer.endpoint.ToString() + ", key " + KeyShort(answer.key) +
                              ", proved at " + FormatTime(answer.proved_at));
  session.out.verdict = Verdict::kMatch;
  session.out.answer = std::move(answer);
  return {};
}

}  // namespace

Resolution Resolver::Resolve(const ResolveRequest& request) {
  Resolution out;
  Session session{settings_, parts_, request, parts_.clock->Now(), {}, out};
  if (const Status status = Run(session); !status.ok()) {
    out.refusal = status.error();
    session.Trace("answer", "refused: " + status.error().message);
    ExplainRefusal(out);
  } else {
    ExplainAnswer(out);
  }
  return out;
}

Result<Binding> Resolver::Bind(const KeywordSet& words, const KeyId& key, Tier tier, bool critical,
                               const std::string& name, const std::string& reason) {
  COMMRESOLVE_ASSIGN(candidate, parts_.candidates->FindKey(key));
  if (!candidate && name.empty()) {
    return Error{Code::kNotFound, "nothing is known about key " + KeyShort(key),
                 "observe its server first, or say where it is with --name"};
  }
  Binding binding{.words = words,
                  .hashed = settings_.hash_known_certs,
                  .accepted = {key},
                  .rejected = {},
                  .tier = tier,
                  .critical = critical,
                  .public_chain = candidate && candidate->certificate.public_chain.valid,
                  .since = parts_.clock->Now(),
                  .name = name,
                  .reason = reason};
  // A name that a certificate gives itself must not become one that DNS names are found by.
  if (name.empty() && binding.public_chain) {
    binding.name = CanonicalName(words, candidate->certificate);
  }
  const auto bind = [&](KnownCerts& known) -> Status {
    COMMRESOLVE_TRY(RefuseRevoked(known, key));
    // A first use must not overwrite what the user or another process bound in the meantime.
    if (const auto bound = known.Find(words); bound && tier != Tier::kPinned) {
      return Error{Code::kUntrusted, "'" + words.ToString() + "' was bound in the meantime",
                   "run the command again"};
    }
    if (const auto bound = known.Find(words)) binding.rejected = bound->rejected;
    std::erase(binding.rejected, key);
    COMMRESOLVE_TRY(known.Put(binding));
    binding = known.Find(words).value_or(binding);
    return {};
  };
  COMMRESOLVE_TRY(parts_.known_certs->Edit(bind));
  return binding;
}

Result<Binding> Resolver::AddKey(const KeywordSet& words, const KeyId& key, bool critical,
                                 const std::string& name, const std::string& reason) {
  std::optional<Binding> changed;
  const auto add = [&](KnownCerts& known) -> Status {
    changed = known.Find(words);
    if (!changed) {
      return Error{Code::kNotFound, "'" + words.ToString() + "' is not bound",
                   "leave out --add to bind it"};
    }
    COMMRESOLVE_TRY(RefuseRevoked(known, key));
    if (!changed->Accepts(key)) changed->accepted.push_back(key);
    std::erase(changed->rejected, key);
    changed->critical = changed->critical || critical;
    if (!name.empty()) changed->name = name;
    if (!reason.empty()) changed->reason = reason;
    COMMRESOLVE_TRY(known.Put(*changed));
    changed = known.Find(words);
    return {};
  };
  COMMRESOLVE_TRY(parts_.known_certs->Edit(add));
  return *changed;
}

}  // namespace commresolve
