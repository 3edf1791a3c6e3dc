// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A set-associative table of token buckets.

#include "dht/node/rate_limits.h"

#include <algorithm>

namespace commresolve::dht {
namespace {

/// The finaliser of SplitMix64: every bit of the input moves every bit of the output.
uint64_t Mix(uint64_t value) {
  value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9;
  value = (value ^ value >> 27) * 0x94d049bb133111eb;
  return value ^ value >> 31;
}

}  // namespace

RateLimits::RateLimits(double per_second, double burst, uint64_t seed)
    : per_second_(per_second), burst_(burst), seed_(seed), rows_(kRows) {}

bool RateLimits::Take(uint64_t network, Time now) {
  Bucket& bucket = Find(network, now);
  bucket.tokens = TokensAt(bucket, now);
  bucket.filled = now;
  if (bucket.tokens < 1) return false;
  bucket.tokens -= 1;
  return true;
}

double RateLimits::TokensAt(const Bucket& bucket, Time now) const {
  const double seconds = std::chrono::duration<double>(now - bucket.filled).count();
  return std::min(burst_, bucket.tokens + seconds * per_second_);
}

RateLimits::Bucket& RateLimits::Find(uint64_t network, Time now) {
  Row& row = rows_[Mix(network ^ seed_) % kRows];
  const auto fuller = [&](const Bucket& a, const Bucket& b) {
    if ((a.network == 0) != (b.network == 0)) return b.network == 0;
    return TokensAt(a, now) < TokensAt(b, now);
  };
  for (Bucket& bucket : row) {
    if (bucket.network == network) return bucket;
  }
  Bucket& room = *std::ranges::max_element(row, fuller);
  room = {.network = network, .tokens = burst_, .filled = now};
  return room;
}

}  // namespace commresolve::dht
