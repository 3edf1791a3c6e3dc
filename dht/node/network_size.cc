// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The k-th closest of n even ids lies at about k/n of the whole space.

#include "dht/node/network_size.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace commresolve::dht {
namespace {

constexpr size_t kNeighbours = 8;

/// The distance of two ids as a fraction of the largest; 64 bits are more than enough.
double Distance(const DhtKey& a, const DhtKey& b) {
  double distance = 0;
  for (size_t i = 8; i-- > 0;) distance = (distance + (a[i] ^ b[i])) / 256;
  return distance;
}

}  // namespace

uint64_t EstimateNetworkSize(const DhtKey& ours, std::span<const DhtKey> others) {
  if (others.size() < kNeighbours) return others.size() + 1;
  std::vector<double> distances;
  distances.reserve(others.size());
  for (const DhtKey& other : others) distances.push_back(Distance(ours, other));
  const auto nth = distances.begin() + (kNeighbours - 1);
  std::ranges::nth_element(distances, nth);
  const double estimate = *nth > 0 ? (kNeighbours - 1) / *nth : 0;
  // Never fewer than we know, nor more than is sensible to say.
  return static_cast<uint64_t>(
             std::llround(std::clamp(estimate, static_cast<double>(others.size()), 1e12))) +
         1;
}

}  // namespace commresolve::dht
