// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Intervals by type.

#include "dht/publish/schedule.h"

#include <algorithm>

namespace commresolve::dht {
namespace {

constexpr int64_t kHour = 3'600;
constexpr int64_t kFirstPause = 60;
constexpr int64_t kLongestPause = kHour;

int64_t Between(int64_t least, int64_t most, Random& random) {
  return std::uniform_int_distribution<int64_t>(least, most)(random);
}

}  // namespace

PutInterval IntervalOf(RecordType type) {
  switch (type) {
    case RecordType::kPosting:
      return {8 * kHour, 12 * kHour};
    case RecordType::kOwner:
      return {6 * kHour, 8 * kHour};
    case RecordType::kObservation:
      return {20 * kHour, 24 * kHour};
    case RecordType::kRollover:
      return {60 * kHour, 72 * kHour};
  }
  return {6 * kHour, 8 * kHour};
}

UnixTime AfterSuccess(RecordType type, UnixTime now, Random& random) {
  const PutInterval interval = IntervalOf(type);
  return now + Between(interval.least, interval.most, random);
}

UnixTime AfterFailure(uint32_t failures, UnixTime now, Random& random) {
  constexpr uint32_t kDoublings = 6;  // Enough to reach the longest pause.
  const uint32_t doublings = std::min(failures == 0 ? 0 : failures - 1, kDoublings);
  const int64_t pause = std::min(kFirstPause << doublings, kLongestPause);
  return now + Between(pause / 2, pause, random);
}

UnixTime ExpiryAt(RecordType type, UnixTime now) {
  const int64_t half = KindOf(type).longest_valid / 2;
  return (now / half + 2) * half;
}

}  // namespace commresolve::dht
