// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How long a new certificate takes to be found, while somebody else searches all the time.

#include <atomic>
#include <thread>

#include "index/query_facts.h"
#include "index/recorder.h"
#include "tests/bench/bench.h"
#include "tests/bench/million.h"
#include "tests/bench/synthetic_store.h"

namespace commresolve::bench {
namespace {

constexpr size_t kNewCertificates = 200;
constexpr size_t kHits = 10;

/// Searches for common words until it is told to stop.
class Searcher {
 public:
  explicit Searcher(const index::Store& store) : store_(store.Share()) {
    thread_ = std::thread([this] { Run(); });
  }
  Searcher(const Searcher&) = delete;
  Searcher& operator=(const Searcher&) = delete;
  ~Searcher() { Stop(); }

  void Stop() {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
  }
  [[nodiscard]] double searches() const { return static_cast<double>(searches_); }
  [[nodiscard]] double failures() const { return static_cast<double>(failures_); }

 private:
  void Run() {
    for (size_t i = 0; !stop_; ++i) {
      const auto query =
          Need(index::ParseQuery(std::string(CommonWords()[i % CommonWords().size()])));
      const auto reader = store_->Search();
      const bool found =
          reader.ok() &&
          (*reader)->Search(query, 0, kHits, kNow, index::FactsFrom(store_->ledger())).ok();
      ++searches_;
      if (!found) ++failures_;
    }
  }

  std::unique_ptr<index::Store> store_;
  std::atomic<bool> stop_ = false;
  std::atomic<uint64_t> searches_ = 0;
  std::atomic<uint64_t> failures_ = 0;
  std::thread thread_;
};

/// Some host name that only this certificate has; empty if it has none, or renews another.
std::string NewHost(const Generator& generator, const Identity& identity, uint64_t number) {
  const bool fresh = generator.world().FirstCertificate(number) == number;
  const bool plain = identity.kind == Kind::kSite || identity.kind == Kind::kPanel;
  return fresh && plain ? identity.hosts.back() : std::string();
}

bool IsFound(Million& million, const index::Query& query) {
  const index::FactsSource facts = index::FactsFrom(million.store->ledger());
  index::SearchReader* reader = Need(million.store->Search());
  return !Need(reader->Search(query, 0, kHits, kNow, facts)).hits.empty();
}

}  // namespace

void MeasureVisible(Million& million) {
  Heading("5. New certificates, one by one, while another thread searches");
  Searcher searcher(*million.store);
  index::Recorder recorder(*million.store);
  std::vector<double> seconds;
  for (uint64_t i = million.count; seconds.size() < kNewCertificates; ++i) {
    const SyntheticCertificate made = million.generator.Make(i);
    const std::string host = NewHost(million.generator, made.identity, i);
    if (host.empty()) continue;
    const index::Query query = Need(index::ParseQuery("san:" + host));
    if (IsFound(million, query)) continue;  // Somebody has the same name.
    Need(recorder.Add(ObservationOf(made)));
    const double begin = WallClock();
    Need(recorder.Finish({}));
    while (!IsFound(million, query)) {
    }
    seconds.push_back(WallClock() - begin);
  }
  searcher.Stop();
  Report("commit until found, p50", Percentile(seconds, 0.5) * 1e3, "ms");
  Report("commit until found, p99", Percentile(seconds, 0.99) * 1e3, "ms", Maximum(50));
  Report("searches meanwhile", searcher.searches(), "");
  Report("of these failed", searcher.failures(), "", Maximum(0));
}

}  // namespace commresolve::bench
