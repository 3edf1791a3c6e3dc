// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One condition for each statement; one statement is enough.

#include "resolver/trust/rollover.h"

#include <algorithm>

namespace commresolve {

bool MayFollow(const std::vector<KnownRollover>& said, const std::vector<KeyId>& old_keys,
               const KeyId& new_key, UnixTime first_seen, UnixTime now) {
  return std::ranges::any_of(said, [&](const KnownRollover& one) {
    return one.new_key == new_key && std::ranges::find(old_keys, one.old_key) != old_keys.end() &&
           one.from <= now && now < one.until && one.learned <= now - kLeastKnown &&
           one.learned < first_seen;
  });
}

}  // namespace commresolve
