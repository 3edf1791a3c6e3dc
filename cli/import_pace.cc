// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Counts and times as people write them.

#include "cli/import_pace.h"

#include <algorithm>

namespace commresolve::cli {
namespace {

constexpr auto kTellAgain = std::chrono::seconds(1);
constexpr double kLongest = 360'000;  // A hundred hours.

std::string WithCommas(uint64_t number) {
  std::string text = std::to_string(number);
  for (size_t at = text.size(); at > 3;) {
    at -= 3;
    text.insert(at, 1, ',');
  }
  return text;
}

std::string TwoDigits(uint64_t number) { return (number < 10 ? "0" : "") + std::to_string(number); }

/// "1:20", "2:03:05".
std::string Duration(uint64_t seconds) {
  const uint64_t minutes = seconds / 60;
  const std::string rest = ":" + TwoDigits(seconds % 60);
  if (minutes < 60) return std::to_string(minutes) + rest;
  return std::to_string(minutes / 60) + ":" + TwoDigits(minutes % 60) + rest;
}

}  // namespace

const std::string& ImportPace::Text(Clock::time_point now, uint64_t read, uint64_t done,
                                    uint64_t total) {
  if (now - told_ < kTellAgain) return text_;
  told_ = now;
  const double seconds = std::chrono::duration<double>(now - start_).count();
  text_ = "importing, " + WithCommas(static_cast<uint64_t>(static_cast<double>(read) / seconds)) +
          " a second";
  if (done == 0 || done > total) return text_;
  const double left = seconds * static_cast<double>(total - done) / static_cast<double>(done);
  text_ += ", " + Duration(static_cast<uint64_t>(std::min(left, kLongest))) + " left";
  return text_;
}

}  // namespace commresolve::cli
