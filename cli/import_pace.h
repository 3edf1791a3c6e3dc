// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// ImportPace: how fast an import goes and how long it will take, as words beside its progress bar.

#ifndef COMMRESOLVE_CLI_IMPORT_PACE_H_
#define COMMRESOLVE_CLI_IMPORT_PACE_H_

#include <chrono>
#include <cstdint>
#include <string>

namespace commresolve::cli {

/// Judges by the whole time since the start; used by one thread.
class ImportPace {
 public:
  using Clock = std::chrono::steady_clock;

  explicit ImportPace(Clock::time_point start) : start_(start), told_(start) {}

  /// "importing", and from the second second on "importing, 12,345 a second, 1:20 left", told anew
  /// once a second. `read` are the observations so far, `done` and `total` the bytes.
  const std::string& Text(Clock::time_point now, uint64_t read, uint64_t done, uint64_t total);

 private:
  const Clock::time_point start_;
  Clock::time_point told_;
  std::string text_ = "importing";
};

}  // namespace commresolve::cli

#endif  // COMMRESOLVE_CLI_IMPORT_PACE_H_
