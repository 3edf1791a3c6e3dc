// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// From listings and candidates to what records are made of.

#include "grpc/sharing/found_here.h"

#include <algorithm>
#include <bit>

#include "resolver/address_scope.h"
#include "resolver/keyword/host_name.h"

namespace commresolve::daemon {
namespace {

constexpr int64_t kDay = 86'400;
constexpr int64_t kRecently = 30 * kDay;
constexpr UnixTime kCoarse = 6LL * 3'600;
constexpr uint8_t kChainScore = 128;
constexpr uint8_t kProofScore = 64;
constexpr unsigned kMostForNumber = 63;
constexpr unsigned kForEachDoubling = 6;

uint8_t ScoreOf(const index::ListingFacts& facts, UnixTime now) {
  const unsigned doublings = static_cast<unsigned>(std::bit_width(facts.observations));
  unsigned score = std::min(doublings * kForEachDoubling, kMostForNumber);
  if (facts.public_chain) score += kChainScore;
  if (facts.proved_at != 0 && facts.proved_at > now - kRecently) score += kProofScore;
  return static_cast<uint8_t>(score);
}

UnixTime Coarse(UnixTime time) { return time - time % kCoarse; }

}  // namespace

size_t SightingsOf(const index::ListingFacts& facts) {
  const int64_t days = std::max<int64_t>(facts.last_seen - facts.first_seen, 0) / kDay;
  return facts.observations + static_cast<size_t>(days);
}

dht::FoundListing FoundListingOf(const index::Listing& listing, const index::ListingFacts& facts,
                                 const KeyId& key, UnixTime now) {
  dht::FoundListing found;
  found.key = key;
  found.score = ScoreOf(facts, now);
  index::ParsedCertificate text;
  text.fields = listing.fields;
  for (const index::FieldText& field : listing.fields) {
    if (field.field != Field::kDnsName) continue;
    const auto host = NormaliseHostName(field.text);
    if (!host.ok() || *host != field.text) continue;
    text.facts.names.push_back(field.text);
    found.names.push_back({field.text, SightingsOf(facts)});
  }
  found.words = index::ExtractKeywords(text, listing.public_chain, nullptr);
  return found;
}

std::vector<dht::Observation> ObservationsOf(const Candidate& candidate) {
  // Of a key that others told about too, first_seen may be theirs.
  const bool all_ours = candidate.sources == std::vector<std::string>{"probe"};
  std::vector<dht::Observation> observations;
  observations.reserve(candidate.endpoints.size());
  for (const SeenEndpoint& seen : candidate.endpoints) {
    if (!seen.proved_at || seen.wrong_at || *seen.proved_at < 0 || seen.first_seen < 0) continue;
    dht::Observation observation;
    observation.subject = candidate.key();
    observation.endpoint = seen.endpoint;
    observation.last_seen = Coarse(*seen.proved_at);
    observation.first_seen =
        all_ours ? std::min(Coarse(seen.first_seen), observation.last_seen) : observation.last_seen;
    observations.push_back(std::move(observation));
  }
  return observations;
}

bool IsIndoors(const Candidate& candidate) {
  const auto indoors = [](const SeenEndpoint& seen) {
    return ScopeOf(seen.endpoint.ip) != AddressScope::kGlobal;
  };
  return !candidate.endpoints.empty() && std::ranges::all_of(candidate.endpoints, indoors);
}

}  // namespace commresolve::daemon
