// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Sealed by SHA-256 with a secret: as unforgeable here as a signature, and much faster.

#include "tests/dht/sim/test_record.h"

#include <algorithm>
#include <cstring>

#include "dht/node/engine.h"
#include "resolver/base/digest.h"

namespace commresolve::sim {
namespace {

constexpr size_t kSeal = 32;
constexpr size_t kBody = 20 + 3 * 8;

std::array<uint8_t, 32> Seal(std::span<const uint8_t> body) {
  return Sha256("only honest nodes know this" +
                std::string(reinterpret_cast<const char*>(body.data()), body.size()));
}

void PutNumber(std::vector<uint8_t>& out, uint64_t number) {
  for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<uint8_t>(number >> shift));
}
uint64_t NumberAt(std::span<const uint8_t> bytes, size_t at) {
  uint64_t number = 0;
  for (size_t i = 0; i < 8; ++i) number = number << 8 | bytes[at + i];
  return number;
}

}  // namespace

dht::DhtKey KeyFor(const std::string& text) {
  const auto digest = Sha256(text);
  dht::DhtKey key;
  std::copy_n(digest.begin(), key.size(), key.begin());
  return key;
}

std::vector<uint8_t> Encode(const TestRecord& record, bool honest, size_t size) {
  std::vector<uint8_t> out(record.key.begin(), record.key.end());
  PutNumber(out, record.owner);
  PutNumber(out, record.sequence);
  PutNumber(out, static_cast<uint64_t>(record.expires));
  auto seal = Seal(out);
  if (!honest) seal[0] ^= 1;
  out.insert(out.end(), seal.begin(), seal.end());
  out.resize(std::max(out.size(), size));
  return out;
}

std::optional<TestRecord> Decode(std::span<const uint8_t> payload) {
  if (payload.size() < kBody + kSeal) return std::nullopt;
  const auto seal = Seal(payload.first(kBody));
  if (std::memcmp(seal.data(), payload.data() + kBody, kSeal) != 0) return std::nullopt;
  TestRecord record;
  std::copy_n(payload.begin(), record.key.size(), record.key.begin());
  record.owner = NumberAt(payload, 20);
  record.sequence = NumberAt(payload, 28);
  record.expires = static_cast<UnixTime>(NumberAt(payload, 36));
  return record;
}

dht::ValueRule TestRule() {
  return {.type = kTestType,
          .name = "test",
          .expiry = std::chrono::hours(24),
          .check = [](const dht::DhtKey& key, uint64_t value_id, std::span<const uint8_t> payload,
                      UnixTime now) -> Status {
            const auto record = Decode(payload);
            if (!record || record->key != key || record->expires <= now ||
                value_id != dht::ValueId(payload)) {
              return Error{Code::kUntrusted, "not a record for this place and time"};
            }
            return {};
          }};
}

}  // namespace commresolve::sim
