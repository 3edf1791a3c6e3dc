// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Time: seconds since 1970 for facts, a Clock so that tests can say what time it is.

#ifndef COMMRESOLVE_RESOLVER_BASE_CLOCK_H_
#define COMMRESOLVE_RESOLVER_BASE_CLOCK_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "resolver/base/result.h"

namespace commresolve {

/// Seconds since 1970-01-01T00:00:00Z; negative before. Certificates reach from year 1 to 9999.
using UnixTime = int64_t;

/// Tells the time. Implementations are safe for concurrent use.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual UnixTime Now() const = 0;
};

/// The operating system's wall clock.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] UnixTime Now() const override;
};

/// A clock that a test sets by hand. Not safe for concurrent use.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(UnixTime now) : now_(now) {}
  [[nodiscard]] UnixTime Now() const override { return now_; }
  void Set(UnixTime now) { now_ = now; }
  void Advance(int64_t seconds) { now_ += seconds; }

 private:
  UnixTime now_;
};

/// RFC 3339 in UTC to the second: "2026-03-22T12:28:33Z". A time before year 0 or after year 9999,
/// which RFC 3339 cannot write, is shown as the nearest that it can.
std::string FormatTime(UnixTime time);
/// Reads RFC 3339 (fraction ignored, `Z` or an offset). kInvalidArgument otherwise.
Result<UnixTime> ParseTime(std::string_view text);
/// A length of time for people: "45 s", "12 min", "3 h", "5 d". Negative as "-5 d".
std::string FormatAge(int64_t seconds);
/// Reads "90s", "15m", "12h", "7d" or plain seconds, 0 to 10 years, as used in options and config.
Result<int64_t> ParseDuration(std::string_view text);

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_BASE_CLOCK_H_
