// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Major faults, and threads that take the next row.

#include "resolver/base/read_ahead.h"

#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <system_error>
#include <thread>
#include <vector>

namespace commresolve {
namespace {

/// More than there are processors: they wait for the disk.
constexpr size_t kMaxThreads = 8;
constexpr size_t kRowsPerThread = 2;
/// A single page may be missing by chance.
constexpr uint64_t kWaitsOfTrial = 2;

/// How often this thread has waited for a page of a mapped file.
uint64_t DiskWaits() {
  struct rusage usage{};
  if (::getrusage(RUSAGE_THREAD, &usage) != 0) return 0;
  return static_cast<uint64_t>(usage.ru_majflt);
}

}  // namespace

ReadAhead::ReadAhead(size_t trial) : trial_(trial), waits_(DiskWaits()) {}

void ReadAhead::LookIfWaited(size_t count, const std::function<void(size_t)>& look) const {
  if (count <= trial_ || DiskWaits() - waits_ < kWaitsOfTrial) return;
  std::atomic<size_t> next{trial_};
  const auto work = [&] {
    for (size_t step = next++; step < count; step = next++) look(step);
  };
  const size_t threads = std::clamp<size_t>((count - trial_) / kRowsPerThread, 1, kMaxThreads);
  std::vector<std::jthread> others;
  try {
    while (others.size() + 1 < threads) others.emplace_back(work);
  } catch (const std::system_error&) {
    // As many as the system gives.
  }
  work();
}

}  // namespace commresolve
