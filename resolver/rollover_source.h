// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// RolloverSource: through which the resolver asks whether the owner of a bound key said beforehand
// that another key may follow it.

#ifndef COMMRESOLVE_RESOLVER_ROLLOVER_SOURCE_H_
#define COMMRESOLVE_RESOLVER_ROLLOVER_SOURCE_H_

#include <vector>

#include "resolver/trust/rollover.h"

namespace commresolve {

/// Implementations are safe for concurrent use, and answer from what they heard last: they never
/// wait for the network.
class RolloverSource {
 public:
  virtual ~RolloverSource() = default;

  /// As commresolve::MayFollow(). False if nothing was heard.
  virtual bool MayFollow(const std::vector<KeyId>& old_keys, const KeyId& new_key,
                         UnixTime first_seen, UnixTime now) = 0;
};

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_ROLLOVER_SOURCE_H_
