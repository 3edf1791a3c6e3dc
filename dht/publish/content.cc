// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Checks and sealing of the four contents. Their bytes are content_codec.cc.

#include "dht/publish/content.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "dht/privacy/publishable.h"
#include "resolver/keyword/fold.h"

namespace commresolve::dht {
namespace {

Error Refused(RecordType type, const std::string& why) {
  return {Code::kInvalidArgument, std::string(KindOf(type).name) + ": " + why};
}

Status CheckPublic(RecordType type, const std::string& what, Privacy privacy) {
  if (privacy == Privacy::kPublic) return {};
  return Refused(type, what + ": " + PrivacyText(privacy) + ", stays at home");
}

/// What a record may hold is known to its writer alone, so a first one is written, and dropped.
template <class Record, class Write>
Status CheckWritable(Record record, Write write) {
  COMMRESOLVE_ASSIGN(signer, SigningKey::FromSeed({}));
  record.header = {0, std::numeric_limits<uint32_t>::max()};
  const Result<std::string> payload = write(record, signer);
  if (!payload.ok()) return payload.error();
  return {};
}

Result<std::vector<std::string>> One(Result<std::string> payload) {
  if (!payload.ok()) return payload.error();
  return std::vector<std::string>{*std::move(payload)};
}

Result<std::vector<std::string>> SealSet(const PostingSet& set, const Header& header,
                                         const SigningKey& signer) {
  const size_t count = (set.entries.size() + kMaxPostings - 1) / kMaxPostings;
  std::vector<std::string> payloads;
  payloads.reserve(count);
  for (size_t i = 0; i < count; ++i) {
    const auto first = set.entries.begin() + static_cast<std::ptrdiff_t>(i * kMaxPostings);
    const auto left = static_cast<size_t>(set.entries.end() - first);
    const auto last = first + static_cast<std::ptrdiff_t>(std::min(left, kMaxPostings));
    const BlockPlace place{static_cast<uint8_t>(i), static_cast<uint8_t>(count)};
    COMMRESOLVE_ASSIGN(payload, WritePostingBlock(set.key, header, place, {first, last}, signer));
    payloads.push_back(std::move(payload));
  }
  return payloads;
}

template <class Record>
Record With(Record record, const Header& header) {
  record.header = header;
  return record;
}

}  // namespace

Result<Content> Content::Of(PostingSet set) {
  constexpr RecordType kType = RecordType::kPosting;
  if (set.entries.empty() || set.entries.size() > kMaxSetEntries) {
    return Refused(kType, "entries: not 1 to " + std::to_string(kMaxSetEntries));
  }
  for (const WordEntry& entry : set.entries) {
    if (entry.word.empty() || entry.word.size() > kMaxKeywordBytes) {
      return Refused(kType, "entries: a word not of 1 to 64 bytes");
    }
    if (entry.signpost ? entry.signpost->shards > kMaxShards : entry.posting.key == KeyPrefix{}) {
      return Refused(kType, "entries: one that no block can hold");
    }
  }
  return Content(std::move(set));
}

Result<Content> Content::Of(OwnerRecord record) {
  constexpr RecordType kType = RecordType::kOwner;
  COMMRESOLVE_TRY(CheckWritable(record, WriteOwner));
  for (const std::string& name : record.names) {
    COMMRESOLVE_TRY(CheckPublic(kType, name, PrivacyOf(name)));
  }
  for (const Endpoint& endpoint : record.endpoints) {
    COMMRESOLVE_TRY(CheckPublic(kType, endpoint.ip.ToString(), PrivacyOf(endpoint.ip)));
  }
  return Content(std::move(record));
}

Result<Content> Content::Of(Rollover record) {
  COMMRESOLVE_TRY(CheckWritable(record, WriteRollover));
  return Content(std::move(record));
}

Result<Content> Content::Of(Observation record, size_t sightings) {
  COMMRESOLVE_TRY(CheckWritable(record, WriteObservation));
  COMMRESOLVE_TRY(CheckPublic(RecordType::kObservation, record.endpoint.ToString(),
                              PrivacyOf(record.endpoint, sightings)));
  return Content(std::move(record));
}

RecordType Content::type() const {
  constexpr RecordType kTypes[] = {RecordType::kPosting, RecordType::kOwner,
                                   RecordType::kObservation, RecordType::kRollover};
  return kTypes[what_.index()];
}

DhtKey Content::key() const {
  if (const auto* set = std::get_if<PostingSet>(&what_)) return set->key;
  if (const auto* seen = std::get_if<Observation>(&what_)) return SubjectKey(type(), seen->subject);
  return SubjectKey(type(), *owner());
}

Stream Content::stream() const {
  if (const auto* set = std::get_if<PostingSet>(&what_)) {
    PostingBlock block;
    block.key = set->key;
    return StreamOf(block);
  }
  if (const auto* owner = std::get_if<OwnerRecord>(&what_)) return StreamOf(*owner);
  if (const auto* rollover = std::get_if<Rollover>(&what_)) return StreamOf(*rollover);
  Observation seen = std::get<Observation>(what_);
  seen.observer = {};
  return StreamOf(seen);
}

std::optional<KeyId> Content::owner() const {
  if (const auto* owner = std::get_if<OwnerRecord>(&what_)) return owner->subject;
  if (const auto* rollover = std::get_if<Rollover>(&what_)) return rollover->old_key;
  return std::nullopt;
}

Result<std::vector<std::string>> Content::Seal(const Header& header,
                                               const SigningKey& signer) const {
  if (const auto* set = std::get_if<PostingSet>(&what_)) return SealSet(*set, header, signer);
  if (const auto* owner = std::get_if<OwnerRecord>(&what_)) {
    return One(WriteOwner(With(*owner, header), signer));
  }
  if (const auto* rollover = std::get_if<Rollover>(&what_)) {
    return One(WriteRollover(With(*rollover, header), signer));
  }
  return One(WriteObservation(With(std::get<Observation>(what_), header), signer));
}

}  // namespace commresolve::dht
