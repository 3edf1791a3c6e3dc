// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// CPU time per certificate of each stage of an import, and of the whole, and the latency of search.
//
//   bench_stages [CERTIFICATES]     (10,000 by default)
//
// Ratios are to parsing, measured in the same run.

#include <cstdio>
#include <cstdlib>

#include "index/finder.h"
#include "index/recorder.h"
#include "tests/bench/bench.h"
#include "tests/bench/generator.h"

namespace commresolve::bench {
namespace {

constexpr size_t kQueries = 2'000;

struct Stage {
  const char* name;
  double seconds;
};

void Print(const std::vector<Stage>& stages, size_t count) {
  std::printf("%-12s %12s %10s\n", "stage", "us CPU/cert", "x parse");
  for (const Stage& stage : stages) {
    std::printf("%-12s %12.1f %10.2f\n", stage.name,
                stage.seconds * 1e6 / static_cast<double>(count),
                stage.seconds / stages.front().seconds);
  }
}

template <class Body>
double Measure(const Body& body) {
  const double begin = ProcessCpu();
  body();
  return ProcessCpu() - begin;
}

void MeasureSearch(index::Store& store, const Generator& generator, size_t count) {
  std::vector<double> times;
  for (size_t i = 0; i < kQueries; ++i) {
    const Organization organization = generator.Make(i % count).identity.organization;
    const auto query = Need(index::ParseQuery(organization.Name()));
    const double begin = ThreadCpu();
    Need(index::FindRows(store, query, 0, 10, kNow, {}));
    times.push_back(ThreadCpu() - begin);
  }
  std::printf("search, 10 rows of a name: p50 %.0f us, p99 %.0f us CPU over %zu queries\n",
              Percentile(times, 0.5) * 1e6, Percentile(times, 0.99) * 1e6, times.size());
}

int Run(size_t count) {
  std::printf("machine: %s\n%zu certificates\n", Machine().c_str(), count);
  const Generator generator;
  std::vector<std::string> ders;
  ders.reserve(count);
  for (size_t i = 0; i < count; ++i) ders.push_back(generator.Make(i).der);
  const Folder folder;
  const auto store = Need(index::Store::Open(folder.path() + "/data", ""));
  std::vector<index::ParsedCertificate> parsed;
  const UnixTime now = kNow;
  std::vector<Stage> stages;
  stages.push_back({"parse", Measure([&] {
                      for (const std::string& der : ders) {
                        parsed.push_back(Need(index::ParseCertificate(der)));
                      }
                    })});
  stages.push_back({"extract", Measure([&] {
                      for (const auto& certificate : parsed) {
                        index::ExtractKeywords(certificate, true, nullptr);
                      }
                    })});
  stages.push_back({"chain check", Measure([&] {
                      for (const std::string& der : ders) Need(store->CheckChain({der}, now));
                    })});
  stages.push_back(
      {"ledger", Measure([&] {
         auto batch = Need(store->ledger().Begin());
         const PublicChain chain{false, now, "bench"};
         for (size_t i = 0; i < ders.size(); ++i) {
           Need(batch->Add({{ders[i]}, std::nullopt, now, "import", false, ""}, parsed[i], &chain));
         }
         Need(batch->Commit());
       })});
  stages.push_back({"index", Measure([&] { Need(index::CatchUpIndex(*store, {})); })});
  const Folder other;
  const auto whole = Need(index::Store::Open(other.path() + "/data", ""));
  stages.push_back({"whole", Measure([&] {
                      index::Recorder recorder(*whole);
                      for (const std::string& der : ders) {
                        Need(recorder.Add({{der}, std::nullopt, now, "import", false, ""}));
                      }
                      Need(recorder.Finish({}));
                    })});
  stages.push_back({"seen again", Measure([&] {
                      index::Recorder recorder(*whole);
                      for (const std::string& der : ders) {
                        Need(recorder.Add({{der}, std::nullopt, now + 1, "import", false, ""}));
                      }
                      Need(recorder.Finish({}));
                    })});
  Print(stages, count);
  MeasureSearch(*store, generator, count);
  return 0;
}

}  // namespace
}  // namespace commresolve::bench

int main(int argc, char** argv) {
  const size_t count = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 10'000;
  return commresolve::bench::Run(count == 0 ? 1 : count);
}
