// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Endpoints by who names them, then by endpoint.

#include "dht/find/places.h"

#include <algorithm>
#include <tuple>

#include "dht/privacy/publishable.h"
#include "resolver/base/byte_codec.h"

namespace commresolve::dht {
namespace {

bool IsPublic(const Endpoint& endpoint) {
  return PrivacyOf(endpoint, kLeastSightings) == Privacy::kPublic;
}

std::array<uint8_t, 32> Lot(uint64_t lot, const Endpoint& endpoint) {
  ByteWriter writer;
  writer.Fixed64(lot);
  writer.Raw(endpoint.ip.bytes());
  writer.Fixed16(endpoint.port);
  writer.Raw(endpoint.server_name);
  return Sha256(writer.bytes());
}

}  // namespace

const char* SpeakerText(Speaker speaker) {
  switch (speaker) {
    case Speaker::kOwner:
      return "owner";
    case Speaker::kChosenObserver:
      return "chosen observer";
    case Speaker::kPublishingKey:
      return "unchecked publishing key";
    case Speaker::kStranger:
      return "stranger";
  }
  return "unknown";
}

bool PlaceBoard::IsOwners(const OwnerRecord& record, UnixTime now) const {
  if (!record.publishing_key) return true;
  const auto delegation = known_.delegation ? known_.delegation(record.subject) : std::nullopt;
  return Speaks(record.subject, record.publishing_key, delegation, now);
}

std::map<Endpoint, PlaceBoard::Said>* PlaceBoard::Hear(const Voice& voice) {
  const bool bounded = voice.first > Speaker::kChosenObserver;
  if (bounded && !said_.contains(voice) && said_.size() >= kMostStrangers) return nullptr;
  return &said_[voice];
}

void PlaceBoard::Add(const OwnerRecord& record, UnixTime now) {
  if (record.valid_from > now + kClockSkew) return;
  const bool owner = IsOwners(record, now);
  const Voice voice =
      owner ? Voice{Speaker::kOwner, {}} : Voice{Speaker::kPublishingKey, *record.publishing_key};
  std::map<Endpoint, Said>* const said = Hear(voice);
  const auto newest = newest_.find(voice);
  if (said == nullptr || (newest != newest_.end() && record.header <= newest->second)) return;
  newest_[voice] = record.header;
  said->clear();
  for (const Endpoint& endpoint : record.endpoints) {
    if (IsPublic(endpoint)) said->insert({endpoint, {record.subject, record.header, said->size()}});
  }
  if (owner) withdrawn_ = record.endpoints.empty();
}

void PlaceBoard::Add(const Observation& record) {
  if (!IsPublic(record.endpoint)) return;
  const bool chosen = known_.is_chosen && known_.is_chosen(record.observer);
  std::map<Endpoint, Said>* const said =
      Hear({chosen ? Speaker::kChosenObserver : Speaker::kStranger, record.observer});
  if (said == nullptr) return;
  const auto known = said->find(record.endpoint);
  if (known == said->end() && said->size() >= kPlacesOfSpeaker) return;
  if (known != said->end() && record.header <= known->second.header) return;
  (*said)[record.endpoint] = {record.subject, record.header, 0};
}

std::vector<Place> PlaceBoard::Ranked(size_t limit) const {
  struct Found {
    Place place;
    size_t rank = 0;
  };
  std::map<Endpoint, Found> by_endpoint;
  for (const auto& [voice, said] : said_) {  // The best speakers come first.
    for (const auto& [endpoint, what] : said) {
      Found& found = by_endpoint[endpoint];
      if (found.place.voices == 0) {
        found = {{what.key, endpoint, voice.first, 0, 0}, what.rank};
      }
      found.place.until = std::max(found.place.until, what.header.expires);
      if (found.place.speaker == voice.first) ++found.place.voices;
    }
  }
  using Order = std::tuple<Speaker, size_t, size_t, std::array<uint8_t, 32>>;
  std::map<Order, Place> ordered;
  for (const auto& [endpoint, found] : by_endpoint) {
    const Place& place = found.place;
    ordered[{place.speaker, SIZE_MAX - place.voices, found.rank, Lot(lot_, endpoint)}] = place;
  }
  std::vector<Place> places;
  size_t strangers = 0;
  for (const auto& [order, place] : ordered) {
    if (places.size() >= limit) break;
    if (place.speaker > Speaker::kChosenObserver && ++strangers > kPlacesOfStrangers) break;
    places.push_back(place);
  }
  return places;
}

}  // namespace commresolve::dht
