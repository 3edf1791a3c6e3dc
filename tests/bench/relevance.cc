// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Relevance on real certificates: every leaf of corpus/observed that has a DNS name is looked for
// by the words of one of its names, the one that fewest other certificates carry.
//
// Prints success@1 and success@10; exit status 1 below 0.95 and 0.99, 77 if the corpus is absent. A
// result finds a certificate if its row lists it: certificates with the same names are one row.

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <set>

#include "index/certificate/certificate.h"
#include "index/finder.h"
#include "index/importer.h"
#include "index/sources/reader.h"
#include "resolver/keyword/fold.h"
#include "resolver/keyword/host_name.h"
#include "tests/bench/bench.h"

namespace commresolve::bench {
namespace {

constexpr double kWantedAt1 = 0.95;
constexpr double kWantedAt10 = 0.99;
constexpr int kSkipped = 77;

struct Wanted {
  CertId id;
  std::string name;
};

/// Each leaf with its most telling DNS name.
std::vector<Wanted> WantedOf(const std::string& folder) {
  std::map<CertId, std::vector<std::string>> names_of;
  index::ReaderSink sink;
  sink.on_observation = [&names_of](const index::Observation& observation) {
    const auto parsed = index::ParseCertificate(observation.chain.front());
    if (!parsed.ok()) return true;
    std::vector<std::string>& names = names_of[parsed->facts.id];
    names.clear();
    for (const index::FieldText& field : parsed->fields) {
      if (field.field == Field::kDnsName) names.push_back(field.text);
    }
    return true;
  };
  sink.on_refusal = [](const index::Refusal&) {};
  Need(index::ReadObservations({folder}, SystemClock().Now(), sink));
  std::map<std::string, int> carriers;
  for (const auto& [id, names] : names_of) {
    for (const std::string& name : std::set<std::string>(names.begin(), names.end())) {
      ++carriers[name];
    }
  }
  std::vector<Wanted> wanted;
  for (const auto& [id, names] : names_of) {
    const auto best = std::min_element(
        names.begin(), names.end(),
        [&](const std::string& a, const std::string& b) { return carriers[a] < carriers[b]; });
    if (best != names.end()) wanted.push_back({id, *best});
  }
  return wanted;
}

/// Rank of the row that lists the certificate, from 1; 0 if none of the first ten does.
size_t RankOf(index::Store& store, const Wanted& wanted) {
  std::string words;
  for (const std::string& word : FoldWords(DisplayHostName(wanted.name))) words += word + " ";
  const auto query = index::ParseQuery(words);
  if (!query.ok()) return 0;
  const auto found = Need(index::FindRows(store, *query, 0, 10, SystemClock().Now(), {}));
  for (size_t i = 0; i < found.rows.size(); ++i) {
    const auto& ids = found.rows[i].certificates;
    if (std::find(ids.begin(), ids.end(), wanted.id) != ids.end()) return i + 1;
  }
  return 0;
}

int Run() {
  const std::string folder = std::string(COMMRESOLVE_CORPUS_DIR) + "/observed";
  if (!std::filesystem::exists(folder)) {
    std::printf("skipped: no folder %s\n", folder.c_str());
    return kSkipped;
  }
  const Folder data;
  const auto store = Need(index::Store::Open(data.path() + "/data", ""));
  index::ImportSummary summary;
  Need(index::Import(*store, {folder}, SystemClock(), {}, summary));
  const std::vector<Wanted> wanted = WantedOf(folder);
  size_t at_1 = 0;
  size_t at_10 = 0;
  for (const Wanted& one : wanted) {
    const size_t rank = RankOf(*store, one);
    if (rank == 1) ++at_1;
    if (rank != 0) ++at_10;
    if (rank != 1) std::printf("rank %zu: %s\n", rank, one.name.c_str());
  }
  const auto share = [&wanted](size_t count) {
    return static_cast<double>(count) / static_cast<double>(std::max<size_t>(1, wanted.size()));
  };
  std::printf("%zu certificates with a DNS name: success@1 %.3f, success@10 %.3f\n", wanted.size(),
              share(at_1), share(at_10));
  return share(at_1) >= kWantedAt1 && share(at_10) >= kWantedAt10 ? 0 : 1;
}

}  // namespace
}  // namespace commresolve::bench

int main() { return commresolve::bench::Run(); }
