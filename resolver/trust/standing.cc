// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A candidate against known_certs.

#include "resolver/trust/standing.h"

#include <algorithm>

namespace commresolve {

Standing StandingOf(const Candidate& candidate, const KnownCerts& known, UnixTime now,
                    int64_t max_age) {
  Standing standing;
  standing.revoked = known.IsRevoked(candidate.key());
  standing.bindings = known.FindByKey(candidate.key());
  const auto proved = candidate.proved_at();
  if (proved && *proved >= now - max_age) standing.tier = Tier::kProven;
  for (const Binding& binding : standing.bindings) {
    standing.tier = std::max(standing.tier, binding.tier);
    if (binding.Rejects(candidate.key())) standing.revoked = true;
  }
  return standing;
}

const char* StandingName(const Standing& standing) {
  return standing.revoked ? "revoked" : TierName(standing.tier);
}

}  // namespace commresolve
