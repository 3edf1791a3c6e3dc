// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The names of regions, in settings and output.

#ifndef COMMRESOLVE_RESOLVER_TRUST_REGION_H_
#define COMMRESOLVE_RESOLVER_TRUST_REGION_H_

#include <optional>
#include <string_view>

#include "resolver/trust/quorum.h"

namespace commresolve {

/// "unknown", "africa", "asia-pacific", "north-america", "latin-america", "europe".
const char* RegionName(Region region);
/// The inverse; empty for any other text.
std::optional<Region> ParseRegion(std::string_view name);

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_TRUST_REGION_H_
