// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The times and numbers of joining.

#include "dht/node/join_plan.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace commresolve::dht {
namespace {

constexpr size_t kPeersKept = 64;
constexpr size_t kPeersWhenCutOff = 8;
constexpr size_t kPeersWhenConnected = 3;
constexpr std::chrono::seconds kFirstWait{2};
constexpr std::chrono::seconds kLongestWait{60};
// The pause after the first round, the second, and each later one. Those that joined at the same
// time are told of to others only after they have answered, so the first rounds follow each other
// quickly.
constexpr std::array<std::chrono::seconds, 4> kPauses = {
    std::chrono::seconds(4), std::chrono::seconds(10), std::chrono::seconds(60),
    std::chrono::minutes(5)};

}  // namespace

JoinPlan::JoinPlan(std::vector<PeerAddress> seeds, std::vector<PeerAddress> peers, uint64_t seed,
                   Time now)
    : seeds_(std::move(seeds)),
      peers_(std::move(peers)),
      random_(seed),
      due_(now),
      wait_(kFirstWait) {
  std::ranges::shuffle(peers_, random_);
  if (peers_.size() > kPeersKept) peers_.resize(kPeersKept);
}

void JoinPlan::Add(const std::vector<PeerAddress>& peers, Time now) {
  for (const PeerAddress& peer : peers) {
    fresh_.push_back(peer);
    if (std::ranges::find(peers_, peer) == peers_.end()) peers_.insert(peers_.begin(), peer);
  }
  if (peers_.size() > kPeersKept) peers_.resize(kPeersKept);
  due_ = now;
}

void JoinPlan::Restart(Time now) {
  rounds_ = 0;
  wait_ = kFirstWait;
  due_ = now;
}

JoinPlan::Act JoinPlan::Next(bool connected, Time now) {
  Act act;
  act.ping = std::exchange(fresh_, {});
  const auto also = [&](const std::vector<PeerAddress>& more) {
    std::ranges::copy(more, std::back_inserter(act.ping));
  };
  if (!connected) {
    rounds_ = 0;
    also(seeds_);
    also(Some(peers_, kPeersWhenCutOff));
    due_ = now + wait_;
    wait_ = std::min(2 * wait_, kLongestWait);
    return act;
  }
  also(Some(peers_, kPeersWhenConnected));
  const size_t last = kPauses.size() - 1;
  if (rounds_ >= last) also(Some(seeds_, 1));
  act.own_place = rounds_ >= last;
  act.lookups = rounds_ < last ? 3 : 1;
  due_ = now + kPauses[std::min(rounds_, last)];
  wait_ = kFirstWait;
  ++rounds_;
  return act;
}

std::vector<PeerAddress> JoinPlan::Some(const std::vector<PeerAddress>& from, size_t most) {
  std::vector<PeerAddress> chosen;
  chosen.reserve(std::min(most, from.size()));
  std::ranges::sample(from, std::back_inserter(chosen), static_cast<ptrdiff_t>(most), random_);
  return chosen;
}

}  // namespace commresolve::dht
