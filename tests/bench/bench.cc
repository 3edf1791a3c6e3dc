// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Measuring tools.

#include "tests/bench/bench.h"

#include <sys/resource.h>
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

namespace commresolve::bench {
namespace {

double Read(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

}  // namespace

double ProcessCpu() { return Read(CLOCK_PROCESS_CPUTIME_ID); }
double KernelCpu() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_stime.tv_sec) +
         static_cast<double>(usage.ru_stime.tv_usec) / 1e6;
}
double ThreadCpu() { return Read(CLOCK_THREAD_CPUTIME_ID); }
double WallClock() { return Read(CLOCK_MONOTONIC); }

double Percentile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const auto last = static_cast<double>(values.size() - 1);
  return values[static_cast<size_t>(last * share + 0.5)];
}

std::string Machine() {
  std::string model = "unknown processor";
  std::ifstream cpuinfo("/proc/cpuinfo");
  for (std::string line; std::getline(cpuinfo, line);) {
    if (line.starts_with("model name")) model = line.substr(line.find(':') + 2);
  }
  std::string load = "?";
  std::ifstream("/proc/loadavg") >> load;
  return model + ", " + std::to_string(std::thread::hardware_concurrency()) + " cores, load " +
         load;
}

Folder::Folder() {
  char pattern[] = "/tmp/commresolve-bench-XXXXXX";
  const char* made = ::mkdtemp(pattern);
  if (made == nullptr) Fail({Code::kUnavailable, "cannot make a folder in /tmp"});
  path_ = made;
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void Fail(const Error& error) {
  std::fprintf(stderr, "bench: %s\n", error.message.c_str());
  std::exit(1);
}

}  // namespace commresolve::bench
