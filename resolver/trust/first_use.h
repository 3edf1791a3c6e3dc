// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// First use: which candidate may words mean that are not bound yet?
//
// Eligibility, not ranking. A candidate counts only by the evidence class of its words; no score,
// no order and no number of forged certificates changes the outcome into another identity.

#ifndef COMMRESOLVE_RESOLVER_TRUST_FIRST_USE_H_
#define COMMRESOLVE_RESOLVER_TRUST_FIRST_USE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/candidate_source.h"
#include "resolver/keyword/fold.h"
#include "resolver/trust/coverage.h"

namespace commresolve {

/// Setting `first_use`.
enum class FirstUseMode : uint8_t {
  kAsk,        ///< Ask on a terminal; refuse without one.
  kAcceptNew,  ///< Bind by itself if exactly one identity qualifies.
  kRefuse,     ///< Only the `bind` command binds.
};
const char* FirstUseModeName(FirstUseMode mode);
std::optional<FirstUseMode> ParseFirstUseMode(std::string_view name);

/// One candidate's standing, for the trace.
struct Eligibility {
  KeyId key;
  bool eligible = false;
  std::string reason;  ///< Why (not), one line.
};

struct FirstUseDecision {
  std::optional<KeyId> chosen;     ///< The only qualifying identity.
  Code refusal = Code::kNotFound;  ///< If nothing was chosen: kNotFound, kAmbiguous or kUntrusted.
  std::string reason;
  std::vector<Eligibility> considered;
};

/// The `accept-new` rule over candidates whose keys were just asked to prove themselves.
///
/// Qualifies: not in `rejected`; own proof not farther from `now` than `max_age`, at an endpoint
/// where no other key answered since; a valid public chain and dates that hold at `now`; decisive
/// coverage. Exactly one qualifying identity is chosen.
///
/// A rival is any other candidate with a valid public chain, current dates and decisive coverage,
/// whether it could be proved or not, and whether it is rejected or not. It is none if it is an
/// older key of the same owner: the chosen certificate stands for every DNS name in which the
/// rival's deciding label stands. (The same registrable domain is not enough: its owner may have
/// given a name below it to somebody else.) A rival, or an incomplete candidate list, makes it
/// ambiguous. So a newcomer can turn an answer into a refusal, and never into another answer.
///
/// kNotFound: no candidate carries all words. kUntrusted: some do, but none qualifies. The order of
/// `candidates` does not matter. Pure.
FirstUseDecision DecideFirstUse(const KeywordSet& words, const Candidates& candidates,
                                const std::vector<KeyId>& rejected, UnixTime now, int64_t max_age);

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_TRUST_FIRST_USE_H_
