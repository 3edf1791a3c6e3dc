// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What every record has in common: its type and limits, where it lies, and its number there.

#ifndef COMMRESOLVE_DHT_RECORD_IDS_H_
#define COMMRESOLVE_DHT_RECORD_IDS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "resolver/base/clock.h"
#include "resolver/base/digest.h"

namespace commresolve::dht {

/// Where a record lies: 160 bits, in the order in which they stand in a packet. All zero is no
/// place.
using DhtKey = std::array<uint8_t, 20>;
/// The first 16 bytes of a KeyId: what a posting has room for, and all that is needed to look up
/// the records about that key.
using KeyPrefix = std::array<uint8_t, 16>;
/// A raw Ed25519 public key (RFC 8032): of a pseudonym, an observer, or an owner's publishing key.
using Ed25519Key = std::array<uint8_t, 32>;

/// The longest record: with the packet around it, it still is one datagram of OpenDHT's.
inline constexpr size_t kMaxRecordBytes = 559;
/// How far the clocks of others may be off, in seconds.
inline constexpr int64_t kClockSkew = 600;

/// The numbers are those of the value types in the network.
enum class RecordType : uint16_t {
  kPosting = 0xC001,      ///< Words -> keys, by whoever found them.
  kOwner = 0xC002,        ///< Where a key lives, by its owner.
  kObservation = 0xC003,  ///< Where a key was seen, by an observer.
  kRollover = 0xC004,     ///< Which keys follow a key, by its owner.
};

/// What is fixed for all records of a type.
struct RecordKind {
  RecordType type;
  const char* name;       ///< "posting block", "owner record", ...: in errors and logs.
  const char* context;    ///< What its signatures begin with, without the NUL byte after it.
  int64_t stored_for;     ///< Seconds that a node keeps it after it was put.
  int64_t longest_valid;  ///< Seconds that it may be valid from now on, kClockSkew not counted.
};
/// All four, in the order of their numbers.
const std::array<RecordKind, 4>& RecordKinds();
const RecordKind& KindOf(RecordType type);
/// Empty for the number of no record.
std::optional<RecordType> RecordTypeOf(uint16_t number);

/// The number of a record under its key: the first 8 bytes of SHA-256(`payload`), big-endian; 1 if
/// they are all zero. So nobody can take the number of somebody else's record.
uint64_t ValueId(std::string_view payload);
inline uint64_t ValueId(std::span<const uint8_t> payload) {
  return ValueId(std::string_view(reinterpret_cast<const char*>(payload.data()), payload.size()));
}

KeyPrefix PrefixOf(const KeyId& key);

/// Where the records of `type` about `subject` lie. Not for postings: see bucket.h.
DhtKey SubjectKey(RecordType type, const KeyPrefix& subject);
DhtKey SubjectKey(RecordType type, const KeyId& subject);

/// kInvalidArgument, naming the field "expires", if at `now` a record with this end is no longer
/// valid, or would be valid for longer than its type allows; both with kClockSkew of tolerance.
Status CheckExpiry(RecordType type, UnixTime expires, UnixTime now);

/// The first 20 bytes of SHA-256 over `context`, a NUL byte, and `bytes`.
DhtKey HashedKey(std::string_view context, std::string_view bytes);

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_RECORD_IDS_H_
