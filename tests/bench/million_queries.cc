// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// CPU time of the searching thread, warm, for classes of queries.

#include <algorithm>
#include <array>
#include <cstdio>
#include <set>

#include "index/finder.h"
#include "index/query_facts.h"
#include "index/search/text.h"
#include "tests/bench/bench.h"
#include "tests/bench/known_items.h"
#include "tests/bench/million.h"

namespace commresolve::bench {
namespace {

constexpr size_t kQueries = 400;
constexpr int kRounds = 5;
constexpr size_t kHotCommonWords = 6;
constexpr size_t kHotTradeWords = 4;
constexpr size_t kHits = 10;
constexpr size_t kRareMatches = 50;

struct QueryClassOf {
  const char* name;
  double p99_target;  ///< Milliseconds.
  std::vector<std::string> queries;
  bool words_only = false;  ///< FTS5 can be asked the same.
};

std::vector<std::string> QueriesOf(const KnownItems& items, QueryClass query_class) {
  std::vector<std::string> queries;
  for (KnownItem& item : items.Make(query_class, kQueries)) queries.push_back(item.query);
  return queries;
}

/// Names of `words` words.
std::vector<std::string> Names(const Million& million, size_t words) {
  const World& world = million.generator.world();
  std::set<std::string> names;
  Random random(kSeed, 1'000 + words, million.count);
  for (size_t i = 0; i < 100 * kQueries && names.size() < kQueries; ++i) {
    const Identity identity = world.IdentityOf(world.FirstCertificate(random.Below(million.count)));
    const Organization& organization = identity.organization;
    if (identity.hosts.empty() || identity.domain.empty()) continue;
    if (organization.language != Language::kEnglish || organization.words.size() != words) continue;
    names.insert(organization.Name());
  }
  return {names.begin(), names.end()};
}

/// Of `queries` those that few listings answer: some owners have very many.
std::vector<std::string> RareOnes(Million& million, std::vector<std::string> queries) {
  index::SearchReader* reader = Need(million.store->Search());
  std::erase_if(queries, [&](const std::string& text) {
    const auto found = Need(reader->Search(Need(index::ParseQuery(text)), 0, 1, kNow,
                                           index::FactsFrom(million.store->ledger())));
    return found.estimated_total > kRareMatches;
  });
  return queries;
}

std::vector<std::string> HotWords() {
  std::vector<std::string> words(CommonWords().begin(), CommonWords().begin() + kHotCommonWords);
  words.insert(words.end(), TradeWords().begin(), TradeWords().begin() + kHotTradeWords);
  std::vector<std::string> queries;
  while (queries.size() < kQueries) queries.push_back(words[queries.size() % words.size()]);
  return queries;
}

std::vector<std::string> Filtered(std::vector<std::string> queries) {
  constexpr std::array<std::string_view, 4> kFilters = {"port:443", "issuer:seal", "country:de",
                                                        "port:5222"};
  // Every word with every filter.
  for (size_t i = 0; i < queries.size(); ++i) {
    const size_t round = i * kFilters.size() / queries.size();
    queries[i].append(" ").append(kFilters.at(round));
  }
  return queries;
}

double Milliseconds(const std::vector<double>& seconds, double share) {
  return Percentile(seconds, share) * 1e3;
}

template <class Body>
double Measure(const Body& body) {
  const double begin = ThreadCpu();
  body();
  return ThreadCpu() - begin;
}

/// What each query takes, after a round that warms up: the median of some rounds, so that it tells
/// of the query and not of what else the machine did then. One thing at a time: each would push
/// what the others have in the processor's cache out of it.
struct Rounds {
  std::vector<double> each;        ///< The median of each query.
  std::vector<double> round_p99s;  ///< Of every round alone, for comparison.
};

template <class Body>
Rounds MeasureEach(const std::vector<std::string>& queries, const Body& body) {
  for (const std::string& text : queries) body(text);
  Rounds rounds;
  std::vector<std::vector<double>> times(queries.size());
  for (int i = 0; i < kRounds; ++i) {
    std::vector<double> round;
    for (const std::string& text : queries) round.push_back(body(text));
    for (size_t query = 0; query < queries.size(); ++query) times[query].push_back(round[query]);
    rounds.round_p99s.push_back(Percentile(round, 0.99));
  }
  for (const std::vector<double>& some : times) rounds.each.push_back(Percentile(some, 0.5));
  return rounds;
}

struct Times {
  Rounds search;
  Rounds rows;
  Rounds fts5;
  double matches = 0;  ///< A query.
};

Times Run(Million& million, const QueryClassOf& asked) {
  index::SearchReader* reader = Need(million.store->Search());
  Times times;
  std::vector<double> matches;
  times.search = MeasureEach(asked.queries, [&](const std::string& text) {
    const index::Query query = Need(index::ParseQuery(text));
    return Measure([&] {
      const auto found =
          Need(reader->Search(query, 0, kHits, kNow, index::FactsFrom(million.store->ledger())));
      matches.push_back(static_cast<double>(found.estimated_total));
    });
  });
  for (const double some : matches) times.matches += some / static_cast<double>(matches.size());
  times.rows = MeasureEach(asked.queries, [&](const std::string& text) {
    const index::Query query = Need(index::ParseQuery(text));
    return Measure([&] { Need(index::FindRows(*million.store, query, 0, kHits, kNow, {})); });
  });
  if (!asked.words_only || !million.fts5) return times;
  times.fts5 = MeasureEach(asked.queries, [&](const std::string& text) {
    const std::vector<std::string> words = index::SearchWords(text);
    return Measure([&] { million.fts5->Search(words, static_cast<int>(kHits)); });
  });
  return times;
}

/// Beginnings of two to four letters, and words with one slip.
void MeasureWords(Million& million, const KnownItems& items) {
  index::SearchReader* reader = Need(million.store->Search());
  std::vector<double> completion;
  std::vector<double> spelling;
  for (int round = 0; round < 2; ++round) {
    completion.clear();
    spelling.clear();
    size_t letters = 0;
    for (const std::string& name : QueriesOf(items, QueryClass::kGlued)) {
      const std::string beginning = name.substr(0, 2 + letters++ % 3);
      completion.push_back(Measure([&] { Need(reader->Complete(beginning, kHits)); }));
    }
    for (const std::string& text : QueriesOf(items, QueryClass::kTypo)) {
      for (const std::string& word : index::SearchWords(text)) {
        spelling.push_back(Measure([&] { Need(reader->Suggest(word)); }));
      }
    }
  }
  Report("completion, p50", Percentile(completion, 0.5) * 1e6, "us", Maximum(50));
  Report("completion, p99", Percentile(completion, 0.99) * 1e6, "us");
  Report("spelling, p50", Percentile(spelling, 0.5) * 1e6, "us", Maximum(20));
  Report("spelling, p99", Percentile(spelling, 0.99) * 1e6, "us");
}

}  // namespace

void MeasureQueries(Million& million) {
  Heading("3. Queries, 10 hits, milliseconds of thread CPU, warm");
  const KnownItems items(million.generator, million.count);
  const std::vector<QueryClassOf> classes = {
      {"rare word", 0.3, RareOnes(million, Names(million, 1)), true},
      {"two words", 1.5, Names(million, 2), true},
      {"hot word", 1.5, HotWords(), true},
      {"hot and filter", 5, Filtered(HotWords())},
      {"host name", 0.5, QueriesOf(items, QueryClass::kHost)},
      {"typo", 2, QueriesOf(items, QueryClass::kTypo)},
      {"prefix", 1, QueriesOf(items, QueryClass::kPrefix)}};
  std::printf("  %-15s %7s %9s | %8s %8s %8s %8s | %8s %8s | %8s %8s\n", "class", "queries",
              "matches", "p50", "p99", "at most", "p99 once", "rows p50", "rows p99", "FTS5 p50",
              "FTS5 p99");
  double hot_ratio = 0;
  for (const QueryClassOf& asked : classes) {
    const Times times = Run(million, asked);
    const double p99 = Milliseconds(times.search.each, 0.99);
    std::printf("  %-15s %7zu %9.0f | %8.3f %8.3f %8.1f %8.3f | %8.3f %8.3f | %8.3f %8.3f%s\n",
                asked.name, asked.queries.size(), times.matches,
                Milliseconds(times.search.each, 0.5), p99, asked.p99_target,
                Milliseconds(times.search.round_p99s, 0.5), Milliseconds(times.rows.each, 0.5),
                Milliseconds(times.rows.each, 0.99), Milliseconds(times.fts5.each, 0.5),
                Milliseconds(times.fts5.each, 0.99), p99 > asked.p99_target ? "  MISSED" : "");
    (void)std::fflush(stdout);
    if (asked.queries == HotWords()) {
      hot_ratio = Percentile(times.fts5.each, 0.5) / Percentile(times.search.each, 0.5);
    }
  }
  MeasureWords(million, items);
  if (million.fts5) Report("hot word, p50 of FTS5 / ours", hot_ratio, "x", Minimum(20));
}

}  // namespace commresolve::bench
