// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Import of everything, and of what is known already.

#include <malloc.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "index/recorder.h"
#include "tests/bench/bench.h"
#include "tests/bench/million.h"
#include "tests/bench/synthetic_store.h"

namespace commresolve::bench {
namespace {

constexpr uint64_t kBlock = 1'000;  // Made at a time, beside the clock.
constexpr uint64_t kMostSeenAgain = 100'000;

/// Forgets the largest resident set so far.
void ResetPeakMemory() { std::ofstream("/proc/self/clear_refs") << "5"; }

/// The largest resident set, bytes.
double PeakMemory() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    if (word != "VmHWM:") continue;
    double kibibytes = 0;
    status >> kibibytes;
    return kibibytes * 1024;
  }
  return 0;
}

double BytesBelow(const std::string& folder) {
  double bytes = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) bytes += static_cast<double>(entry.file_size());
  }
  return bytes;
}

std::vector<index::Observation> Observations(const Generator& generator, uint64_t begin,
                                             uint64_t end) {
  std::vector<index::Observation> block;
  for (uint64_t i = begin; i < end; ++i) block.push_back(ObservationOf(generator.Make(i)));
  return block;
}

void ReportSize(const Million& million) {
  const auto count = static_cast<double>(million.count);
  const index::LedgerCounts counts = Need(million.store->ledger().Counts());
  const std::string search = million.store->SearchPath(Need(million.store->SearchNumber()));
  Report("listings", static_cast<double>(counts.listings), "");
  Report("index, a certificate", BytesBelow(search) / count, "bytes", Maximum(150));
  Report("index, a listing", BytesBelow(search) / static_cast<double>(counts.listings), "bytes");
  Report("ledger, a certificate", static_cast<double>(counts.bytes) / count, "bytes");
}

}  // namespace

void MeasureImport(Million& million) {
  Heading("2. Import, durable and searchable");
  // The pace of a machine changes: what the import is compared with is measured before and after.
  std::vector<TokenCost> costs = {MeasureTokens(million)};
  ::malloc_trim(0);
  ResetPeakMemory();
  million.store = Need(index::Store::Open(million.folder + "/data", ""));
  Stopwatch whole;
  Stopwatch making;
  whole.Begin();
  index::Recorder recorder(*million.store, index::InBulk({}));
  size_t bytes = 0;
  for (uint64_t begin = 0; begin < million.count; begin += kBlock) {
    making.Begin();
    const auto block =
        Observations(million.generator, begin, std::min(million.count, begin + kBlock));
    making.End();
    for (const index::Observation& observation : block) {
      bytes += observation.chain.front().size();
      Need(recorder.Add(observation));
    }
  }
  Stopwatch indexing;
  indexing.Begin();
  Need(recorder.Finish({}));
  indexing.End();
  whole.End();
  const double peak_memory = PeakMemory();
  costs.push_back(MeasureTokens(million));
  const auto count = static_cast<double>(million.count);
  const double import_cpu = (whole.cpu() - making.cpu()) / count;
  const double wall = whole.wall() - making.wall();
  Report("DER, a certificate", static_cast<double>(bytes) / count, "bytes");
  Report("CPU a certificate", import_cpu * 1e6, "us");
  Report("of that, in the kernel", (whole.kernel() - making.kernel()) / count * 1e6, "us");
  Report("of that, indexing at the end", indexing.cpu() / count * 1e6, "us");
  Report("wall clock", wall, "s");
  Report("certificates a second", count / wall, "/s");
  Report("peak memory", peak_memory / 1e6, "MB", Maximum(1'000));
  ReportSize(million);
  ReportTokens(costs, import_cpu);
}

void MeasureSeenAgain(Million& million) {
  Heading("4. Known certificates seen again, durable");
  const uint64_t count = std::min(million.count, kMostSeenAgain);
  std::vector<index::Observation> observations = Observations(million.generator, 0, count);
  for (index::Observation& observation : observations) observation.time += 1;
  Stopwatch watch;
  watch.Begin();
  index::Recorder recorder(*million.store, index::InBulk({}));
  for (const index::Observation& observation : observations) Need(recorder.Add(observation));
  const uint64_t before = Need(million.store->ledger().ChangedCount());
  Need(recorder.Finish({}));
  watch.End();
  const auto all = static_cast<double>(count);
  Report("observations a second", all / watch.wall(), "/s", Minimum(50'000));
  Report("CPU an observation", watch.cpu() / all * 1e6, "us");
  Report("listings to be written again", static_cast<double>(before), "", Maximum(0));
}

}  // namespace commresolve::bench
