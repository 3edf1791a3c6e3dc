// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The network that tests/system/dht_lookup.py looks words up in: it says, line by line in JSON,
// what was published, what peers claim, and what is to be looked for; and lives until its input
// ends.

#include <fmt/format.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/bench/bench.h"
#include "tests/bench/lookup_claims.h"
#include "tests/bench/lookup_network.h"
#include "tests/bench/lookup_plan.h"
#include "tests/fakes/tls_server.h"

namespace commresolve::bench {
namespace {

using Json = nlohmann::ordered_json;

void Say(const Json& line) {
  fmt::print("{}\n", line.dump());
  std::fflush(stdout);
}

void Progress(const std::string& text) { fmt::print(stderr, "{}\n", text); }

void AllowManyFiles() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

using Servers = std::vector<std::unique_ptr<fakes::TlsServer>>;

Servers StartServers(const LookupPlan& plan) {
  Servers servers;
  for (const Owner& owner : plan.owners()) {
    fakes::TlsServerOptions options;
    options.addresses = {owner.endpoint.ip.ToString()};
    options.port = owner.endpoint.port;
    servers.push_back(std::make_unique<fakes::TlsServer>(owner.certificate, options));
  }
  return servers;
}

void SayPublished(const LookupSizes& sizes, const Published& published, const StoringNodes& nodes,
                  double seconds) {
  const dht::Health health = nodes.health();
  Say({{"kind", "published"},
       {"machine", Machine()},
       {"listings", sizes.listings},
       {"publishers", sizes.publishers},
       {"nodes", sizes.nodes},
       {"sets_made", published.sets_made},
       {"blocks_made", published.blocks_made},
       {"sets_put", published.sets},
       {"blocks_put", published.blocks},
       {"observations", published.observations},
       {"owner_records", published.owners},
       {"unconfirmed", published.unconfirmed},
       {"packets", published.packets},
       {"bytes", published.bytes},
       {"seconds", seconds},
       {"stored_values", health.stored_values},
       {"stored_bytes", health.stored_bytes},
       {"refused_for_room", health.refused_for_room},
       {"faults", health.faults}});
}

void SayClaims(const char* who, const ClaimFigures& figures) {
  Say({{"kind", "claims"},
       {"who", who},
       {"recall", figures.recall},
       {"claimed", figures.claimed},
       {"published", figures.published},
       {"right", figures.right},
       {"bait", figures.bait},
       {"hot", figures.hot},
       {"incomplete", figures.incomplete},
       {"values", figures.values},
       {"packets", figures.packets},
       {"bytes", figures.bytes},
       {"p50", Percentile(figures.seconds, 0.5)},
       {"p90", Percentile(figures.seconds, 0.9)},
       {"p99", Percentile(figures.seconds, 0.99)}});
}

void SayQuestions(const LookupPlan& plan) {
  for (const sim::Truth& question : plan.questions()) {
    Json provable = Json::array();
    for (const KeyId& key : plan.Provable(question)) provable.push_back(KeyText(key));
    Say({{"kind", "question"},
         {"words", question.words.words()},
         {"right", question.all.size()},
         {"provable", std::move(provable)}});
  }
}

void Run(const LookupSizes& sizes, bool all) {
  AllowManyFiles();
  const SystemClock clock;
  const LookupPlan plan(sizes);
  Progress(fmt::format("{} listings, {} questions, {} servers", sizes.listings,
                       plan.questions().size(), plan.owners().size()));
  const StoringNodes nodes(sizes.nodes, clock);
  const Servers servers = StartServers(plan);
  const double begin = WallClock();
  const Published published =
      PublishAll(plan, sizes.publishers, nodes, clock, all, [&](size_t done) {
        Progress(fmt::format("{} of {} publishers are done, {:.0f} s", done, sizes.publishers,
                             WallClock() - begin));
      });
  SayPublished(sizes, published, nodes, WallClock() - begin);
  Progress("asking for claims");
  SayClaims("nothing", AskForClaims(plan, published.told, nodes, clock, "11.65.0.1", false));
  SayClaims("words", AskForClaims(plan, published.told, nodes, clock, "11.66.0.1", true));
  SayQuestions(plan);
  Say({{"kind", "ready"}, {"bootstrap", nodes.bootstrap()}});
  while (std::getchar() != EOF) {
  }
  uint64_t handshakes = 0;
  for (const auto& server : servers) handshakes += server->counts().handshakes;
  Say({{"kind", "end"},
       {"handshakes", handshakes},
       {"handshakes_bait", servers.back()->counts().handshakes}});
}

int Main(int argc, char** argv) {
  LookupSizes sizes;
  bool all = false;
  CLI::App app("A network to look words up in");
  app.add_option("--listings", sizes.listings)->check(CLI::Range(100, 1'000'000));
  app.add_option("--publishers", sizes.publishers)->check(CLI::Range(2, 1'000));
  app.add_option("--nodes", sizes.nodes)->check(CLI::Range(8, 200));
  app.add_option("--questions", sizes.questions)->check(CLI::Range(1, 1'000));
  app.add_flag("--all", all, "Put what nobody asks for, too");
  CLI11_PARSE(app, argc, argv);
  Run(sizes, all);
  return 0;
}

}  // namespace
}  // namespace commresolve::bench

int main(int argc, char** argv) {
  try {
    return commresolve::bench::Main(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_dht_lookup: %s\n", error.what());
    return 70;
  }
}
