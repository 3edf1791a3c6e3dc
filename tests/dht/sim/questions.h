// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Questions: words to look for among listings, what is right, and who published what.

#ifndef COMMRESOLVE_TESTS_DHT_SIM_QUESTIONS_H_
#define COMMRESOLVE_TESTS_DHT_SIM_QUESTIONS_H_

#include <array>
#include <cstddef>
#include <random>
#include <set>
#include <vector>

#include "resolver/keyword/fold.h"
#include "tests/dht/sim/listings.h"

namespace commresolve::sim {

/// What is right for one search.
struct Truth {
  KeywordSet words;
  std::vector<dht::KeyPrefix> best;  ///< At most ten, best first.
  std::set<dht::KeyPrefix> all;
};

/// Two or three words of a random listing, and every listing that has them all.
std::vector<Truth> MakeQuestions(const std::vector<Listing>& listings, size_t count,
                                 std::mt19937_64& random);

/// The two of `count` publishers, at least two, who found the listing.
std::array<size_t, 2> FindersOf(const Listing& listing, size_t count);

}  // namespace commresolve::sim

#endif  // COMMRESOLVE_TESTS_DHT_SIM_QUESTIONS_H_
