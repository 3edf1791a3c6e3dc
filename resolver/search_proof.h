// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// SearchProof: tries an identity's hints, round by round, until one proves a wanted key.

#ifndef COMMRESOLVE_RESOLVER_SEARCH_PROOF_H_
#define COMMRESOLVE_RESOLVER_SEARCH_PROOF_H_

#include <optional>
#include <vector>

#include "resolver/session.h"

namespace commresolve {

struct ProofSearch {
  std::optional<RaceWinner> winner;
  std::vector<ProbeOutcome> losers;  ///< Every endpoint that was tried in vain, all rounds.
};

/// Rounds: endpoints on record, then what DNS says about the identity's names, then endpoints where
/// another key has answered before. Stops at the first handshake that shows a key of
/// identity.accepted. Adds to the trace; records nothing.
ProofSearch SearchProof(const Session& session, const Identity& identity);

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_SEARCH_PROOF_H_
