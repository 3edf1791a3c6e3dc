// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is asked of the resolver and what it answers: always with the reasons.

#ifndef COMMRESOLVE_RESOLVER_RESOLUTION_H_
#define COMMRESOLVE_RESOLVER_RESOLUTION_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "resolver/candidate.h"
#include "resolver/endpoint.h"
#include "resolver/keyword/typed_name.h"
#include "resolver/net/prober.h"
#include "resolver/net/tls_connection.h"
#include "resolver/trust/binding.h"
#include "resolver/trust/first_use.h"
#include "resolver/trust/key_change.h"

namespace commresolve {

/// When to make a handshake of our own.
enum class Prove : uint8_t {
  kAlways,  ///< For this very answer.
  kMaxAge,  ///< Unless a proof younger than max_age is on record.
  kNever,   ///< Never: only a proof younger than max_age answers.
};

struct ResolveRequest {
  TypedName name;
  Prove prove = Prove::kMaxAge;
  uint16_t port = 0;                 ///< Only endpoints at this port; 0 for any.
  std::optional<Protocol> protocol;  ///< Only endpoints that speak this.
  bool may_bind = true;              ///< False: a first use or new key is only explained (why).
  bool first_use = true;             ///< False: words that are not bound are refused.
  bool keep_connection = false;      ///< Hand over the connection that proved the key.
  /// If nobody here knows unbound words, ask ResolverParts::peers. That takes handshakes, so it is
  /// not done with Prove::kNever.
  bool ask_peers = false;
  /// The free text that the words come from, for peers: words alone do not tell that they name
  /// something private. Empty for a name under the suffix, which holds nothing but words.
  std::string typed = {};
};

/// A cert-bound address: at `proved_at` the server there proved that it holds `key`.
struct Answer {
  Endpoint endpoint;
  std::string canonical_name;  ///< The identity's DNS name; may be empty.
  KeyId key;
  UnixTime proved_at = 0;
  bool fresh = false;  ///< Proved by a handshake made for this answer.
  Tier tier = Tier::kClaimed;
};

/// One step of the trace: the arrow of the flow it belongs to, and what happened.
struct TraceStep {
  std::string stage;  ///< "normalise", "candidates", "decide", "hints", "prove" or "answer".
  std::string text;
};

/// Another key answered where the bound one was expected.
struct SeenChange {
  Endpoint endpoint;
  CertificateFacts certificate;  ///< What was shown there.
  KeyChangeOutcome outcome;
};

struct Resolution {
  Verdict verdict = Verdict::kNew;
  std::optional<Answer> answer;  ///< Set exactly if `refusal` is not.
  std::optional<Error> refusal;
  std::optional<Binding> binding;     ///< What the name is bound to, if it is.
  std::vector<Candidate> candidates;  ///< For unbound words: who carries them all.
  std::vector<SeenChange> changes;
  std::vector<std::string> notices;  ///< What the user should be told: a first use, a new key.
  std::vector<TraceStep> trace;
  std::vector<std::string> would_change;      ///< What would change the outcome, for `why`.
  std::unique_ptr<TlsConnection> connection;  ///< With keep_connection and an answer.
};

struct ResolverSettings {
  std::string suffix = "cert.alt";
  FirstUseMode first_use = FirstUseMode::kAsk;
  RenewalPolicy renewal = RenewalPolicy::kAccept;
  int64_t max_age = 3600;  ///< Seconds for which a proof answers again.
  bool dns_hints = true;   ///< Ask DNS for addresses of the names in bound certificates.
  bool dns_names = true;   ///< Answer for DNS names that bound certificates carry.
  bool hash_known_certs = false;
  std::chrono::milliseconds dns_patience{2000};
  ProbeOptions probe;
};

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_RESOLUTION_H_
