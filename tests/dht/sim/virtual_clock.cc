// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Our own std::chrono::steady_clock::now() and system_clock::now().

#include "tests/dht/sim/virtual_clock.h"

namespace {

// OpenDHT takes a time near zero for "never".
constexpr std::chrono::hours kBegin{1000};
constexpr std::chrono::seconds kWallBegin{1'800'000'000};

constinit std::chrono::nanoseconds passed{0};

}  // namespace

namespace std::chrono {
inline namespace _V2 {

steady_clock::time_point steady_clock::now() noexcept { return time_point(kBegin + passed); }
system_clock::time_point system_clock::now() noexcept { return time_point(kWallBegin + passed); }

}  // namespace _V2
}  // namespace std::chrono

namespace commresolve::sim {

void SetTime(std::chrono::steady_clock::time_point now) {
  passed = now.time_since_epoch() - kBegin;
}

UnixTime VirtualClock::Now() const {
  return std::chrono::duration_cast<std::chrono::seconds>(kWallBegin + passed).count();
}

}  // namespace commresolve::sim
