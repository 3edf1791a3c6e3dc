// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Admission: how much of this node's memory strangers' values may take.
//
// OpenDHT makes room by throwing old values out, which a flood turns against everybody else (and
// which loops for ever in 2.4). Here nothing that was admitted is thrown out before its time; what
// does not fit is refused, and no network can fill more than its share.

#ifndef COMMRESOLVE_DHT_NODE_ADMISSION_H_
#define COMMRESOLVE_DHT_NODE_ADMISSION_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <queue>
#include <unordered_map>
#include <vector>

#include "dht/node/value_rule.h"

namespace commresolve::dht {

/// What a stored value costs beside its payload.
constexpr size_t kValueOverhead = 700;

struct AdmissionLimits {
  size_t bytes = size_t{64} << 20;         ///< Of all values, kValueOverhead included.
  size_t network_bytes = size_t{4} << 20;  ///< Of those that one network put.
  size_t key_values = 160;                 ///< Under one key.
  size_t key_network_values = 16;          ///< Under one key, put by one network.
};

/// Used by one thread.
class Admission {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using StillStored = std::function<bool(const DhtKey& key, uint64_t value_id)>;

  explicit Admission(AdmissionLimits limits) : limits_(limits) {}

  /// Whether a value of `payload` bytes that `network` (NetworkOf()) sends may be stored under
  /// `key` until `until`; if so, it is counted. A value that is counted already is admitted as it
  /// is.
  bool Admit(const DhtKey& key, uint64_t value_id, uint64_t network, size_t payload, Time until);

  /// Gives back the values whose time had come at `now`, but those that are still stored because
  /// somebody refreshed them: they are asked about again later.
  void Expire(Time now, const StillStored& still_stored);

  [[nodiscard]] size_t values() const { return values_; }
  [[nodiscard]] size_t bytes() const { return bytes_; }

 private:
  struct Held {
    uint64_t value_id;
    uint64_t network;
    size_t bytes;
  };
  struct Due {
    Time when;
    DhtKey key;
    uint64_t value_id;
    bool operator>(const Due& other) const { return when > other.when; }
  };
  void Release(const DhtKey& key, uint64_t value_id);

  AdmissionLimits limits_;
  size_t values_ = 0;
  size_t bytes_ = 0;
  std::map<DhtKey, std::vector<Held>> keys_;
  std::unordered_map<uint64_t, size_t> networks_;  // Bytes.
  std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;
};

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_NODE_ADMISSION_H_
