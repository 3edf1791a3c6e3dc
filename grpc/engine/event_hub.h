// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// EventHub: tells watchers when a bound name gets another verdict.

#ifndef COMMRESOLVE_GRPC_ENGINE_EVENT_HUB_H_
#define COMMRESOLVE_GRPC_ENGINE_EVENT_HUB_H_

#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "resolver/resolution.h"

namespace commresolve::daemon {

/// What became of one bound name.
struct Event {
  UnixTime time = 0;
  std::string words;
  Verdict verdict = Verdict::kNew;
  std::optional<Answer> answer;
  std::optional<Error> refusal;
  std::vector<SeenChange> changes;
  bool unbound = false;
};

/// Safe for concurrent use.
class EventHub {
 public:
  /// Receives events. One that falls behind by 1,000 loses the oldest. Safe for concurrent use.
  class Watcher {
   public:
    /// The next event, waiting `patience` for it.
    std::optional<Event> Next(std::chrono::milliseconds patience);

   private:
    friend class EventHub;
    std::mutex lock_;
    std::condition_variable arrived_;
    std::deque<Event> events_;
  };

  /// From now on; ends with the last reference. Empty `words` for all names.
  std::shared_ptr<Watcher> Watch(const std::string& words);
  [[nodiscard]] size_t watcher_count() const;

  /// Tells the watchers if the verdict is another than the last one told for these words, or the
  /// reason of a refusal is.
  void Tell(Event event);
  /// Forgets names that are not in `bound` (sorted), and tells that they are unbound.
  void KeepOnly(const std::vector<std::string>& bound, UnixTime now);

 private:
  struct Told {
    Verdict verdict;
    std::optional<Code> refusal;
  };
  void Send(const Event& event);  // lock_ held.

  mutable std::mutex lock_;
  std::map<std::string, Told> told_;
  std::vector<std::pair<std::string, std::weak_ptr<Watcher>>> watchers_;
};

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_ENGINE_EVENT_HUB_H_
