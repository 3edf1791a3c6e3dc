// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Conversions between UnixTime and text.

#include "resolver/base/clock.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>

namespace commresolve {
namespace {

constexpr int64_t kMinute = 60;
constexpr int64_t kHour = 60 * kMinute;
constexpr int64_t kDay = 24 * kHour;
constexpr UnixTime kFirstTime = -62'167'219'200;  ///< 0000-01-01T00:00:00Z
constexpr UnixTime kLastTime = 253'402'300'799;   ///< 9999-12-31T23:59:59Z

Error BadTime(std::string_view text) {
  return {Code::kInvalidArgument, "'" + std::string(text.substr(0, 40)) + "' is not a time",
          "write times like 2026-03-22T12:28:33Z"};
}

bool Digits(std::string_view text, size_t at, size_t count, int& out) {
  if (at + count > text.size()) return false;
  const char* begin = text.data() + at;
  const auto [end, error] = std::from_chars(begin, begin + count, out);
  return error == std::errc() && end == begin + count && *begin != '-';
}

/// Seconds east of UTC of "Z" or "+hh:mm"; false if `zone` is neither.
bool ParseZone(std::string_view zone, int64_t& seconds) {
  seconds = 0;
  if (zone == "Z" || zone == "z") return true;
  int hours = 0;
  int minutes = 0;
  if (zone.size() != 6 || zone[3] != ':' || (zone[0] != '+' && zone[0] != '-')) return false;
  if (!Digits(zone, 1, 2, hours) || !Digits(zone, 4, 2, minutes)) return false;
  if (hours > 23 || minutes > 59) return false;
  seconds = (zone[0] == '-' ? -1 : 1) * (hours * kHour + minutes * kMinute);
  return true;
}

}  // namespace

UnixTime SystemClock::Now() const {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::string FormatTime(UnixTime time) {
  using namespace std::chrono;
  const sys_seconds at{seconds{std::clamp(time, kFirstTime, kLastTime)}};
  const auto day = floor<days>(at);
  const year_month_day date{day};
  const hh_mm_ss clock{at - day};
  char text[48];
  static_cast<void>(std::snprintf(
      text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
      static_cast<int>(clock.seconds().count())));
  return text;
}

Result<UnixTime> ParseTime(std::string_view text) {
  int year = 0;
  int month = 0;
  int day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  if (!Digits(text, 0, 4, year) || !Digits(text, 5, 2, month) || !Digits(text, 8, 2, day) ||
      !Digits(text, 11, 2, hour) || !Digits(text, 14, 2, minute) || !Digits(text, 17, 2, second)) {
    return BadTime(text);
  }
  if (text[4] != '-' || text[7] != '-' || text[13] != ':' || text[16] != ':') return BadTime(text);
  if (text[10] != 'T' && text[10] != 't' && text[10] != ' ') return BadTime(text);
  size_t at = 19;
  if (at < text.size() && text[at] == '.') {
    const size_t fraction = ++at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
    if (at == fraction) return BadTime(text);
  }
  int64_t offset = 0;
  if (!ParseZone(text.substr(at), offset)) return BadTime(text);
  using namespace std::chrono;
  const year_month_day date{std::chrono::year{year},
                            std::chrono::month(static_cast<unsigned>(month)),
                            std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok() || hour > 23 || minute > 59 || second > 60) return BadTime(text);
  return sys_days{date}.time_since_epoch().count() * kDay + hour * kHour + minute * kMinute +
         second - offset;
}

std::string FormatAge(int64_t seconds) {
  const std::string sign = seconds < 0 ? "-" : "";
  const uint64_t size =
      seconds < 0 ? -static_cast<uint64_t>(seconds) : static_cast<uint64_t>(seconds);
  if (size < 2 * kMinute) return sign + std::to_string(size) + " s";
  if (size < 2 * kHour) return sign + std::to_string(size / kMinute) + " min";
  if (size < 2 * kDay) return sign + std::to_string(size / kHour) + " h";
  return sign + std::to_string(size / kDay) + " d";
}

Result<int64_t> ParseDuration(std::string_view text) {
  const Error error{Code::kInvalidArgument,
                    "'" + std::string(text.substr(0, 40)) + "' is not a length of time",
                    "write 90s, 15m, 12h or 7d"};
  int64_t unit = 1;
  std::string_view digits = text;
  if (!digits.empty()) {
    switch (digits.back()) {
      case 's':
        unit = 1;
        digits.remove_suffix(1);
        break;
      case 'm':
        unit = kMinute;
        digits.remove_suffix(1);
        break;
      case 'h':
        unit = kHour;
        digits.remove_suffix(1);
        break;
      case 'd':
        unit = kDay;
        digits.remove_suffix(1);
        break;
      default:
        break;
    }
  }
  int64_t count = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
  if (failure != std::errc() || end != digits.data() + digits.size() || digits.empty())
    return error;
  if (count < 0 || count > 3650 * kDay / unit) return error;
  return count * unit;
}

}  // namespace commresolve
