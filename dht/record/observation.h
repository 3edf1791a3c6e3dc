// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Observation: a key was seen at an endpoint over a span of time, said by an observer.
//
// It lies at SubjectKey(RecordType::kObservation, subject). What it is worth is the reader's
// choice of observers: see resolver/trust/quorum.h.

#ifndef COMMRESOLVE_DHT_RECORD_OBSERVATION_H_
#define COMMRESOLVE_DHT_RECORD_OBSERVATION_H_

#include <string>
#include <string_view>

#include "dht/record/envelope.h"
#include "resolver/trust/quorum.h"

namespace commresolve::dht {

struct Observation {
  Header header;
  Ed25519Key observer{};             ///< Who signed it.
  KeyId subject;                     ///< The key that was seen.
  Endpoint endpoint;                 ///< Global address; the server name in normal form, or empty.
  UnixTime first_seen = 0;           ///< At every look of the observer from then on,
  UnixTime last_seen = 0;            ///< to then, the endpoint proved this key.
  Region region = Region::kUnknown;  ///< Where the observer looks from.

  bool operator==(const Observation&) const = default;
};

/// The signed payload; `observer` is not looked at, it is `signer`. kInvalidArgument, naming the
/// field, if the record breaks a limit above, first_seen is after last_seen, last_seen after the
/// end, it is longer than kMaxRecordBytes, or `signer` is not an Ed25519 key.
Result<std::string> WriteObservation(const Observation& record, const SigningKey& signer);

/// As ReadOwner(). Also refuses what was last seen more than kClockSkew after `now`.
Result<Observation> ReadObservation(const DhtKey& key, std::string_view payload, UnixTime now);

/// The same for the rules of resolver/trust/quorum.h.
Sighting SightingOf(const Observation& record);

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_RECORD_OBSERVATION_H_
