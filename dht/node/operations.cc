// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Each operation ends once, whichever of its ends comes first.

#include "dht/node/operations.h"

namespace commresolve::dht {
namespace {

constexpr size_t kMostValues = 1024;

}  // namespace

void Operations::RunTimers(SteadyTime now) {
  while (!timers_.empty() && timers_.begin()->first <= now) {
    const auto due = timers_.extract(timers_.begin());
    due.mapped()();
  }
}

Operations::SharedPut Operations::BeginPut(const DhtKey& key, uint64_t value_id,
                                           SteadyTime deadline, PutDone done) {
  SharedPut& place = puts_[{key, value_id}];
  if (place != nullptr) {
    place->waiters.push_back(std::move(done));
    return nullptr;
  }
  auto put = std::make_shared<Put>();
  put->key = key;
  put->value_id = value_id;
  put->waiters.push_back(std::move(done));
  place = put;
  by_value_[value_id] = put;
  At(deadline, [this, put] { EndPut(put, false); });
  return put;
}

void Operations::Confirm(uint64_t value_id, const PeerAddress& from) {
  const auto put = by_value_.find(value_id);
  if (put != by_value_.end()) put->second->confirmed_by.insert(from);
}

void Operations::EndPut(const SharedPut& put, bool good) {
  const auto waiters = std::exchange(put->waiters, {});
  if (waiters.empty()) return;
  puts_.erase({put->key, put->value_id});
  by_value_.erase(put->value_id);
  if (!good) given_up_(*put);
  const size_t replicas = put->confirmed_by.size();
  for (const PutDone& done : waiters) done({good && replicas > 0, replicas});
}

Operations::SharedGet Operations::BeginGet(const DhtKey& key, SteadyTime deadline, OnValue on_value,
                                           GetDone done) {
  auto get = std::make_shared<Get>();
  get->key = key;
  get->on_value = std::move(on_value);
  get->done = std::move(done);
  gets_.insert(get);
  At(deadline, [this, get] { EndGet(get, GetEnd::kDeadline); });
  return get;
}

bool Operations::Wants(Get& get, uint64_t value_id) {
  return !get.over && get.looked_at.size() < kMostValues && get.looked_at.insert(value_id).second;
}

void Operations::EndGet(const SharedGet& get, GetEnd end) {
  if (std::exchange(get->over, true)) return;
  gets_.erase(get);
  get->done(end);
}

void Operations::Cancel() {
  while (!puts_.empty()) EndPut(SharedPut(puts_.begin()->second), false);
  while (!gets_.empty()) EndGet(SharedGet(*gets_.begin()), GetEnd::kFailed);
}

}  // namespace commresolve::dht
