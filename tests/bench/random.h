// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Random: numbers that depend on nothing but what it was made from, on every machine.

#ifndef COMMRESOLVE_TESTS_BENCH_RANDOM_H_
#define COMMRESOLVE_TESTS_BENCH_RANDOM_H_

#include <cstddef>
#include <cstdint>
#include <string>

namespace commresolve::bench {

/// splitmix64. The distributions are written here because those of the standard library differ from
/// one library to the next.
class Random {
 public:
  /// Another sequence for every (seed, purpose, number).
  Random(uint64_t seed, uint64_t purpose, uint64_t number)
      : state_(Mix(Mix(seed + kStep * (purpose + 1)) + kStep * number)) {}

  uint64_t Next() {
    state_ += kStep;
    return Mix(state_);
  }
  /// 0 to `limit` - 1, all equally likely; `limit` is 1 to 2^32.
  uint64_t Below(uint64_t limit) { return ((Next() >> 32) * limit) >> 32; }
  /// 0 to `limit` - 1, small ones far more likely: of 400 the first has about 5 %. `limit` is at
  /// most 2^21.
  uint64_t Skewed(uint64_t limit) {
    const uint64_t bits = Next();
    uint64_t share = (bits & kPart) * ((bits >> kPartBits) & kPart) >> kPartBits;
    share = share * ((bits >> 2 * kPartBits) & kPart) >> kPartBits;
    return (share * limit) >> kPartBits;
  }
  /// True in `per_mille` of 1,000 cases.
  bool Chance(uint64_t per_mille) { return Below(1'000) < per_mille; }
  std::string Bytes(size_t count) {
    std::string bytes(count, '\0');
    for (size_t i = 0; i < count; i += 8) {
      uint64_t word = Next();
      for (size_t at = i; at < count && at < i + 8; ++at, word >>= 8) {
        bytes[at] = static_cast<char>(word & 0xff);
      }
    }
    return bytes;
  }

 private:
  static constexpr uint64_t kStep = 0x9e3779b97f4a7c15;
  static constexpr unsigned kPartBits = 21;
  static constexpr uint64_t kPart = (uint64_t{1} << kPartBits) - 1;

  static uint64_t Mix(uint64_t value) {
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
    value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
    return value ^ (value >> 31);
  }

  uint64_t state_;
};

}  // namespace commresolve::bench

#endif  // COMMRESOLVE_TESTS_BENCH_RANDOM_H_
