// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Standing: where a candidate stands in the user's trust, for display beside a search result.

#ifndef COMMRESOLVE_RESOLVER_TRUST_STANDING_H_
#define COMMRESOLVE_RESOLVER_TRUST_STANDING_H_

#include <vector>

#include "resolver/candidate.h"
#include "resolver/trust/known_certs.h"

namespace commresolve {

struct Standing {
  Tier tier =
      Tier::kClaimed;    ///< Of the best binding that accepts the key, else proven or claimed.
  bool revoked = false;  ///< Revoked, or rejected by a binding; the tier means nothing then.
  std::vector<Binding> bindings;  ///< Those that accept the key.
};

/// A key that is not bound is "proven" if our own proof is not older than `max_age`. Pure.
Standing StandingOf(const Candidate& candidate, const KnownCerts& known, UnixTime now,
                    int64_t max_age);

/// The tier's name, or "revoked".
const char* StandingName(const Standing& standing);

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_TRUST_STANDING_H_
