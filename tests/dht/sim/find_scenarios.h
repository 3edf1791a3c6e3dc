// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Searches by words in simulated networks, with the real records.

#ifndef COMMRESOLVE_TESTS_DHT_SIM_FIND_SCENARIOS_H_
#define COMMRESOLVE_TESTS_DHT_SIM_FIND_SCENARIOS_H_

#include <cstddef>
#include <vector>

#include "tests/dht/sim/find_world.h"

namespace commresolve::sim {

/// `count` listings, each found by two of 50 publishers, in a network of `nodes`. Searches for two
/// or three words of a random listing, for the listings that carry them all; the searcher knows how
/// often words occur with one publisher. Only what lies under keys that a search may ask for is
/// put: the rest changes nothing for it.
std::vector<FindFigures> FindMany(size_t nodes, size_t count, size_t searches);

/// 30 % of the nodes store nothing, and 15 of 50 finders are one forger's: for each of the words
/// that are looked for, all of them claim the same 18 keys with the highest score, or each 18 of
/// its own; and in the name of owners they give another place. Honest finders claim 20 keys of each
/// word, each claimed by one. Then the same again by a searcher who tries the first ten of every
/// search, and remembers who lied.
std::vector<FindFigures> FindForged(size_t nodes, size_t words);

}  // namespace commresolve::sim

#endif  // COMMRESOLVE_TESTS_DHT_SIM_FIND_SCENARIOS_H_
