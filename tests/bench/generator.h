// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Generator: any number of synthetic certificates that look like what is found on the net.
//
// Certificate number i depends on (seed, i) alone: any thread may make any part of them, and the
// first 100,000 of a million are the 100,000. What they say is made up (tests/bench/identity.h):
// half of them are of plain sites, the rest of hosting panels (8 %), wildcards (14 %), shared
// hosting with up to 100 names (3.5 %), organisations (13.5 %), self-signed devices (7.5 %), and
// persons and XMPP or SIP servers (3.5 %). 45 % renew an earlier one. 3 % of the organisations have
// a name in German, French, Russian or Japanese letters. Words of one organisation stand as label,
// unit or place in certificates of others.
//
// Nine keys of ten are P-256 points from a pool of 2^15 (tests/bench/key_pool.h), the others RSA
// moduli. The signatures are random bytes of the right shape: every reader takes them, no check
// verifies them. One core makes 130,000 a second and more.

#ifndef COMMRESOLVE_TESTS_BENCH_GENERATOR_H_
#define COMMRESOLVE_TESTS_BENCH_GENERATOR_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "resolver/base/clock.h"
#include "resolver/endpoint.h"
#include "tests/bench/identity.h"
#include "tests/bench/key_pool.h"

namespace commresolve::bench {

inline constexpr uint64_t kSeed = 1;
/// 2026-01-01T00:00:00Z: "now" as far as these certificates go. About four of ten have expired by
/// then; none begins later.
inline constexpr UnixTime kNow = 1'767'225'600;

struct SyntheticCertificate {
  std::string der;
  std::optional<Endpoint> endpoint;  ///< Four of ten have been seen somewhere.
  UnixTime not_before = 0;
  UnixTime not_after = 0;
  Identity identity;  ///< What it says, and so what it has to be found by.
};

/// Safe for concurrent use.
class Generator {
 public:
  explicit Generator(uint64_t seed = kSeed);

  /// `number` is below 2^32.
  [[nodiscard]] SyntheticCertificate Make(uint64_t number) const;
  [[nodiscard]] const World& world() const { return world_; }

 private:
  uint64_t seed_;
  World world_;
  std::unique_ptr<KeyPool> keys_;
};

}  // namespace commresolve::bench

#endif  // COMMRESOLVE_TESTS_BENCH_GENERATOR_H_
