// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the measuring programs share: clocks, percentiles, the machine's name, a data folder.

#ifndef COMMRESOLVE_TESTS_BENCH_BENCH_H_
#define COMMRESOLVE_TESTS_BENCH_BENCH_H_

#include <string>
#include <vector>

#include "resolver/base/result.h"

namespace commresolve::bench {

/// CPU seconds of this process, and of this thread.
double ProcessCpu();
double KernelCpu();  ///< The part of it that the kernel took.
double ThreadCpu();
/// Seconds on a clock that only goes forward.
double WallClock();

/// The value below which `share` (0 to 1) of `values` lie; 0 if there are none.
double Percentile(std::vector<double> values, double share);

/// Processor, cores and load, as one line.
std::string Machine();

/// A private folder under /tmp that is removed at the end.
class Folder {
 public:
  Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder();
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// The value, or the end of the program with the error on standard error.
[[noreturn]] void Fail(const Error& error);
template <class T>
T Need(Result<T> result) {
  if (!result.ok()) Fail(result.error());
  return std::move(result).value();
}
inline void Need(const Status& status) {
  if (!status.ok()) Fail(status.error());
}

}  // namespace commresolve::bench

#endif  // COMMRESOLVE_TESTS_BENCH_BENCH_H_
