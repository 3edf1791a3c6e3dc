// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// FirstUse: asks a person which of several keys the words mean.

#ifndef COMMRESOLVE_CLI_FIRST_USE_H_
#define COMMRESOLVE_CLI_FIRST_USE_H_

#include <vector>

#include "cli/context.h"

namespace commresolve::cli {

inline constexpr size_t kMaxChoices = 64;  ///< Keys that a person can choose from.

struct Choice {
  KeyId key;
  bool compared = false;  ///< The person pasted the whole key, so it was compared with something.
};

/// Prints to standard error what the words are bound to now, and `candidates` (at most 9): name,
/// key, evidence, where the key was seen and what it is bound to. Asks for a number or a pasted
/// key, which is going to replace what is bound, or to join it if `add`. kUntrusted if neither was
/// given.
Result<Choice> AskWhichKey(Context& context, const KeywordSet& words,
                           const std::vector<Candidate>& candidates, bool add = false);

/// Resolves; if the words are not bound and a person can be asked (first_use = ask), asks, binds
/// and resolves again.
Result<Resolution> ResolveOrAsk(Context& context, const ResolveRequest& request);

}  // namespace commresolve::cli

#endif  // COMMRESOLVE_CLI_FIRST_USE_H_
