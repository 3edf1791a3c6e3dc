// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Nearest: "did you mean" for short lists of names.

#ifndef COMMRESOLVE_RESOLVER_CONFIG_NEAREST_H_
#define COMMRESOLVE_RESOLVER_CONFIG_NEAREST_H_

#include <string>
#include <string_view>
#include <vector>

namespace commresolve {

/// The entry of `names` with the smallest Levenshtein distance to `word`, of which the first 64
/// bytes count; the first of equals. Empty if even that one is not near: more than 2 away, or more
/// than 1 from a word of less than 4 bytes. Pure.
std::string Nearest(std::string_view word, const std::vector<std::string>& names);

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_CONFIG_NEAREST_H_
