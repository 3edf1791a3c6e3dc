// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Listings: certificates with words, the publishers who found them, and the records that these put.

#ifndef COMMRESOLVE_TESTS_DHT_SIM_LISTINGS_H_
#define COMMRESOLVE_TESTS_DHT_SIM_LISTINGS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "dht/record/posting.h"

namespace commresolve::sim {

dht::SigningKey KeyFromText(const std::string& text);

/// A record that somebody puts.
struct PutOrder {
  dht::DhtKey where{};
  dht::RecordType type = dht::RecordType::kPosting;
  std::string payload;
};

/// A publisher's postings: what stands in buckets and shards, by the rules of dht/record/bucket.h.
class Publisher {
 public:
  explicit Publisher(dht::SigningKey finder) : finder_(std::move(finder)) {}

  void Add(const std::string& word, const dht::Posting& posting) {
    words_[word].push_back(posting);
  }
  [[nodiscard]] uint32_t Listings(const std::string& word) const;
  [[nodiscard]] dht::Ed25519Key finder() const { return *dht::Ed25519KeyOf(finder_.spki()); }
  /// What lies under the buckets of `wanted`, all of it, and in the first `shards` shards of these
  /// words if they are hot. The best by score stand in shard 0.
  [[nodiscard]] std::vector<PutOrder> Blocks(const std::set<std::string>& wanted, uint8_t shards,
                                             UnixTime now) const;

 private:
  void Cut(const dht::DhtKey& where, const std::vector<dht::WordEntry>& entries, UnixTime now,
           std::vector<PutOrder>& orders) const;

  dht::SigningKey finder_;
  std::map<std::string, std::vector<dht::Posting>> words_;
};

struct Listing {
  std::vector<std::string> words;  ///< Distinct.
  uint8_t score = 0;
  dht::KeyPrefix key{};
};

/// `count` listings of six words: one that two of them share, and five of 20,000 by Zipf's law.
std::vector<Listing> MakeListings(size_t count, uint64_t seed);

}  // namespace commresolve::sim

#endif  // COMMRESOLVE_TESTS_DHT_SIM_LISTINGS_H_
