// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Relevance on synthetic certificates: known items, looked for as people type (known_items.h).
//
//   bench_relevance_synthetic [CERTIFICATES] [MISSES]     (100,000 and 0 by default)
//
// Prints for each class of queries the mean reciprocal rank, success@1, success@10, and of the
// queries whose first hit is right and could be unexpired the share of which it is. MISSES says how
// many queries of a class to show that were not answered first. Exit status 1 if an overall figure
// is more than 0.01 below that of relevance_baseline.txt for the same number of certificates.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include "index/finder.h"
#include "tests/bench/bench.h"
#include "tests/bench/known_items.h"
#include "tests/bench/synthetic_store.h"

namespace commresolve::bench {
namespace {

constexpr size_t kQueriesPerClass = 200;
constexpr size_t kRows = 10;
constexpr double kAllowedLoss = 0.01;

struct Figures {
  double queries = 0;
  double reciprocal = 0;
  double at_1 = 0;
  double at_10 = 0;
  double possible = 0;  ///< Answered first, and some right answer is unexpired.
  double unexpired = 0;

  void Add(const Figures& other) {
    queries += other.queries;
    reciprocal += other.reciprocal;
    at_1 += other.at_1;
    at_10 += other.at_10;
    possible += other.possible;
    unexpired += other.unexpired;
  }
  /// MRR, success@1, success@10, unexpired of possible.
  [[nodiscard]] std::array<double, 4> Shares() const {
    const double all = std::max(1.0, queries);
    return {reciprocal / all, at_1 / all, at_10 / all, possible > 0 ? unexpired / possible : 1};
  }
};

class Judge {
 public:
  Judge(const Generator& generator, uint64_t count, index::Store& store)
      : generator_(generator), count_(count), store_(store), items_(generator, count) {
    numbers_ = Fill(store, generator, count);
  }

  Figures Run(QueryClass query_class, size_t misses) {
    const std::set<std::string> unexpired = Unexpired(query_class);
    Figures figures;
    for (const KnownItem& item : items_.Make(query_class, kQueriesPerClass)) {
      const auto query = Need(index::ParseQuery(item.query));
      const auto found = Need(index::FindRows(store_, query, 0, kRows, kNow, {}));
      const size_t rank = RankOf(found.rows, item, query_class, false);
      ++figures.queries;
      if (rank != 0) {
        ++figures.at_10;
        figures.reciprocal += 1.0 / static_cast<double>(rank);
      }
      bool good = rank == 1;
      if (rank == 1) {
        ++figures.at_1;
        const bool possible = unexpired.contains(item.answer);
        const bool is = !IsExpired(found.rows[0]);
        figures.possible += possible ? 1 : 0;
        figures.unexpired += possible && is ? 1 : 0;
        good = is || !possible;
      }
      if (good || misses == 0) continue;
      --misses;
      Show(item, query_class, found.rows);
    }
    return figures;
  }

 private:
  [[nodiscard]] Identity IdentityOf(const index::SearchRow& row) const {
    const World& world = generator_.world();
    return world.IdentityOf(world.FirstCertificate(numbers_.at(row.certificates.at(0))));
  }

  static bool IsExpired(const index::SearchRow& row) { return row.facts.not_after < kNow; }

  /// Of the first right row, or the first right one that is unexpired, from 1; 0 if there is none.
  [[nodiscard]] size_t RankOf(const std::vector<index::SearchRow>& rows, const KnownItem& item,
                              QueryClass query_class, bool unexpired) const {
    for (size_t i = 0; i < rows.size(); ++i) {
      if (unexpired && IsExpired(rows[i])) continue;
      const std::vector<std::string> answers = items_.AnswersOf(IdentityOf(rows[i]), query_class);
      if (std::find(answers.begin(), answers.end(), item.answer) != answers.end()) return i + 1;
    }
    return 0;
  }

