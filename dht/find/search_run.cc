// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Two stages, words and places; each ends when all that it asked for is done.

#include "dht/find/search_run.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace commresolve::dht {

using std::chrono::milliseconds;

SearchRun::SearchRun(SearchSurroundings around, const KeywordSet& words, std::string asked,
                     SearchListener listener, uint64_t lot)
    : around_(std::move(around)),
      listener_(std::move(listener)),
      asked_(std::move(asked)),
      lot_(lot),
      begun_(around_.steady_now()),
      guard_({around_.limits.most_shards, around_.limits.most_subjects}),
      claims_(words, asked_, around_.knowledge->rank, lot) {
  result_.figures.asked = asked_;
}

void SearchRun::Begin() {
  std::vector<Ask> asks;
  {
    const std::lock_guard guard(lock_);
    if (const auto bucket = guard_.Bucket(asked_)) {
      asks.push_back({*bucket, std::min(around_.limits.to_first, Left()), std::nullopt});
    }
    result_.figures.buckets = asks.size();
    under_way_ = asks.size();
  }
  Send(asks);
}

milliseconds SearchRun::Left() const {
  const auto spent = std::chrono::ceil<milliseconds>(around_.steady_now() - begun_);
  return std::max(around_.limits.hard_stop - spent, milliseconds(0));
}

/// Each of `asks` is counted in under_way_ already.
void SearchRun::Send(const std::vector<Ask>& asks) {
  for (const Ask& ask : asks) {
    around_.getter.Get(
        ask.where, ask.patience,
        [self = shared_from_this(), ask](uint16_t type, std::span<const uint8_t> payload) {
          return self->Take(ask, type, payload);
        },
        [self = shared_from_this()] { self->OneDone(); });
  }
}

bool SearchRun::Take(const Ask& ask, uint16_t type, std::span<const uint8_t> payload) {
  const std::string_view bytes(reinterpret_cast<const char*>(payload.data()), payload.size());
  const auto known = RecordTypeOf(type);
  if (!known) return true;
  if (!ask.subject) return *known != RecordType::kPosting || TakeBlock(ask, bytes);
  return TakeRecord(ask, *known, bytes);
}

bool SearchRun::CountIn(size_t bytes) {
  ++result_.figures.values;
  result_.figures.bytes += bytes;
  return result_.figures.values <= around_.limits.most_values &&
         result_.figures.bytes <= around_.limits.most_bytes;
}

bool SearchRun::TakeBlock(const Ask& ask, std::string_view payload) {
  std::vector<Claim> news;
  std::vector<Ask> shards;
  {
    const std::lock_guard guard(lock_);
    if (stage_ != Stage::kWords || enough_) return false;
    if (!CountIn(payload.size())) {
      result_.complete = false;
      return false;
    }
    const auto block = ReadPostingBlock(ask.where, payload, around_.clock.Now());
    if (!block.ok()) {
      ++result_.figures.refused;
      return true;
    }
    for (const KeyPrefix& key : AddBlock(*block)) news.push_back(claims_.Get(key));
    shards = NewShards();
    under_way_ += shards.size();
  }
  Send(shards);
  return Tell(news);
}

/// False, and the end, if the listener has enough.
bool SearchRun::Tell(const std::vector<Claim>& news) {
  for (const Claim& claim : news) {
    {
      // A shard that was just asked for may have been the last that was wanted.
      const std::lock_guard guard(lock_);
      if (enough_) return false;
    }
    if (!listener_.on_claim || listener_.on_claim(claim)) continue;
    const std::lock_guard guard(lock_);
    enough_ = true;
    result_.complete = false;
    return false;
  }
  return true;
}

std::vector<KeyPrefix> SearchRun::AddBlock(const PostingBlock& block) {
  const RankOfFinder& rank = around_.knowledge->rank;
  if (rank && rank(block.finder) == FinderRank::kLiar) {
    ++result_.figures.liars;
    return {};
  }
  if (!around_.memory->Accept(block, around_.clock.Now())) {
    ++result_.figures.old;
    return {};
  }
  return claims_.Add(block);
}

