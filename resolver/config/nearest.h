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

/// The entry of `names` (not empty) with the smallest Levenshtein distance to `word`, of which the
/// first 64 bytes count; the first of equals. Pure.
std::string Nearest(std::string_view word, const std::vector<std::string>& names);

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_CONFIG_NEAREST_H_
