// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A network in a map, and what finders would put into it.

#ifndef COMMRESOLVE_TESTS_DHT_FIND_FAKE_GETTER_H_
#define COMMRESOLVE_TESTS_DHT_FIND_FAKE_GETTER_H_

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "dht/find/getter.h"
#include "tests/dht/record/samples.h"

namespace commresolve::dht {

/// Answers from Get() itself, and takes `takes` for it. Used by one thread.
class FakeGetter final : public Getter {
 public:
  void Get(const DhtKey& key, std::chrono::milliseconds patience, OnPayload on_value,
           std::function<void()> done) override;
  /// Stores.
  void Put(const DhtKey& key, RecordType type, const std::string& payload);

  std::vector<DhtKey> asked;
  std::vector<std::chrono::milliseconds> patience;
  std::chrono::milliseconds takes{0};  ///< Or the patience, if that is less.
  std::chrono::steady_clock::time_point now;

 private:
  std::map<DhtKey, std::vector<std::pair<uint16_t, std::string>>> values_;
};

KeyPrefix Prefix(uint8_t byte);
/// A posting of `word` for Prefix(`key`), whose certificate carries `words`.
WordEntry PostingOf(const std::string& word, uint8_t key, uint8_t score,
                    const std::vector<std::string>& words);
WordEntry SignpostOf(const std::string& word, uint8_t shards, uint32_t listings);
/// A block by SeedKey(`finder`).
std::string Block(const DhtKey& where, uint8_t finder, const std::vector<WordEntry>& entries,
                  uint32_t sequence = 1);
Ed25519Key Finder(uint8_t seed);

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_TESTS_DHT_FIND_FAKE_GETTER_H_