/// The shards to ask for after what the signposts say now.
std::vector<SearchRun::Ask> SearchRun::NewShards() {
  const WordFrequency& frequency = around_.knowledge->frequency;
  const bool hot_here = frequency && frequency(asked_).value_or(0) > kShardPostings;
  const auto sign = claims_.Signposted(hot_here ? 1 : around_.limits.signpost_voices);
  if (!sign) return {};
  result_.figures.signed_listings = sign->listings;
  result_.figures.too_common = sign->shards == 0;
  std::vector<Ask> asks;
  const milliseconds patience = std::min(around_.limits.to_first, Left());
  for (uint8_t shard = 0; shard < std::min(sign->shards, around_.limits.most_shards); ++shard) {
    if (const auto where = guard_.Shard(shard)) asks.push_back({*where, patience, std::nullopt});
  }
  result_.figures.shards += asks.size();
  return asks;
}

bool SearchRun::TakeRecord(const Ask& ask, RecordType type, std::string_view payload) {
  const std::lock_guard guard(lock_);
  if (stage_ != Stage::kPlaces || enough_) return false;
  Subject& subject = subjects_.at(*ask.subject);
  if (++subject.values[type] > around_.limits.most_place_values) {
    result_.complete = false;
    return false;
  }
  ++result_.figures.values;
  result_.figures.bytes += payload.size();
  const UnixTime now = around_.clock.Now();
  bool valid = false;
  if (type == RecordType::kOwner) {
    const auto record = ReadOwner(ask.where, payload, now);
    valid = record.ok();
    if (valid) AddOwner(subject, *record);
  } else if (type == RecordType::kObservation) {
    const auto record = ReadObservation(ask.where, payload, now);
    valid = record.ok();
    if (valid) AddObservation(subject, *record);
  }
  result_.figures.refused += valid ? 0 : 1;
  return true;
}

void SearchRun::AddOwner(Subject& subject, const OwnerRecord& record) {
  const UnixTime now = around_.clock.Now();
  // A stranger's publishing key must not outbid the owner.
  if (subject.board.IsOwners(record, now) && !around_.memory->Accept(record, now)) {
    ++result_.figures.old;
    return;
  }
  subject.board.Add(record, now);
}

void SearchRun::AddObservation(Subject& subject, const Observation& record) {
  if (!around_.memory->Accept(record, around_.clock.Now())) {
    ++result_.figures.old;
    return;
  }
  subject.board.Add(record);
}

void SearchRun::OneDone() {
  std::vector<Ask> asks;
  {
    const std::lock_guard guard(lock_);
    if (--under_way_ > 0) return;
    if (stage_ == Stage::kWords && !enough_) asks = BeginPlaces();
    if (asks.empty()) stage_ = Stage::kOver;
    under_way_ = asks.size();
  }
  if (asks.empty()) {
    Finish();
  } else {
    Send(asks);
  }
}

std::vector<SearchRun::Ask> SearchRun::BeginPlaces() {
  stage_ = Stage::kPlaces;
  if (result_.figures.signed_listings > 0) {
    around_.memory->Learn(asked_, result_.figures.signed_listings, around_.clock.Now());
  }
  const milliseconds left = Left();
  if (around_.limits.hard_stop - left >= around_.limits.to_first) result_.complete = false;
  if (left <= milliseconds(0)) return {};
  std::vector<Ask> asks;
  for (const Claim& claim : claims_.Ranked(around_.limits.most_subjects)) {
    for (const RecordType type : {RecordType::kOwner, RecordType::kObservation}) {
      const auto where = guard_.Subject(type, claim.key);
      if (where) asks.push_back({*where, left, claim.key});
    }
    subjects_.emplace(claim.key, Subject{PlaceBoard(around_.knowledge->known, lot_), {}});
  }
  result_.figures.subjects = subjects_.size();
  return asks;
}

void SearchRun::Finish() {
  {
    const std::lock_guard guard(lock_);
    if (Left() <= milliseconds(0)) result_.complete = false;
    for (Claim& claim : claims_.Ranked(around_.limits.most_claims)) {
      FoundClaim found{std::move(claim), {}, false};
      const auto subject = subjects_.find(found.claim.key);
      if (subject != subjects_.end()) {
        found.places = subject->second.board.Ranked(around_.limits.most_places);
        found.withdrawn = subject->second.board.withdrawn();
      }
      result_.found.push_back(std::move(found));
    }
  }
  if (listener_.done) listener_.done(result_);
}

}  // namespace commresolve::dht
