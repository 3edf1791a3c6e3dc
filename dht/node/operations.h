// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Operations: what an engine has under way, and everything that has its time.

#ifndef COMMRESOLVE_DHT_NODE_OPERATIONS_H_
#define COMMRESOLVE_DHT_NODE_OPERATIONS_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "dht/node/engine.h"

namespace commresolve::dht {

/// Used by one thread. Callbacks may begin other operations.
class Operations {
 public:
  struct Put {
    DhtKey key{};
    uint64_t value_id = 0;
    std::vector<PutDone> waiters;
    std::set<PeerAddress> confirmed_by;
  };
  struct Get {
    DhtKey key{};
    OnValue on_value;
    GetDone done;
    std::set<uint64_t> looked_at;
    bool over = false;
  };
  using SharedPut = std::shared_ptr<Put>;
  using SharedGet = std::shared_ptr<Get>;

  /// `given_up` is told of every put that ends unconfirmed.
  explicit Operations(std::function<void(const Put&)> given_up) : given_up_(std::move(given_up)) {}

  /// Calls `act` from RunTimers(), at `when` or later.
  void At(SteadyTime when, std::function<void()> act) { timers_.emplace(when, std::move(act)); }
  void RunTimers(SteadyTime now);
  [[nodiscard]] SteadyTime Next() const {
    return timers_.empty() ? SteadyTime::max() : timers_.begin()->first;
  }

  /// Nothing if the same value is being put there already: `done` then waits with the others.
  SharedPut BeginPut(const DhtKey& key, uint64_t value_id, SteadyTime deadline, PutDone done);
  /// `from` says that it stores the value.
  void Confirm(uint64_t value_id, const PeerAddress& from);
  /// The first call counts.
  void EndPut(const SharedPut& put, bool good);

  SharedGet BeginGet(const DhtKey& key, SteadyTime deadline, OnValue on_value, GetDone done);
  /// Whether a value of this number is still to be looked at; not a second time, after 1024, or at
  /// the end. Forget() it if it was not worth looking at: its true bearer may come from another.
  static bool Wants(Get& get, uint64_t value_id);
  static void Forget(Get& get, uint64_t value_id) { get.looked_at.erase(value_id); }
  /// The first call counts.
  void EndGet(const SharedGet& get, GetEnd end);

  /// Ends all.
  void Cancel();

 private:
  std::function<void(const Put&)> given_up_;
  std::multimap<SteadyTime, std::function<void()>> timers_;
  std::map<std::pair<DhtKey, uint64_t>, SharedPut> puts_;
  std::unordered_map<uint64_t, SharedPut> by_value_;
  std::set<SharedGet> gets_;
};

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_NODE_OPERATIONS_H_
