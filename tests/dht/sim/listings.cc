// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Words by Zipf's law, and blocks of 18.

#include "tests/dht/sim/listings.h"

#include <algorithm>
#include <random>
#include <span>

namespace commresolve::sim {
namespace {

using dht::RecordType;

constexpr size_t kVocabulary = 20'000;
constexpr size_t kCommonWords = 5;

}  // namespace

dht::SigningKey KeyFromText(const std::string& text) {
  return std::move(dht::SigningKey::FromSeed(Sha256(text))).value();
}

uint32_t Publisher::Listings(const std::string& word) const {
  const auto found = words_.find(word);
  return found == words_.end() ? 0 : static_cast<uint32_t>(found->second.size());
}

void Publisher::Cut(const dht::DhtKey& where, const std::vector<dht::WordEntry>& entries,
                    UnixTime now, std::vector<PutOrder>& orders) const {
  const size_t count = (entries.size() + dht::kMaxPostings - 1) / dht::kMaxPostings;
  for (size_t i = 0; i < count; ++i) {
    const auto begin = entries.begin() + static_cast<std::ptrdiff_t>(i * dht::kMaxPostings);
    const auto end = i + 1 == count ? entries.end() : begin + dht::kMaxPostings;
    const dht::BlockPlace place{static_cast<uint8_t>(i), static_cast<uint8_t>(count)};
    const dht::Header header{static_cast<uint32_t>(now), now + 86'400};
    orders.push_back({where, RecordType::kPosting,
                      *WritePostingBlock(where, header, place, {begin, end}, finder_)});
  }
}

std::vector<PutOrder> Publisher::Blocks(const std::set<std::string>& wanted, uint8_t shards,
                                        UnixTime now) const {
  std::vector<PutOrder> orders;
  std::map<dht::DhtKey, std::vector<dht::WordEntry>> buckets;
  for (const std::string& word : wanted) buckets[dht::BucketOf(word)];
  for (const auto& [word, postings] : words_) {
    const auto bucket = buckets.find(dht::BucketOf(word));
    if (bucket == buckets.end()) continue;
    const auto listings = static_cast<uint32_t>(postings.size());
    const dht::Spread spread = dht::SpreadOf(listings);
    if (spread == dht::Spread::kBucket) {
      for (const dht::Posting& posting : postings) {
        bucket->second.push_back({word, posting, std::nullopt});
      }
      continue;
    }
    const uint8_t all = spread == dht::Spread::kOwnKeys ? dht::ShardsOf(listings) : uint8_t{0};
    bucket->second.push_back({word, {}, dht::Signpost{all, listings}});
    if (!wanted.contains(word)) continue;
    std::vector<dht::Posting> best = postings;
    std::ranges::sort(best, std::greater(),
                      [](const dht::Posting& p) { return std::pair(p.score, p.key); });
    for (size_t shard = 0; shard < std::min(all, shards); ++shard) {
      std::vector<dht::WordEntry> entries;
      const size_t begin = shard * dht::kShardPostings;
      const size_t end = std::min<size_t>(begin + dht::kShardPostings, best.size());
      for (size_t i = begin; i < end; ++i) entries.push_back({word, best[i], std::nullopt});
      Cut(dht::HotWordKey(word, static_cast<uint8_t>(shard)), entries, now, orders);
    }
  }
  for (const auto& [where, entries] : buckets) Cut(where, entries, now, orders);
  return orders;
}

std::vector<Listing> MakeListings(size_t count, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<double> weights(kVocabulary);
  for (size_t i = 0; i < kVocabulary; ++i) weights[i] = 1.0 / static_cast<double>(i + 1);
  std::discrete_distribution<size_t> zipf(weights.begin(), weights.end());
  std::uniform_int_distribution<int> score(0, 255);
  std::vector<Listing> listings(count);
  for (size_t i = 0; i < count; ++i) {
    std::set<std::string> words = {"name" + std::to_string(i / 2)};
    while (words.size() < kCommonWords + 1) words.insert("word" + std::to_string(zipf(random)));
    listings[i].words.assign(words.begin(), words.end());
    listings[i].score = static_cast<uint8_t>(score(random));
    listings[i].key = dht::PrefixOf(KeyId{Sha256("listing " + std::to_string(i))});
  }
  return listings;
}

}  // namespace commresolve::sim
