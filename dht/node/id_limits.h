// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// IdLimits: how many node ids a network (/24, or /48 of IPv6) may have.
//
// Ids cost nothing, so one host could claim as many as it likes, fill everybody's routing tables
// with them, and surround keys. Addresses cost more.

#ifndef COMMRESOLVE_DHT_NODE_ID_LIMITS_H_
#define COMMRESOLVE_DHT_NODE_ID_LIMITS_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "dht/node/value_rule.h"

namespace commresolve::dht {

/// Remembers 4096 networks at most (4 MB); one more, and it begins anew. Used by one thread.
class IdLimits {
 public:
  using Time = std::chrono::steady_clock::time_point;
  /// Of one network. An id that was silent for half an hour makes room for another.
  static constexpr size_t kIds = 32;

  /// Whether `id` may speak from `network` (NetworkOf()) at `now`.
  bool Admit(uint64_t network, const DhtKey& id, Time now);

 private:
  struct Seen {
    DhtKey id;
    Time last;
  };
  std::unordered_map<uint64_t, std::vector<Seen>> networks_;
};

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_NODE_ID_LIMITS_H_
