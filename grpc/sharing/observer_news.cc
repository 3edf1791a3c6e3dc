// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Fetching beside the look-ups, deciding from memory.

#include "grpc/sharing/observer_news.h"

#include <algorithm>
#include <set>
#include <utility>

#include "dht/find/observer_reports.h"
#include "grpc/sharing/pending.h"

namespace commresolve::daemon {
namespace {

constexpr size_t kMostAtOnce = 16;
constexpr size_t kMostAskedAbout = 256;
constexpr size_t kMostStreams = 65'536;
constexpr size_t kMostValues = 512;
constexpr int64_t kLeastWait = 4LL * 3'600;
constexpr int64_t kMostWait = 8LL * 3'600;
constexpr std::chrono::milliseconds kPatience{5'000};

/// What gets write into; they may outlive whoever waits for them.
struct Round {
  Round(const std::vector<ChosenObserver>& observers, std::shared_ptr<dht::Freshest> memory)
      : fresh(std::move(memory)), reports(observers, *fresh) {}

  std::shared_ptr<dht::Freshest> fresh;
  dht::ObserverReports reports;
  Pending pending{1};
};

}  // namespace

ObserverNews::ObserverNews() : fresh_(std::make_shared<dht::Freshest>(kMostStreams)) {}

ObserverView ObserverNews::ViewOfChange(const Service& service, const std::vector<KeyId>& old_keys,
                                        const KeyId& new_key, UnixTime now) {
  const std::lock_guard guard(lock_);
  if (observers_.empty()) return ObserverView::kNobodyToAsk;
  const auto asked_about = static_cast<size_t>(
      std::ranges::count_if(heard_, [](const auto& entry) { return entry.second.asked_at != 0; }));
  if (heard_.contains(new_key) || asked_about < kMostAskedAbout) heard_[new_key].asked_at = now;
  std::vector<Sighting> sightings;
  for (const auto& [key, heard] : heard_) {
    sightings.insert(sightings.end(), heard.sightings.begin(), heard.sightings.end());
  }
  return commresolve::ViewOfChange(observers_, sightings, service, old_keys, new_key, now);
}

void ObserverNews::Choose(std::vector<ChosenObserver> observers) {
  std::set<ObserverId> ids;
  for (const ChosenObserver& observer : observers) ids.insert(observer.id);
  const std::lock_guard guard(lock_);
  const bool anybody_new = std::ranges::any_of(observers, [&](const ChosenObserver& observer) {
    return std::ranges::none_of(
        observers_, [&](const ChosenObserver& known) { return known.id == observer.id; });
  });
  observers_ = std::move(observers);
  for (auto& [key, heard] : heard_) {
    std::erase_if(heard.sightings,
                  [&](const Sighting& sighting) { return !ids.contains(sighting.observer); });
    if (anybody_new) heard.next = 0;
  }
}

UnixTime ObserverNews::Later(UnixTime now) {
  const auto span = static_cast<uint64_t>(kMostWait - kLeastWait);
  return now + kLeastWait + static_cast<int64_t>(random_() % span);
}

std::vector<KeyId> ObserverNews::TakeDue(const KnownCerts& known, UnixTime now) {
  std::set<KeyId> bound;
  for (const Binding& binding : known.bindings()) {
    bound.insert(binding.accepted.begin(), binding.accepted.end());
  }
  const std::lock_guard guard(lock_);
  if (observers_.empty()) return {};
  std::erase_if(heard_, [&](const auto& entry) {
    return !bound.contains(entry.first) && entry.second.asked_at < now - kFreshLook;
  });
  for (const KeyId& key : bound) heard_.try_emplace(key);
  std::vector<KeyId> due;
  for (auto& [key, heard] : heard_) {
    const bool clock_was_ahead = heard.next > now + kMostWait;
    if (due.size() >= kMostAtOnce || (heard.next > now && !clock_was_ahead)) continue;
    heard.next = Later(now);
    due.push_back(key);
  }
  return due;
}

void ObserverNews::Look(dht::Getter& getter, const Clock& clock, const KnownCerts& known,
                        const std::atomic<bool>& stop) {
  const std::vector<KeyId> due = TakeDue(known, clock.Now());
  if (due.empty()) return;
  std::shared_ptr<Round> round;
  {
    const std::lock_guard guard(lock_);
    round = std::make_shared<Round>(observers_, fresh_);
  }
  dht::FetchReports(getter, due, kMostValues, kPatience, clock, round->reports,
                    [round] { round->pending.Done(); });
  if (!round->pending.Wait(&stop)) return;
  std::map<KeyId, std::vector<Sighting>> heard;
  for (Sighting& sighting : round->reports.sightings()) {
    heard[sighting.key].push_back(std::move(sighting));
  }
  const std::lock_guard guard(lock_);
  // Who finds nothing may be surrounded by liars: what was heard before ages by itself.
  for (auto& [key, sightings] : heard) heard_[key].sightings = std::move(sightings);
}

}  // namespace commresolve::daemon
