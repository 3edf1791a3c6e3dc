// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A short list of ids for each network.

#include "dht/node/id_limits.h"

#include <algorithm>

namespace commresolve::dht {
namespace {

constexpr size_t kNetworks = 4096;
constexpr std::chrono::minutes kSilence{30};

}  // namespace

bool IdLimits::Admit(uint64_t network, const DhtKey& id, Time now) {
  if (networks_.size() >= kNetworks && !networks_.contains(network)) networks_.clear();
  std::vector<Seen>& ids = networks_[network];
  const auto known = std::ranges::find(ids, id, &Seen::id);
  if (known != ids.end()) {
    known->last = now;
    return true;
  }
  if (ids.size() < kIds) {
    ids.push_back({id, now});
    return true;
  }
  const auto oldest = std::ranges::min_element(ids, {}, &Seen::last);
  if (now - oldest->last < kSilence) return false;
  *oldest = {id, now};
  return true;
}

}  // namespace commresolve::dht
