// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// sim_table: the simulations at full size, as a table.

#include <cstdio>
#include <cstdlib>

#include "tests/dht/sim/world.h"

int main(int argc, char** argv) {
  using namespace commresolve;
  const size_t n = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 100;
  sim::World world;
  world.Grow(n);
  world.network().RunFor(std::chrono::minutes(2));
  auto h = world.nodes()[0]->engine().health();
  std::printf("peers %zu size %lu networks %zu connected %d zombie %d\n", h.peers4,
              h.estimated_size, h.networks, h.connected, h.zombie);
  const auto put = world.Publish(300, 1);
  std::printf("put %zu/%zu p50 %.0f p99 %.0f replicas %.1f packets %.0f\n", put.found, put.asked,
              put.done.At(.5), put.done.At(.99), put.replicas, put.packets);
  const auto get = world.LookUp(300, 1);
  std::printf("get %zu/%zu wrong %zu first %.0f/%.0f done %.0f/%.0f packets %.0f\n", get.found,
              get.asked, get.wrong, get.first.At(.5), get.first.At(.99), get.done.At(.5),
              get.done.At(.99), get.packets);
  for (size_t i = 0; i < dht::kDropReasons; ++i)
    std::printf("%s %lu\n", dht::DropName(static_cast<dht::Drop>(i)),
                world.Dropped(static_cast<dht::Drop>(i)));
  std::printf("faults %lu idle %.3f\n", world.Faults(),
              world.IdleRate(std::chrono::seconds(600)) / double(n));
}
