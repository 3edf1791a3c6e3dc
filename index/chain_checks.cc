// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Threads that take the next chain until there is none.

#include "index/chain_checks.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <thread>

namespace commresolve::index {
namespace {

/// Fewer are checked before a thread has started.
constexpr size_t kChainsPerThread = 4;

}  // namespace

std::vector<std::optional<Result<PublicChain>>> ChainChecks::Run(
    const std::vector<Observation>& observations) {
  std::vector<std::optional<Result<PublicChain>>> checks(observations.size());
  std::vector<size_t> wanted;
  for (size_t i = 0; i < observations.size(); ++i) {
    if (observations[i].chain.size() > 1) wanted.push_back(i);
  }
  if (wanted.empty()) return checks;
  const size_t threads = std::clamp<size_t>(wanted.size() / kChainsPerThread, 1,
                                            std::max(1U, std::thread::hardware_concurrency()));
  while (shares_.size() < threads) shares_.push_back(store_.Share());
  std::atomic<size_t> next{0};
  const auto work = [&](Store& store) {
    for (size_t i = next++; i < wanted.size(); i = next++) {
      const Observation& observation = observations[wanted[i]];
      checks[wanted[i]] = store.ChainOnRecordOrCheck(observation.chain, observation.time);
    }
  };
  std::vector<std::jthread> others;
  for (size_t i = 1; i < threads; ++i) others.emplace_back(work, std::ref(*shares_[i]));
  work(*shares_[0]);
  others.clear();  // Joins.
  return checks;
}

}  // namespace commresolve::index
