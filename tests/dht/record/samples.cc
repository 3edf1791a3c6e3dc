// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Keys and records for tests.

#include "tests/dht/record/samples.h"

#include <cstdlib>
#include <utility>

namespace commresolve::dht {
namespace {

IpAddress Ip(const char* text) { return *IpAddress::Parse(text); }

}  // namespace

SigningKey SeedKey(uint8_t seed) {
  std::array<uint8_t, 32> bytes;
  bytes.fill(seed);
  return std::move(SigningKey::FromSeed(bytes)).value();
}

Ed25519Key RawKey(const SigningKey& key) { return *Ed25519KeyOf(key.spki()); }

EvpPkeyPtr NewKey(const std::string& algorithm) {
  if (algorithm.starts_with("RSA-")) {
    const size_t bits = std::stoul(algorithm.substr(4));
    return EvpPkeyPtr(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", bits));
  }
  return EvpPkeyPtr(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", algorithm.c_str()));
}

SigningKey NewSigningKey(const std::string& algorithm) {
  return std::move(SigningKey::FromPrivateKey(NewKey(algorithm))).value();
}

KeyId SomeKey(uint8_t byte) {
  KeyId key;
  key.bytes.fill(byte);
  return key;
}

OwnerRecord SampleOwner(const KeyId& subject) {
  OwnerRecord record;
  record.subject = subject;
  record.header = {7, kNow + kDay};
  record.valid_from = kNow - kHour;
  record.names = {"bugs.debian.org", "*.debian.org"};
  record.endpoints = {{Ip("9.9.9.7"), 443, Protocol::kTls, "bugs.debian.org"},
                      {Ip("2620:fe::7"), 5222, Protocol::kXmppClient, ""}};
  return record;
}

Observation SampleObservation() {
  Observation record;
  record.header = {9, kNow + 2 * kDay};
  record.subject = SomeKey(5);
  record.endpoint = {Ip("2620:fe::7"), 443, Protocol::kTls, "bugs.debian.org"};
  record.first_seen = kNow - 30 * kDay;
  record.last_seen = kNow - kHour;
  record.region = Region::kEurope;
  return record;
}

Rollover SampleRollover(const KeyId& old_key) {
  Rollover record;
  record.old_key = old_key;
  record.header = {3, kNow + 20 * kDay};
  record.valid_from = kNow - kDay;
  record.new_keys = {SomeKey(1), SomeKey(2)};
  return record;
}

std::vector<WordEntry> SampleEntries(size_t count) {
  std::vector<WordEntry> entries(count);
  for (size_t i = 0; i < count; ++i) {
    const auto number = static_cast<uint8_t>(i + 1);
    entries[i].word = "word" + std::to_string(i / 2);
    entries[i].posting.key.fill(number);
    entries[i].posting.score = number;
    entries[i].posting.sketch = SketchOf({entries[i].word, "debian"});
  }
  return entries;
}

Delegation SampleDelegation() {
  Delegation delegation;
  delegation.publishing_key = RawKey(SeedKey(1));
  delegation.sequence = 4;
  delegation.valid_from = kNow - kDay;
  delegation.valid_until = kNow + 90 * kDay;
  return delegation;
}

DhtKey SampleBucket() { return BucketOf("debian"); }

}  // namespace commresolve::dht
