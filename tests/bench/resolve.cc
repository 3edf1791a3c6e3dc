// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// `resolve` with a fresh proof next to one bare handshake with the same server, in turn in one run.
//
//   bench_resolve [ROUNDS]     (300 by default)

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "index/recorder.h"
#include "resolver/net/prober.h"
#include "resolver/resolver.h"
#include "tests/bench/bench.h"
#include "tests/fakes/certificates.h"
#include "tests/fakes/tls_server.h"

namespace commresolve::bench {
namespace {

int Run(size_t rounds) {
  std::printf("machine: %s\n", Machine().c_str());
  const Folder folder;
  const SystemClock clock;
  const auto certificate = fakes::MakeCertificate({.names = {"bench.example"}});
  const fakes::TlsServer server(certificate);
  const auto store = Need(index::Store::Open(folder.path() + "/data", ""));
  const auto prober = Need(Prober::Make(clock));
  KnownCertsFile known(store->known_certs_path());
  Resolver resolver({}, {&clock, &known, store.get(), store.get(), nullptr, prober.get()});
  const std::vector<Endpoint> endpoints = {server.endpoint("bench.example")};
  const auto bare = [&] {
    const RaceResult race = prober->Race(endpoints, {}, [](const Handshake&) { return true; });
    if (!race.winner) Fail(race.losers.front().handshake.error());
    return race.winner->handshake;
  };
  Need(store->RecordHandshake(bare()));
  const auto words = Need(KeywordSet::FromText("bench example"));
  Need(resolver.Bind(words, certificate.key_id(), Tier::kPinned, false, "", "bench"));
  std::vector<double> bare_times;
  std::vector<double> resolve_times;
  std::vector<double> ratios;
  for (size_t i = 0; i < rounds; ++i) {
    const double begin = WallClock();
    bare();
    const double between = WallClock();
    const Resolution resolution =
        resolver.Resolve({.name = words, .prove = Prove::kAlways, .protocol = {}});
    const double end = WallClock();
    if (!resolution.answer || !resolution.answer->fresh) Fail(*resolution.refusal);
    bare_times.push_back(between - begin);
    resolve_times.push_back(end - between);
    ratios.push_back((end - between) / (between - begin));
  }
  std::printf("bare handshake: p50 %.0f us, p99 %.0f us\n", Percentile(bare_times, 0.5) * 1e6,
              Percentile(bare_times, 0.99) * 1e6);
  std::printf("resolve with a fresh proof: p50 %.0f us, p99 %.0f us\n",
              Percentile(resolve_times, 0.5) * 1e6, Percentile(resolve_times, 0.99) * 1e6);
  std::printf("ratio of the medians %.2f, median of the ratios %.2f over %zu rounds\n",
              Percentile(resolve_times, 0.5) / Percentile(bare_times, 0.5), Percentile(ratios, 0.5),
              rounds);
  return 0;
}

}  // namespace
}  // namespace commresolve::bench

int main(int argc, char** argv) {
  const size_t rounds = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 300;
  return commresolve::bench::Run(rounds == 0 ? 1 : rounds);
}
