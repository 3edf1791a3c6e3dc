// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// RateLimits: how many packets a network (/24, or /48 of IPv6) may send, in bounded memory.

#ifndef COMMRESOLVE_DHT_NODE_RATE_LIMITS_H_
#define COMMRESOLVE_DHT_NODE_RATE_LIMITS_H_

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace commresolve::dht {

/// A token bucket a network. 4096 networks are remembered (128 KiB). When more send, the fullest
/// bucket of a few makes room: its network is the one that has nearly nothing to be reminded of.
/// Used by one thread.
class RateLimits {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// Allows `per_second` packets a second and `burst` at once, both at least 1. `seed` decides
  /// which networks share a row of the table, so it should be unknown to them.
  RateLimits(double per_second, double burst, uint64_t seed);

  /// Whether `network` (NetworkOf()) may send one more at `now`, which never goes back.
  bool Take(uint64_t network, Time now);

 private:
  static constexpr size_t kRows = 512;
  static constexpr size_t kWays = 8;
  struct Bucket {
    uint64_t network = 0;
    double tokens = 0;
    Time filled{};
  };
  using Row = std::array<Bucket, kWays>;

  [[nodiscard]] double TokensAt(const Bucket& bucket, Time now) const;
  Bucket& Find(uint64_t network, Time now);

  double per_second_;
  double burst_;
  uint64_t seed_;
  std::vector<Row> rows_;
};

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_NODE_RATE_LIMITS_H_
