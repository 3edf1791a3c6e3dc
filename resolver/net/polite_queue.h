// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// PoliteQueue: which endpoint is next, with only so many at one address at a time.

#ifndef COMMRESOLVE_RESOLVER_NET_POLITE_QUEUE_H_
#define COMMRESOLVE_RESOLVER_NET_POLITE_QUEUE_H_

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "resolver/endpoint.h"

namespace commresolve {

/// Gives out each index of `endpoints` (borrowed for its lifetime) once, in order except for those
/// that have to wait for their address. The cost of a call does not depend on how many wait.
class PoliteQueue {
 public:
  PoliteQueue(const std::vector<Endpoint>& endpoints, size_t per_address)
      : endpoints_(endpoints), per_address_(per_address) {}

  /// The next endpoint, or nothing until another is released or if all were given out.
  std::optional<size_t> Next();
  /// Gives back `index`, which Next() returned: it will be the next again.
  void Return(size_t index) { ready_.push_front(index); }
  /// The work on `index` is over, its address has room again.
  void Release(size_t index);

 private:
  struct Address {
    size_t busy = 0;
    std::deque<size_t> waiting;
  };

  const std::vector<Endpoint>& endpoints_;
  size_t per_address_;
  size_t at_ = 0;
  std::deque<size_t> ready_;  // Their address counts them as busy already.
  std::map<IpAddress, Address> addresses_;
};

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_NET_POLITE_QUEUE_H_
