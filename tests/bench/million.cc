// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a million certificates cost: parsing, import, memory, disk, queries; each with its target,
// and next to what it is compared with, in one run.
//
//   bench_million [COUNT [FOLDER]]
//
// COUNT is 1,000,000 by default. The store is left in FOLDER, if it is given; one that is there
// with so many certificates is used again, without the figures of its import.

#include "tests/bench/million.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "tests/bench/bench.h"

namespace commresolve::bench {

void Report(const std::string& what, double figure, const char* unit, Target target) {
  std::printf("  %-44s %12.3f %-10s", what.c_str(), figure, unit);
  if (target.kind != Target::Kind::kNone) {
    const bool at_most = target.kind == Target::Kind::kAtMost;
    const bool reached = at_most ? figure <= target.value : figure >= target.value;
    std::printf("  %s %g%s", at_most ? "at most" : "at least", target.value,
                reached ? "" : "  MISSED");
  }
  std::printf("\n");
  (void)std::fflush(stdout);
}

void Heading(const char* text) { std::printf("\n%s\n", text); }

void Stopwatch::Begin() {
  cpu_begin_ = ProcessCpu();
  kernel_begin_ = KernelCpu();
  wall_begin_ = WallClock();
}

void Stopwatch::End() {
  cpu_ += ProcessCpu() - cpu_begin_;
  kernel_ += KernelCpu() - kernel_begin_;
  wall_ += WallClock() - wall_begin_;
}

namespace {

/// True if the store was there.
bool Reopen(Million& million) {
  if (!std::filesystem::exists(million.folder + "/data/ledger")) return false;
  million.store = Need(index::Store::Open(million.folder + "/data", ""));
  // The last run has added some to be found.
  if (Need(million.store->ledger().Counts()).certificates >= million.count) return true;
  million.store.reset();
  return false;
}

int Run(uint64_t count, const std::string& kept) {
  std::printf("machine: %s\n%llu certificates\n", Machine().c_str(),
              static_cast<unsigned long long>(count));
  const Folder folder;
  const std::string& path = kept.empty() ? folder.path() : kept;
  Million million{count, path, Generator(), nullptr, nullptr};
  MeasureParsing(million);
  if (!Reopen(million)) {
    MeasureImport(million);
    MeasureListings(million);
  }
  MeasureQueries(million);
  MeasureSeenAgain(million);
  MeasureVisible(million);
  MeasureProcess(million);
  std::printf("\nmachine at the end: %s\n", Machine().c_str());
  return 0;
}

}  // namespace
}  // namespace commresolve::bench

int main(int argc, char** argv) {
  const uint64_t count = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000;
  return commresolve::bench::Run(count == 0 ? 1 : count, argc > 2 ? argv[2] : "");
}
