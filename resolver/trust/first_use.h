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
#include <vector>

#include "resolver/candidate_source.h"
#include "resolver/keyword/fold.h"

namespace commresolve {

/// Setting `first_use`.
enum class FirstUseMode : uint8_t {
  kAsk,        ///< Ask on a terminal; refuse without one.
  kAcceptNew,  ///< Bind by itself if exactly one identity qualifies.
  kRefuse,     ///< Only the `bind` command binds.
};
const char* FirstUseModeName(FirstUseMode mode);
std::optional<FirstUseMode> ParseFirstUseMode(std::string_view name);

/// How `keywords` cover `words`.
struct Coverage {
  bool all = false;       ///< Every word stands there, in any class.
  bool decisive = false;  ///< Every word in C1, C2, C3 or C5, and at least one in C1 or C5.
  std::vector<std::string> self_claimed;  ///< Words that only self-asserted text covers.
};

/// A C1 label counts for a word that equals it whole, and for all words at once if they make it up,
/// joined in any order with or without hyphens ("debian bugs" and the label "debian-bugs"). Pure.
Coverage Cover(const KeywordSet& words, const std::vector<Keyword>& keywords);

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
/// Qualifies: not in `rejected`; own proof not older than `max_age`; a valid public chain and dates
/// that hold at `now`; decisive coverage. Exactly one qualifying identity is chosen. A rival is any
/// candidate with a valid public chain, current dates and decisive coverage whether it could be
/// proved or not, unless the deciding label stands in the same registrable domain (an older key of
/// the same owner). A rival, or an incomplete candidate list, makes it ambiguous. Pure.
FirstUseDecision DecideFirstUse(const KeywordSet& words, const Candidates& candidates,
                                const std::vector<KeyId>& rejected, UnixTime now, int64_t max_age);

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_TRUST_FIRST_USE_H_
