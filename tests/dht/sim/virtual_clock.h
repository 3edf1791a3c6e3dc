// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Time as the simulator says it is, for everything in this process.

#ifndef COMMRESOLVE_TESTS_DHT_SIM_VIRTUAL_CLOCK_H_
#define COMMRESOLVE_TESTS_DHT_SIM_VIRTUAL_CLOCK_H_

#include <chrono>

#include "resolver/base/clock.h"

namespace commresolve::sim {

/// A program that is linked with virtual_clock.cc has no other std::chrono::steady_clock and
/// system_clock: the program's now() stands before that of the C++ library, for OpenDHT too. Both
/// begin at a fixed time and move only here. For one thread.
void SetTime(std::chrono::steady_clock::time_point now);

/// The wall clock that belongs to it.
class VirtualClock final : public Clock {
 public:
  [[nodiscard]] UnixTime Now() const override;
};

}  // namespace commresolve::sim

#endif  // COMMRESOLVE_TESTS_DHT_SIM_VIRTUAL_CLOCK_H_
