// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Rollover: when it counts that the owner of a key said which keys may follow it (row 3 of the
// key-change table). Pure rules.
//
// Whoever stole a key can say so as well as its owner. What sets them apart is time: an owner can
// say it long before the change, and people can revoke a stolen key while it does not count yet.

#ifndef COMMRESOLVE_RESOLVER_TRUST_ROLLOVER_H_
#define COMMRESOLVE_RESOLVER_TRUST_ROLLOVER_H_

#include <vector>

#include "resolver/base/clock.h"
#include "resolver/base/digest.h"

namespace commresolve {

/// The owner of `old_key`, signing with it, said that `new_key` may follow it.
struct KnownRollover {
  KeyId old_key;
  KeyId new_key;
  UnixTime from = 0;     ///< It may follow from then on.
  UnixTime until = 0;    ///< From then on this says nothing.
  UnixTime learned = 0;  ///< Since when this machine has known it, by the owner's newest word.
  bool operator==(const KnownRollover&) const = default;
};

/// Seconds that it has to be known. In a day peers are asked at least three times, so that what an
/// owner takes back is heard before it counts; and an owner who speaks two days before the change
/// is heard in time by everybody who asks.
inline constexpr int64_t kLeastKnown = 86'400;

/// True if the owner of one of `old_keys` said that `new_key` may follow it, and at `now` that
/// holds, has been known for kLeastKnown, and was known before the new key was seen for the first
/// time, at `first_seen`, by anybody this machine has heard.
bool MayFollow(const std::vector<KnownRollover>& said, const std::vector<KeyId>& old_keys,
               const KeyId& new_key, UnixTime first_seen, UnixTime now);

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_TRUST_ROLLOVER_H_
