// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// First what each observer sees, then whether those who see the same are enough.

#include "resolver/trust/quorum.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace commresolve {
namespace {

/// One chosen observer's word on a service.
struct Voice {
  int trust = 0;
  Region region = Region::kUnknown;
  UnixTime last_look = 0;
  std::map<KeyId, UnixTime> sees;  ///< The keys, and since when.

  [[nodiscard]] bool Sees(const KeyId& key) const { return sees.contains(key); }
  [[nodiscard]] bool SeesAnyOf(const std::vector<KeyId>& keys) const {
    return std::any_of(keys.begin(), keys.end(), [this](const KeyId& key) { return Sees(key); });
  }
};
using Voices = std::map<ObserverId, Voice>;

bool Concerns(const Sighting& sighting, const Service& service) {
  const std::string& name = sighting.endpoint.server_name;
  const auto& names = service.names;
  const auto& places = service.endpoints;
  return (!name.empty() && std::find(names.begin(), names.end(), name) != names.end()) ||
         std::find(places.begin(), places.end(), sighting.endpoint) != places.end();
}

bool IsFresh(const Sighting& sighting, UnixTime now) {
  return sighting.first_seen <= sighting.last_seen && sighting.last_seen <= now + kLookAhead &&
         sighting.last_seen > now - kFreshLook;
}

void Hear(const Sighting& sighting, Voice* voice) {
  if (voice->sees.empty() || sighting.last_seen > voice->last_look) {
    voice->last_look = sighting.last_seen;
    voice->region = sighting.region;
  }
  const auto [seen, first] = voice->sees.try_emplace(sighting.key, sighting.first_seen);
  if (!first) seen->second = std::min(seen->second, sighting.first_seen);
}

/// What every chosen observer says now.
Voices Listen(const std::vector<ChosenObserver>& observers, const std::vector<Sighting>& sightings,
              const Service& service, UnixTime now) {
  Voices voices;
  for (const ChosenObserver& observer : observers) {
    const int trust = std::clamp(observer.trust, 0, kFullTrust);
    if (trust > 0) voices[observer.id].trust = trust;
  }
  std::map<std::pair<ObserverId, Endpoint>, UnixTime> latest_begin;
  std::vector<const Sighting*> counted;
  for (const Sighting& sighting : sightings) {
    if (!voices.contains(sighting.observer) || !IsFresh(sighting, now) ||
        !Concerns(sighting, service)) {
      continue;
    }
    counted.push_back(&sighting);
    const auto [begin, first] =
        latest_begin.try_emplace({sighting.observer, sighting.endpoint}, sighting.first_seen);
    if (!first) begin->second = std::max(begin->second, sighting.first_seen);
  }
  for (const Sighting* sighting : counted) {
    if (latest_begin[{sighting->observer, sighting->endpoint}] > sighting->last_seen) continue;
    Hear(*sighting, &voices[sighting->observer]);
  }
  return voices;
}

/// A voice that agrees, and since when.
struct Vote {
  UnixTime since = 0;
  const Voice* voice = nullptr;
};

/// Counts `votes`, and those that speak against them: every other one that says anything.
Corroboration Count(const Voices& voices, std::vector<Vote> votes) {
  std::sort(votes.begin(), votes.end(),
            [](const Vote& a, const Vote& b) { return a.since < b.since; });
  Corroboration result;
  std::set<Region> regions;
  std::set<const Voice*> agreeing;
  for (const auto& [since, voice] : votes) {
    agreeing.insert(voice);
    ++result.agree;
    result.trust += voice->trust;
    if (voice->region != Region::kUnknown) regions.insert(voice->region);
    const bool enough = result.agree >= kLeastObservers && result.trust >= kFullTrust &&
                        regions.size() >= kLeastRegions;
    if (enough && !result.since) result.since = since;
  }
  result.regions = regions.size();
  bool veto = false;
  for (const auto& [id, voice] : voices) {
    if (voice.sees.empty() || agreeing.contains(&voice)) continue;
    ++result.dissent;
    veto = veto || voice.trust >= kFullTrust;
  }
  if (result.agree < kLeastObservers) {
    result.reason = "fewer than 3 of your observers see this key";
  } else if (result.trust < kFullTrust) {
    result.reason = "you trust the observers that see this key too little";
  } else if (!result.since) {
    result.reason = "the observers that see this key all look from one region";
  } else if (result.dissent > kMostDissent) {
    result.reason = "more than one of your observers sees another key";
  } else if (veto) {
    result.reason = "an observer that you trust fully sees another key";
  }
  result.holds = result.reason.empty();
  return result;
}

}  // namespace

Corroboration Corroborate(const std::vector<ChosenObserver>& observers,
                          const std::vector<Sighting>& sightings, const Service& service,
                          const KeyId& key, UnixTime now) {
  const Voices voices = Listen(observers, sightings, service, now);
  std::vector<Vote> votes;
  for (const auto& [id, voice] : voices) {
    if (voice.Sees(key)) votes.push_back({voice.sees.at(key), &voice});
  }
  Corroboration result = Count(voices, std::move(votes));
  if (!result.holds) return result;
  result.holds = now - *result.since >= kLeastDuration;
  result.reason = result.holds ? "your observers see this key"
                               : "your observers have seen this key for less than 7 days";
  return result;
}

ObserverView ViewOfChange(const std::vector<ChosenObserver>& observers,
                          const std::vector<Sighting>& sightings, const Service& service,
                          const std::vector<KeyId>& old_keys, const KeyId& new_key, UnixTime now) {
  const Voices voices = Listen(observers, sightings, service, now);
  std::vector<Vote> of_new;
  std::vector<Vote> of_old;
  int old_trust = 0;
  for (const auto& [id, voice] : voices) {
    if (voice.Sees(new_key)) {
      of_new.push_back({0, &voice});
    } else if (voice.SeesAnyOf(old_keys)) {
      of_old.push_back({0, &voice});
      old_trust += voice.trust;
    }
  }
  const bool nobody_sees_new = of_new.empty();
  if (Count(voices, std::move(of_new)).holds) return ObserverView::kEveryoneNewKey;
  if (nobody_sees_new && old_trust >= kUsualTrust) return ObserverView::kOnlyOldKey;
  if (Count(voices, std::move(of_old)).holds) return ObserverView::kOnlyOldKey;
  return ObserverView::kNobodyToAsk;
}

}  // namespace commresolve
