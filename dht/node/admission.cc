// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Counts by key and by network; the store itself is OpenDHT's.

#include "dht/node/admission.h"

#include <algorithm>

namespace commresolve::dht {
namespace {

constexpr std::chrono::minutes kAskAgain{10};

}  // namespace

bool Admission::Admit(const DhtKey& key, uint64_t value_id, uint64_t network, size_t payload,
                      Time until) {
  const size_t bytes = payload + kValueOverhead;
  const auto found = keys_.find(key);
  if (found != keys_.end()) {
    const auto& held = found->second;
    const auto same = [&](const Held& value) { return value.value_id == value_id; };
    if (std::ranges::any_of(held, same)) return true;
    const auto of_network = [&](const Held& value) { return value.network == network; };
    const auto mine = std::ranges::count_if(held, of_network);
    if (held.size() >= limits_.key_values ||
        static_cast<size_t>(mine) >= limits_.key_network_values) {
      return false;
    }
  }
  if (bytes_ + bytes > limits_.bytes) return false;
  const auto of_network = networks_.find(network);
  const size_t already = of_network == networks_.end() ? 0 : of_network->second;
  if (already + bytes > limits_.network_bytes) return false;
  keys_[key].push_back({value_id, network, bytes});
  networks_[network] += bytes;
  bytes_ += bytes;
  ++values_;
  due_.push({until, key, value_id});
  return true;
}

void Admission::Expire(Time now, const StillStored& still_stored) {
  while (!due_.empty() && due_.top().when <= now) {
    const Due due = due_.top();
    due_.pop();
    if (still_stored(due.key, due.value_id)) {
      due_.push({now + kAskAgain, due.key, due.value_id});
    } else {
      Release(due.key, due.value_id);
    }
  }
}

void Admission::Release(const DhtKey& key, uint64_t value_id) {
  const auto found = keys_.find(key);
  if (found == keys_.end()) return;
  auto& held = found->second;
  const auto value =
      std::ranges::find_if(held, [&](const Held& one) { return one.value_id == value_id; });
  if (value == held.end()) return;
  bytes_ -= value->bytes;
  --values_;
  const auto network = networks_.find(value->network);
  network->second -= value->bytes;
  if (network->second == 0) networks_.erase(network);
  held.erase(value);
  if (held.empty()) keys_.erase(found);
}

}  // namespace commresolve::dht
