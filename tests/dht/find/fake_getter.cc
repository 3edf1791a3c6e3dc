// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A network in a map.

#include "tests/dht/find/fake_getter.h"

#include <algorithm>

namespace commresolve::dht {

void FakeGetter::Get(const DhtKey& key, std::chrono::milliseconds patience_given,
                     OnPayload on_value, std::function<void()> done) {
  asked.push_back(key);
  patience.push_back(patience_given);
  now += std::min(takes, patience_given);
  const auto found = values_.find(key);
  if (takes <= patience_given && found != values_.end()) {
    for (const auto& [type, payload] : found->second) {
      const auto* bytes = reinterpret_cast<const uint8_t*>(payload.c_str());
      if (!on_value(type, {bytes, payload.size()})) break;
    }
  }
  done();
}

void FakeGetter::Put(const DhtKey& key, RecordType type, const std::string& payload) {
  values_[key].emplace_back(static_cast<uint16_t>(type), payload);
}

KeyPrefix Prefix(uint8_t byte) {
  KeyPrefix prefix;
  prefix.fill(byte);
  return prefix;
}

WordEntry PostingOf(const std::string& word, uint8_t key, uint8_t score,
                    const std::vector<std::string>& words) {
  return {word, {Prefix(key), score, SketchOf(words)}, std::nullopt};
}

WordEntry SignpostOf(const std::string& word, uint8_t shards, uint32_t listings) {
  return {word, {}, Signpost{shards, listings}};
}

std::string Block(const DhtKey& where, uint8_t finder, const std::vector<WordEntry>& entries,
                  uint32_t sequence) {
  return *WritePostingBlock(where, {sequence, kNow + kDay}, {}, entries, SeedKey(finder));
}

Ed25519Key Finder(uint8_t seed) { return RawKey(SeedKey(seed)); }

}  // namespace commresolve::dht
