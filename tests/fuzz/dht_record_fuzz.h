// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the fuzzers of the four records share. An input is a kind and bytes: of kind 0 a payload as
// it comes from the network, of kind 1 a body, which is signed first, so that what lies behind the
// signature is reached as well.

#ifndef COMMRESOLVE_TESTS_FUZZ_DHT_RECORD_FUZZ_H_
#define COMMRESOLVE_TESTS_FUZZ_DHT_RECORD_FUZZ_H_

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "dht/record/check_for_store.h"
#include "tests/dht/record/samples.h"

namespace commresolve::dht {

/// Who signs.
inline const SigningKey& FuzzKey() {
  static const SigningKey key = SeedKey(1);
  return key;
}

/// A node stores exactly what `read` takes.
template <class Read>
void FuzzPayload(RecordType type, const DhtKey& key, std::string_view payload, Read read) {
  const bool taken = read(key, payload, kNow).ok();
  const auto* bytes = reinterpret_cast<const uint8_t*>(payload.data());
  const bool stored =
      CheckForStore(type, key, ValueId(payload), {bytes, payload.size()}, kNow).ok();
  if (taken != stored) std::abort();
}

/// What is taken is, written again, the same bytes: there is one payload for one record.
template <class Read, class Write>
void FuzzBody(RecordType type, const DhtKey& key, const std::optional<KeyId>& subject,
              std::string_view body, Read read, Write write) {
  const auto payload = Seal(type, key, {1, kNow + kDay}, subject, body, FuzzKey());
  if (!payload.ok()) return;
  const auto record = read(key, *payload, kNow);
  if (!record.ok()) return;
  const auto again = write(*record);
  if (!again.ok() || *again != *payload) std::abort();
}

/// Both, for a type whose records belong to a subject.
template <class Read, class Write>
void FuzzRecord(RecordType type, const uint8_t* data, size_t size, Read read, Write write) {
  if (size == 0) return;
  const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  const bool by_owner = type != RecordType::kObservation;
  if ((data[0] & 1) == 0) {
    const auto envelope = OpenEnvelope(type, rest);
    const bool known = envelope.ok() && envelope->subject.has_value();
    const KeyId subject = known ? *envelope->subject : SampleObservation().subject;
    FuzzPayload(type, SubjectKey(type, subject), rest, read);
  } else if (by_owner) {
    FuzzBody(type, SubjectKey(type, FuzzKey().id()), FuzzKey().id(), rest, read, write);
  } else {
    FuzzBody(type, SubjectKey(type, SampleObservation().subject), std::nullopt, rest, read, write);
  }
}

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_TESTS_FUZZ_DHT_RECORD_FUZZ_H_
