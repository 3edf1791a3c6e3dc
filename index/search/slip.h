// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Slips of a typist. Pure.

#ifndef COMMRESOLVE_INDEX_SEARCH_SLIP_H_
#define COMMRESOLVE_INDEX_SEARCH_SLIP_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace commresolve::index {

/// Where the characters of UTF-8 `text` begin, and its end.
std::vector<size_t> CharacterBounds(std::string_view text);

/// True if `a` becomes `b` by one character added, left out or replaced, or by two neighbours
/// swapped; or if they are equal.
bool IsOneSlip(std::string_view a, std::string_view b);

/// Calls `visit` with `text` and with each text that is left when one character goes. Two words one
/// slip apart have one of these in common.
template <class Visit>
void EachSlipVariant(std::string_view text, Visit visit) {
  visit(text);
  const std::vector<size_t> at = CharacterBounds(text);
  std::string variant;
  for (size_t i = 0; i + 1 < at.size(); ++i) {
    variant.assign(text.substr(0, at[i])).append(text.substr(at[i + 1]));
    visit(std::string_view(variant));
  }
}

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_SEARCH_SLIP_H_
