// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Keys and records for tests, and what must hold for every kind of record.

#ifndef COMMRESOLVE_TESTS_DHT_RECORD_SAMPLES_H_
#define COMMRESOLVE_TESTS_DHT_RECORD_SAMPLES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "dht/record/delegation.h"
#include "dht/record/observation.h"
#include "dht/record/owner.h"
#include "dht/record/posting.h"
#include "dht/record/rollover.h"

namespace commresolve::dht {

inline constexpr UnixTime kNow = 1'770'000'000;
inline constexpr int64_t kHour = 3'600;
inline constexpr int64_t kDay = 24 * kHour;

/// Ed25519 from a seed of this byte, 32 times.
SigningKey SeedKey(uint8_t seed);
Ed25519Key RawKey(const SigningKey& key);
/// A new key: "P-256", "P-384", "P-521", "RSA-2048", "RSA-1024".
EvpPkeyPtr NewKey(const std::string& algorithm);
SigningKey NewSigningKey(const std::string& algorithm);
/// A digest of this byte, 32 times.
KeyId SomeKey(uint8_t byte);

/// Records with everything in them, valid at kNow.
OwnerRecord SampleOwner(const KeyId& subject);
Observation SampleObservation();
Rollover SampleRollover(const KeyId& old_key);
std::vector<WordEntry> SampleEntries(size_t count);
Delegation SampleDelegation();

/// The key of the bucket that the samples lie in.
DhtKey SampleBucket();

/// Calls `accepts` with `payload` changed in one bit, for every bit, cut to every shorter length,
/// and with a byte more; returns how many of them it accepted.
template <class Accepts>
size_t AcceptedTamperings(const std::string& payload, Accepts accepts) {
  size_t accepted = 0;
  std::string changed = payload;
  for (size_t i = 0; i < 8 * payload.size(); ++i) {
    const auto bit = static_cast<char>(1 << (i % 8));
    changed[i / 8] = static_cast<char>(changed[i / 8] ^ bit);
    accepted += accepts(changed) ? 1 : 0;
    changed[i / 8] = payload[i / 8];
  }
  for (size_t length = 0; length < payload.size(); ++length) {
    accepted += accepts(payload.substr(0, length)) ? 1 : 0;
  }
  for (const char more : {'\0', '\1', '\xff'}) accepted += accepts(payload + more) ? 1 : 0;
  return accepted;
}

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_TESTS_DHT_RECORD_SAMPLES_H_
