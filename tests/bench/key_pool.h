// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// KeyPool: public keys for synthetic certificates, the same in every run.

#ifndef COMMRESOLVE_TESTS_BENCH_KEY_POOL_H_
#define COMMRESOLVE_TESTS_BENCH_KEY_POOL_H_

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace commresolve::bench {

/// P-256 points. A point costs 10 to 20 us, longer than all the rest of a certificate, so there are
/// 2^15, made in blocks when they are first asked for; identities whose numbers fall on the same
/// one share it. Safe for concurrent use.
class KeyPool {
 public:
  static constexpr uint64_t kPoints = uint64_t{1} << 15;

  explicit KeyPool(uint64_t seed) : seed_(seed) {}

  /// Uncompressed point number `index` % kPoints, 65 bytes, valid as long as the pool.
  std::string_view Point(uint64_t index);

 private:
  static constexpr uint64_t kBlockPoints = 256;
  static constexpr size_t kPointBytes = 65;
  struct Block {
    std::once_flag made;
    std::string points;
  };

  void Make(uint64_t number, Block* block) const;

  const uint64_t seed_;
  std::array<Block, kPoints / kBlockPoints> blocks_;
};

/// The modulus of an RSA key of 2048 bits: odd and random, so that OpenSSL reads it; nobody knows
/// its factors. Two of them are equal only if `number` is.
std::string RsaModulus(uint64_t seed, uint64_t number);

}  // namespace commresolve::bench

#endif  // COMMRESOLVE_TESTS_BENCH_KEY_POOL_H_
