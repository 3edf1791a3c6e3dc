// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Getter: all that searching needs of the network: values by key.

#ifndef COMMRESOLVE_DHT_FIND_GETTER_H_
#define COMMRESOLVE_DHT_FIND_GETTER_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <span>

#include "dht/record/ids.h"

namespace commresolve::dht {

/// A value that was found, with the number of its type. The payload is valid during the call.
/// False: enough.
using OnPayload = std::function<bool(uint16_t type, std::span<const uint8_t> payload)>;

/// Looks up values. Implementations are safe for concurrent use; callbacks come one at a time, from
/// any thread.
class Getter {
 public:
  virtual ~Getter() = default;

  /// Calls `on_value` for each different value under `key`, as they arrive, and then `done`, once:
  /// at the end, after a false, or when `patience` is over. Get() itself may call both. Values are
  /// whatever strangers stored.
  virtual void Get(const DhtKey& key, std::chrono::milliseconds patience, OnPayload on_value,
                   std::function<void()> done) = 0;
};

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_FIND_GETTER_H_
