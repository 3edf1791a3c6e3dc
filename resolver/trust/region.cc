// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One table.

#include "resolver/trust/region.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace commresolve {
namespace {

/// By their numbers.
constexpr std::array<const char*, 6> kNames = {"unknown",       "africa",        "asia-pacific",
                                               "north-america", "latin-america", "europe"};
static_assert(kNames.size() == static_cast<size_t>(kLastRegion) + 1);

}  // namespace

const char* RegionName(Region region) { return kNames.at(static_cast<size_t>(region)); }

std::optional<Region> ParseRegion(std::string_view name) {
  const auto* const found = std::ranges::find(kNames, name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<Region>(found - kNames.begin());
}

}  // namespace commresolve