  [[nodiscard]] std::set<std::string> Unexpired(QueryClass query_class) const {
    std::set<std::string> all;
    for (uint64_t i = 0; i < count_; ++i) {
      const SyntheticCertificate made = generator_.Make(i);
      if (made.not_after < kNow) continue;
      for (std::string& answer : items_.AnswersOf(made.identity, query_class)) {
        all.insert(std::move(answer));
      }
    }
    return all;
  }

  [[nodiscard]] std::string Describe(const std::vector<index::SearchRow>& rows, size_t rank) const {
    if (rank == 0 || rank > rows.size()) return "none";
    const Identity identity = IdentityOf(rows[rank - 1]);
    return std::to_string(rank) + " " + identity.common_name + " (" +
           std::to_string(identity.hosts.size()) + " names" +
           (IsExpired(rows[rank - 1]) ? ", expired)" : ")");
  }

  void Show(const KnownItem& item, QueryClass query_class,
            const std::vector<index::SearchRow>& rows) const {
    std::printf("    '%s' wants %s; first %s, right %s, right and unexpired %s\n",
                item.query.c_str(), item.answer.c_str(), Describe(rows, 1).c_str(),
                Describe(rows, RankOf(rows, item, query_class, false)).c_str(),
                Describe(rows, RankOf(rows, item, query_class, true)).c_str());
  }

  const Generator& generator_;
  const uint64_t count_;
  index::Store& store_;
  const KnownItems items_;
  std::map<CertId, uint64_t> numbers_;
};

void Print(std::string_view name, const Figures& figures) {
  const auto shares = figures.Shares();
  std::printf("%-12s %7.0f %7.3f %7.3f %7.3f %10.3f\n", std::string(name).c_str(), figures.queries,
              shares[0], shares[1], shares[2], shares[3]);
}

/// The line of the baseline for `count` certificates; empty if there is none.
std::vector<double> Baseline(uint64_t count) {
  std::ifstream file(COMMRESOLVE_RELEVANCE_BASELINE);
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    uint64_t certificates = 0;
    std::vector<double> figures(4);
    if (words >> certificates >> figures[0] >> figures[1] >> figures[2] >> figures[3] &&
        certificates == count) {
      return figures;
    }
  }
  return {};
}

bool Holds(uint64_t count, const Figures& overall) {
  const std::vector<double> baseline = Baseline(count);
  if (baseline.empty()) {
    std::printf("no baseline for %llu certificates\n", static_cast<unsigned long long>(count));
    return true;
  }
  const auto shares = overall.Shares();
  bool holds = true;
  for (size_t i = 0; i < shares.size(); ++i) {
    if (shares.at(i) < baseline[i] - kAllowedLoss) holds = false;
  }
  std::printf("%-12s %7s %7.3f %7.3f %7.3f %10.3f  %s\n", "baseline", "", baseline[0], baseline[1],
              baseline[2], baseline[3], holds ? "holds" : "NOT REACHED");
  return holds;
}

int Run(uint64_t count, size_t misses) {
  std::printf("%llu certificates\n", static_cast<unsigned long long>(count));
  const Folder folder;
  const Generator generator;
  const auto store = Need(index::Store::Open(folder.path() + "/data", ""));
  Judge judge(generator, count, *store);
  std::printf("%-12s %7s %7s %7s %7s %10s\n", "class", "queries", "MRR", "s@1", "s@10",
              "unexpired");
  Figures overall;
  for (size_t i = 0; i < kQueryClasses; ++i) {
    const auto query_class = static_cast<QueryClass>(i);
    const Figures figures = judge.Run(query_class, misses);
    Print(QueryClassName(query_class), figures);
    overall.Add(figures);
  }
  Print("all", overall);
  return Holds(count, overall) ? 0 : 1;
}

}  // namespace
}  // namespace commresolve::bench

int main(int argc, char** argv) {
  const uint64_t count = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 100'000;
  return commresolve::bench::Run(count == 0 ? 1 : count,
                                 argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 0);
}
