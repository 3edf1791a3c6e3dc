// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// ObserverSource: through which the resolver asks what the observers say that the user chose.

#ifndef COMMRESOLVE_RESOLVER_OBSERVER_SOURCE_H_
#define COMMRESOLVE_RESOLVER_OBSERVER_SOURCE_H_

#include <vector>

#include "resolver/trust/quorum.h"

namespace commresolve {

/// Implementations are safe for concurrent use, and answer from what they heard last: they never
/// wait for the network.
class ObserverSource {
 public:
  virtual ~ObserverSource() = default;

  /// As commresolve::ViewOfChange(). kNobodyToAsk if nothing was heard, or nobody was chosen.
  virtual ObserverView ViewOfChange(const Service& service, const std::vector<KeyId>& old_keys,
                                    const KeyId& new_key, UnixTime now) = 0;
};

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_OBSERVER_SOURCE_H_
