// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What peers claim before anything is proved, next to a local index of the same listings.

#ifndef COMMRESOLVE_TESTS_BENCH_LOOKUP_CLAIMS_H_
#define COMMRESOLVE_TESTS_BENCH_LOOKUP_CLAIMS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tests/bench/lookup_network.h"

namespace commresolve::bench {

/// Means over the questions.
struct ClaimFigures {
  double recall = 0;     ///< LookupPlan::RecallOf() of the first ten claims.
  double claimed = 0;    ///< The same of all claims.
  double published = 0;  ///< The same of what was put of the word that was asked for.
  double right = 0;      ///< Share of the first ten that are right.
  double bait = 0;       ///< Share of the questions with the bait among the first ten.
  size_t hot = 0;        ///< Questions that went to shards.
  size_t incomplete = 0;
  double values = 0;   ///< Records that were looked at.
  double packets = 0;  ///< Of the searcher's socket, both ways.
  double bytes = 0;
  std::vector<double> seconds;  ///< Of each.
};

/// Asks all questions after `told` was put, one after the other, from a new client at `ip`. It
/// knows nothing, or
/// (`knows_words`) how often words occur in the listings of one publisher, as who publishes does.
ClaimFigures AskForClaims(const LookupPlan& plan, const ToldKeys& told, const StoringNodes& nodes,
                          const Clock& clock, const std::string& ip, bool knows_words);

}  // namespace commresolve::bench

#endif  // COMMRESOLVE_TESTS_BENCH_LOOKUP_CLAIMS_H_
