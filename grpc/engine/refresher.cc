// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A queue ordered by time, a planner that keeps it true to the bindings, and workers.

#include "grpc/engine/refresher.h"

#include <algorithm>

namespace commresolve::daemon {
namespace {

constexpr int64_t kFirstRetry = 5;
constexpr int kMaxDoublings = 16;
constexpr int64_t kFirstLookSpread = 5;

}  // namespace

Refresher::Refresher(Engine& engine, size_t at_once) : engine_(engine) {
  planner_ = std::thread([this] { Plan(); });
  for (size_t i = 0; i < at_once; ++i) workers_.emplace_back([this] { Work(); });
}

Refresher::~Refresher() {
  {
    const std::scoped_lock guard(lock_);
    stop_ = true;
  }
  changed_.notify_all();
  planner_.join();
  for (std::thread& worker : workers_) worker.join();
}

void Refresher::Wake() {
  {
    const std::scoped_lock guard(lock_);
    woken_ = true;
  }
  changed_.notify_all();
}

RefresherCounts Refresher::counts() const {
  const std::scoped_lock guard(lock_);
  return counts_;
}

void Refresher::Plan() {
  std::unique_lock guard(lock_);
  while (!stop_) {
    guard.unlock();
    const auto known = engine_.known_certs();
    guard.lock();
    NoticeClock();
    if (known.ok() && *known != planned_for_) {
      planned_for_ = *known;
      AdoptBindings(**known);
    }
    changed_.notify_all();  // Something may have become due.
    changed_.wait_for(guard, std::chrono::seconds(1), [this] { return stop_ || woken_; });
    woken_ = false;
  }
}

/// What was due by a clock that was ahead would wait for that time to come.
void Refresher::NoticeClock() {
  const UnixTime now = engine_.clock().Now();
  if (now < last_look_) {
    queue_.clear();
    for (auto& [words, entry] : entries_) {
      if (entry.under_way) continue;
      entry.due = now + static_cast<int64_t>(random_() % kFirstLookSpread);
      queue_.emplace(entry.due, words);
    }
  }
  last_look_ = now;
}

void Refresher::AdoptBindings(const KnownCerts& known) {
  std::vector<std::string> bound;
  for (const Binding& binding : known.bindings()) {
    if (binding.words) bound.push_back(binding.words->ToString());
  }
  std::ranges::sort(bound);
  const UnixTime now = engine_.clock().Now();
  for (auto entry = entries_.begin(); entry != entries_.end();) {
    const bool keep = std::ranges::binary_search(bound, entry->first);
    if (!keep) queue_.erase({entry->second.due, entry->first});
    entry = keep ? std::next(entry) : entries_.erase(entry);
  }
  for (const std::string& words : bound) {
    const auto [entry, added] = entries_.try_emplace(words);
    if (!added) continue;
    entry->second.due = now + static_cast<int64_t>(random_() % kFirstLookSpread);
    queue_.emplace(entry->second.due, words);
  }
  engine_.events().KeepOnly(bound, now);
}

void Refresher::Work() {
  std::unique_lock guard(lock_);
  while (!stop_) {
    if (queue_.empty() || queue_.begin()->first > engine_.clock().Now()) {
      changed_.wait(guard);
      continue;
    }
    const std::string words = queue_.begin()->second;
    queue_.erase(queue_.begin());
    entries_[words].under_way = true;
    guard.unlock();
    const auto set = KeywordSet::FromText(words);
    if (set.ok()) {
      // Words that are unbound meanwhile are nobody's question: they must not be bound again.
      ResolveRequest request{
          .name = *set, .prove = Prove::kNever, .protocol = {}, .first_use = false};
      // A proof on record that is young enough (of an earlier run) need not be made again now.
      const int64_t max_age = engine_.config()->resolver.max_age;
      Resolution resolution = engine_.Resolve(request, Deadline::max());
      const bool young =
          resolution.answer && engine_.clock().Now() - resolution.answer->proved_at < max_age / 2;
      if (!young) {
        request.prove = Prove::kAlways;
        resolution = engine_.Resolve(request, Deadline::max());
      }
      Note(words, resolution);
    }
    guard.lock();
  }
}

UnixTime Refresher::Vary(int64_t seconds) {
  const int64_t quarter = std::max<int64_t>(seconds / 4, 1);
  return engine_.clock().Now() + std::max<int64_t>(seconds, 1) +
         static_cast<int64_t>(random_() % static_cast<uint64_t>(quarter));
}

void Refresher::Note(const std::string& words, const Resolution& resolution) {
  const int64_t max_age = engine_.config()->resolver.max_age;
  const std::scoped_lock guard(lock_);
  const auto entry = entries_.find(words);
  // Unbound meanwhile, and perhaps bound again: then it is in the queue already.
  if (entry == entries_.end() || !entry->second.under_way) return;
  Entry& name = entry->second;
  name.under_way = false;
  if (resolution.answer) {
    if (resolution.answer->fresh) ++counts_.proved;
    name.failures = 0;
    const int64_t age = engine_.clock().Now() - resolution.answer->proved_at;
    name.due = Vary(max_age * 6 / 10 - age);
  } else {
    ++counts_.failed;
    const int64_t wait = kFirstRetry << std::min(name.failures++, kMaxDoublings);
    name.due = Vary(std::min(wait, std::max<int64_t>(max_age / 2, 1)));
  }
  queue_.emplace(name.due, words);
}

}  // namespace commresolve::daemon
