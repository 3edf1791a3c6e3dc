// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The table of record types, and hashes with a context in front.

#include "dht/record/ids.h"

#include <algorithm>
#include <string>

namespace commresolve::dht {
namespace {

constexpr int64_t kHour = 3'600;
constexpr int64_t kDay = 24 * kHour;

constexpr std::array<RecordKind, 4> kKinds = {{
    {RecordType::kPosting, "posting block", "commresolve dht posting v1", kDay, 2 * kDay},
    {RecordType::kOwner, "owner record", "commresolve dht owner v1", kDay, 3 * kDay},
    {RecordType::kObservation, "observation", "commresolve dht observation v1", 2 * kDay, 4 * kDay},
    {RecordType::kRollover, "rollover record", "commresolve dht rollover v1", 7 * kDay, 30 * kDay},
}};

std::string_view View(const KeyPrefix& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

const std::array<RecordKind, 4>& RecordKinds() { return kKinds; }

const RecordKind& KindOf(RecordType type) {
  const auto first = static_cast<uint16_t>(RecordType::kPosting);
  return kKinds[static_cast<uint16_t>(type) - first];
}

std::optional<RecordType> RecordTypeOf(uint16_t number) {
  const auto first = static_cast<uint16_t>(RecordType::kPosting);
  if (number < first || number >= first + kKinds.size()) return std::nullopt;
  return static_cast<RecordType>(number);
}

uint64_t ValueId(std::string_view payload) {
  const std::array<uint8_t, 32> digest = Sha256(payload);
  uint64_t id = 0;
  for (size_t i = 0; i < sizeof id; ++i) id = id << 8 | digest[i];
  return id == 0 ? 1 : id;
}

KeyPrefix PrefixOf(const KeyId& key) {
  KeyPrefix prefix;
  std::copy_n(key.bytes.begin(), prefix.size(), prefix.begin());
  return prefix;
}

DhtKey SubjectKey(RecordType type, const KeyPrefix& subject) {
  return HashedKey(std::string(KindOf(type).context) + " key", View(subject));
}

DhtKey SubjectKey(RecordType type, const KeyId& subject) {
  return SubjectKey(type, PrefixOf(subject));
}

Status CheckExpiry(RecordType type, UnixTime expires, UnixTime now) {
  const RecordKind& kind = KindOf(type);
  const auto refused = [&kind](const char* why) {
    return Error{Code::kInvalidArgument, std::string(kind.name) + ": expires: " + why};
  };
  if (expires <= now - kClockSkew) return refused("in the past");
  if (expires > now + kind.longest_valid + kClockSkew) return refused("too far in the future");
  return {};
}

DhtKey HashedKey(std::string_view context, std::string_view bytes) {
  std::string text(context);
  text += '\0';
  text += bytes;
  const std::array<uint8_t, 32> digest = Sha256(text);
  DhtKey key;
  std::copy_n(digest.begin(), key.size(), key.begin());
  return key;
}

}  // namespace commresolve::dht
