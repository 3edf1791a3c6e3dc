// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// sim_table [NAME...]: the simulations at full size, as a table. Times are virtual milliseconds.

#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <functional>
#include <span>
#include <string_view>

#include "tests/dht/sim/find_scenarios.h"
#include "tests/dht/sim/scenarios.h"

namespace {

using namespace commresolve::sim;

void Print(const Rows& rows) {
  for (const Row& row : rows) {
    const Figures& f = row.figures;
    fmt::print(
        "  {:<26} {:>5}/{:<5} {:>5} {:>5} {:>6.0f} {:>6.0f} {:>6.0f} {:>6.0f} {:>8.1f} {:>7.0f}\n",
        row.what, f.found, f.asked, f.stale, f.wrong, f.first.At(0.5), f.first.At(0.99),
        f.done.At(0.5), f.done.At(0.99), f.replicas, f.packets);
  }
}

void PrintHostile() {
  const HostileRows hostile = Hostile(500, 300);
  Print(hostile.rows);
  fmt::print("  record 0, whose key is surrounded: {}\n", hostile.eclipsed ? "hidden" : "found");
}

void PrintFlood() {
  const FloodRows flood = Flood(100, 300, 20'000, 20'000);
  Print(flood.rows);
  fmt::print(
      "  {} packets in the network, {} over the rate, {} values refused for room, at most {} "
      "values on a node\n",
      flood.sent, flood.over_rate, flood.refused_for_room, flood.most_values);
}

void PrintFuzz() {
  const FuzzRows fuzz = Fuzz(1'000'000);
  Print({{"get by the node afterwards", fuzz.after}});
  fmt::print("  {} sent, {} passed, {} exceptions; {} honest packets, {} of them dropped\n",
             fuzz.sent, fuzz.passed, fuzz.faults, fuzz.honest, fuzz.honest_dropped);
}

void PrintFind(const std::vector<FindFigures>& rows) {
  for (const FindFigures& f : rows) {
    fmt::print(
        "  {}: {} of {} answered; of the first 10: recall {:.3f}, right {:.2f}, forged {:.2f}\n"
        "    first claim p50 {:.0f} p99 {:.0f} ms, all p50 {:.0f} p99 {:.0f} ms; {:.0f} packets, "
        "{:.1f} kB, {:.0f} records a search\n"
        "    {} searches went to shards, {} have an owner's place, {} a forger's in his name; {} "
        "blocks put, {:.1f} "
        "replicas\n",
        f.what, f.answered, f.searches, f.recall, f.right, f.forged, f.first.At(0.5),
        f.first.At(0.99), f.done.At(0.5), f.done.At(0.99), f.packets, f.kilobytes, f.values, f.hot,
        f.with_place, f.believed, f.blocks, f.replicas);
  }
}

struct Simulation {
  std::string_view name;
  std::string_view what;
  std::function<void()> run;
};

}  // namespace

int main(int argc, char** argv) {
  const std::span<char*> names(argv + 1, static_cast<size_t>(argc) - 1);
  const Simulation simulations[] = {
      {"settled", "1000 nodes", [] { Print(Settled(1000, 300, {})); }},
      {"loss", "200 nodes, 5 % of the packets are lost",
       [] { Print(Settled(200, 300, {.loss = 0.05})); }},
      {"waves", "200 nodes, 30 % replaced three times", [] { Print(Waves(200, 300)); }},
      {"sessions", "150 nodes that stay 4 h on average", [] { Print(Sessions(150, 300, 24)); }},
      {"cut", "150 nodes, cut in two for 2 h", [] { Print(Cut(150, 300)); }},
      {"bulk", "200 nodes, 10,000 records by one wire client", [] { Print(Bulk(200, 10'000)); }},
      {"hostile", "500 nodes, 30 % hostile, and 16 around one key", PrintHostile},
      {"find", "100 nodes, 50 publishers", [] { PrintFind(FindMany(100, 100'000, 200)); }},
      {"forged", "100 nodes, 30 % silent, 30 % of the finders are one forger's",
       [] { PrintFind(FindForged(100, 100)); }},
      {"fuzz", "20 nodes, 1,000,000 broken packets at one of them", PrintFuzz},
      {"flood", "100 nodes, flooded from one /24", PrintFlood},
  };
  fmt::print("  {:<26} {:>5}/{:<5} {:>5} {:>5} {:>6} {:>6} {:>6} {:>6} {:>8} {:>7}\n", "", "found",
             "of", "stale", "wrong", "first", "p99", "done", "p99", "replicas", "packets");
  for (const Simulation& simulation : simulations) {
    if (!names.empty() && std::ranges::find(names, simulation.name) == names.end()) continue;
    const std::clock_t begin = std::clock();
    fmt::print("{}: {}\n", simulation.name, simulation.what);
    simulation.run();
    fmt::print("  ({:.0f} s of processor time)\n",
               static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC);
    std::fflush(stdout);
  }
  return 0;
}
