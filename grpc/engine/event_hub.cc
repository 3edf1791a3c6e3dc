// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One queue for each watcher.

#include "grpc/engine/event_hub.h"

#include <algorithm>

namespace commresolve::daemon {
namespace {

constexpr size_t kMaxQueued = 1'000;

}  // namespace

std::optional<Event> EventHub::Watcher::Next(std::chrono::milliseconds patience) {
  std::unique_lock guard(lock_);
  if (!arrived_.wait_for(guard, patience, [this] { return !events_.empty(); })) return {};
  Event event = std::move(events_.front());
  events_.pop_front();
  return event;
}

std::shared_ptr<EventHub::Watcher> EventHub::Watch(const std::string& words) {
  auto watcher = std::make_shared<Watcher>();
  const std::scoped_lock guard(lock_);
  watchers_.emplace_back(words, watcher);
  return watcher;
}

size_t EventHub::watcher_count() const {
  const std::scoped_lock guard(lock_);
  return static_cast<size_t>(std::ranges::count_if(
      watchers_, [](const auto& watcher) { return !watcher.second.expired(); }));
}

void EventHub::Tell(Event event) {
  const std::scoped_lock guard(lock_);
  const Told now{event.verdict, event.refusal ? std::optional(event.refusal->code) : std::nullopt};
  const auto [last, first_time] = told_.try_emplace(event.words, now);
  if (!first_time) {
    if (last->second.verdict == now.verdict && last->second.refusal == now.refusal) return;
    last->second = now;
  }
  Send(event);
}

void EventHub::KeepOnly(const std::vector<std::string>& bound, UnixTime now) {
  const std::scoped_lock guard(lock_);
  for (auto told = told_.begin(); told != told_.end();) {
    if (std::ranges::binary_search(bound, told->first)) {
      ++told;
      continue;
    }
    Event event;
    event.time = now;
    event.words = told->first;
    event.unbound = true;
    Send(event);
    told = told_.erase(told);
  }
}

void EventHub::Send(const Event& event) {
  std::erase_if(watchers_, [](const auto& watcher) { return watcher.second.expired(); });
  for (const auto& [words, reference] : watchers_) {
    const auto watcher = reference.lock();
    if (watcher == nullptr || (!words.empty() && words != event.words)) continue;
    {
      const std::scoped_lock guard(watcher->lock_);
      if (watcher->events_.size() == kMaxQueued) watcher->events_.pop_front();
      watcher->events_.push_back(event);
    }
    watcher->arrived_.notify_one();
  }
}

}  // namespace commresolve::daemon
