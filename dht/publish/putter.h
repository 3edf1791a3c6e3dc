// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Putter: the way from the publisher into the network.

#ifndef COMMRESOLVE_DHT_PUBLISH_PUTTER_H_
#define COMMRESOLVE_DHT_PUBLISH_PUTTER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "dht/record/ids.h"

namespace commresolve::dht {

/// What became of a put: whether all of the nodes closest to the key that answered have confirmed
/// it, and how many nodes say that they have it.
using OnPut = std::function<void(bool confirmed, size_t replicas)>;

class Putter {
 public:
  virtual ~Putter() = default;
  /// Stores `payload` at the nodes closest to `key` and calls `done` once, on whatever thread, in
  /// this call or later, at last when the putter ends. What is never called back is under way for
  /// ever.
  virtual void Put(const DhtKey& key, uint16_t type, std::vector<uint8_t> payload, OnPut done) = 0;
};

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_PUBLISH_PUTTER_H_
