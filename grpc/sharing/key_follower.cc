// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is lost, where it may be, and whether it is there.

#include "grpc/sharing/key_follower.h"

#include <algorithm>
#include <memory>
#include <ranges>
#include <utility>

#include "grpc/sharing/pending.h"

namespace commresolve::daemon {
namespace {

constexpr size_t kMostKeys = 16;  // At one look.
constexpr int64_t kFirstWait = 10;
constexpr int64_t kLongestWait = 600;
constexpr int kMostDoublings = 6;
constexpr std::chrono::milliseconds kPatience{5'000};

/// What the searches leave: each has a place of its own to write to.
struct Answers {
  explicit Answers(size_t searches) : pending(searches), places(searches) {}

  Pending pending;
  std::vector<std::vector<dht::Place>> places;
};

}  // namespace

void KeyFollower::Look(dht::OwnerSearch& owners, const std::atomic<bool>& stop) {
  const std::vector<KeyId> keys = KeysToAskFor();
  if (keys.empty()) return;
  const Places named = PlacesOf(keys, owners, stop);
  if (named.empty()) return;
  const auto keys_of_places = std::views::keys(named);
  const std::vector<KeyPlace> places(keys_of_places.begin(), keys_of_places.end());
  const auto proved = [&](const ProvedKey& one) {
    const auto place = named.find({one.shown.key, one.endpoint});
    if (place == named.end()) return;
    statements_.Proved(one.shown.key, one.endpoint, place->second, one.proved_at);
  };
  // The engine notes what cannot be recorded.
  static_cast<void>(engine_.ProveKeys(places, &stop, proved));
}

std::vector<KeyId> KeyFollower::KeysToAskFor() {
  const auto known = engine_.known_certs();
  if (!known.ok()) return {};
  const UnixTime now = engine_.clock().Now();
  std::map<std::string, Lost> lost;
  std::vector<KeyId> keys;
  for (const Binding& binding : (*known)->bindings()) {
    if (!binding.words) continue;
    const auto answer = engine_.ResolveOnRecord(
        {.name = *binding.words, .prove = Prove::kNever, .protocol = {}}, Deadline::max());
    if (answer && answer->answer) continue;
    const std::string words = binding.words->ToString();
    Lost& name = lost[words] = lost_[words];
    const bool new_here = name.looks == 0;
    // A clock that was set back must not make it wait for ever.
    if (name.next > now + 2 * kLongestWait) name.next = now;
    if (!new_here && (now < name.next || keys.size() + binding.accepted.size() > kMostKeys)) {
      continue;
    }
    const int64_t wait = std::min(kFirstWait << std::min(name.looks, kMostDoublings), kLongestWait);
    name.next = now + wait / 2 + static_cast<int64_t>(random_() % static_cast<uint64_t>(wait));
    ++name.looks;
    if (new_here) continue;
    for (const KeyId& key : binding.accepted) {
      if (!(*known)->IsRevoked(key)) keys.push_back(key);
    }
  }
  lost_ = std::move(lost);
  std::ranges::sort(keys);
  keys.erase(std::ranges::unique(keys).begin(), keys.end());
  return keys;
}

KeyFollower::Places KeyFollower::PlacesOf(const std::vector<KeyId>& keys, dht::OwnerSearch& owners,
                                          const std::atomic<bool>& stop) const {
  const auto answers = std::make_shared<Answers>(keys.size());
  for (size_t i = 0; i < keys.size(); ++i) {
    owners.Find(keys[i], kPatience, [answers, i](const std::vector<dht::Place>& places) {
      answers->places[i] = places;
      answers->pending.Done();
    });
  }
  Places all;
  if (!answers->pending.Wait(&stop)) return all;
  for (const std::vector<dht::Place>& places : answers->places) {
    for (const dht::Place& place : places) all[{place.key, place.endpoint}] = place.speaker;
  }
  return all;
}

}  // namespace commresolve::daemon
