// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the lines of the text files of sharing are made of.

#ifndef COMMRESOLVE_GRPC_SHARING_WORDS_OF_LINE_H_
#define COMMRESOLVE_GRPC_SHARING_WORDS_OF_LINE_H_

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

#include "resolver/base/clock.h"

namespace commresolve::daemon {

/// Takes the first word, and the blank after it, off `line`.
inline std::string_view TakeWord(std::string_view& line) {
  const std::string_view word = line.substr(0, line.find(' '));
  line.remove_prefix(std::min(line.size(), word.size() + 1));
  return word;
}

/// Takes a decimal number off `line`. Empty if the first word is none.
template <class Number>
std::optional<Number> TakeNumber(std::string_view& line) {
  const std::string_view word = TakeWord(line);
  Number number = 0;
  const auto [end, failure] = std::from_chars(word.begin(), word.end(), number);
  if (failure != std::errc() || end != word.end()) return std::nullopt;
  return number;
}

/// The same for a time that a record can have.
inline std::optional<UnixTime> TakeTime(std::string_view& line) {
  constexpr UnixTime kLast = 0xFFFF'FFFF;
  const auto time = TakeNumber<UnixTime>(line);
  return time && *time >= 0 && *time <= kLast ? time : std::nullopt;
}

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_SHARING_WORDS_OF_LINE_H_
