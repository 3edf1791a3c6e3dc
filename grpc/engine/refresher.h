// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Refresher: proves bound identities again before their proofs are too old, so that an answer is
// ready when it is asked for.
//
// A proof is renewed after 60 to 75 % of max_age. A name that could not be proved is tried again
// after 5 seconds, then at twice the time of the last wait up to half of max_age; all waits vary by
// a quarter, so that what started together does not stay together. When the clock has been set
// back, all names are looked at again.

#ifndef COMMRESOLVE_GRPC_ENGINE_REFRESHER_H_
#define COMMRESOLVE_GRPC_ENGINE_REFRESHER_H_

#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "grpc/engine/engine.h"

namespace commresolve::daemon {

struct RefresherCounts {
  uint64_t proved = 0;
  uint64_t failed = 0;
};

/// Safe for concurrent use.
class Refresher {
 public:
  /// Proves at most `at_once` names at a time, on threads of its own. `engine` is borrowed.
  Refresher(Engine& engine, size_t at_once);
  /// Waits for the handshakes under way.
  ~Refresher();

  /// Looks at the bindings now; otherwise every second.
  void Wake();
  [[nodiscard]] RefresherCounts counts() const;

 private:
  struct Entry {
    UnixTime due = 0;
    int failures = 0;
    bool under_way = false;
  };
  void Plan();
  void AdoptBindings(const KnownCerts& known);
  void NoticeClock();
  void Work();
  UnixTime Vary(int64_t seconds);
  void Note(const std::string& words, const Resolution& resolution);

  Engine& engine_;
  mutable std::mutex lock_;  // Guards what follows.
  std::condition_variable changed_;
  bool stop_ = false;
  bool woken_ = false;
  std::shared_ptr<const KnownCerts> planned_for_;
  std::map<std::string, Entry> entries_;              // By words.
  std::set<std::pair<UnixTime, std::string>> queue_;  // Those that are not under way.
  UnixTime last_look_ = 0;
  RefresherCounts counts_;
  std::mt19937_64 random_{std::random_device{}()};
  std::thread planner_;
  std::vector<std::thread> workers_;
};

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_ENGINE_REFRESHER_H_
