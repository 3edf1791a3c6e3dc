// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The simulator's listings and questions, with names, certificates and addresses.

#include "tests/bench/lookup_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <utility>

#include "dht/find/peer_search.h"
#include "dht/privacy/publishable.h"
#include "dht/record/bucket.h"
#include "index/certificate/certificate.h"
#include "tests/bench/bench.h"

namespace commresolve::bench {
namespace {

using dht::KeyPrefix;

constexpr uint64_t kSeed = 1;
constexpr uint16_t kPort = 443;
constexpr size_t kAddressesOfNetwork = 250;

/// The words in one label.
std::string NameOf(const std::vector<std::string>& words) {
  return fmt::format("{}.org", fmt::join(words, "-"));
}

Owner MakeOwner(const std::string& name, size_t number) {
  const std::string ip =
      fmt::format("11.128.{}.{}", number / kAddressesOfNetwork, number % kAddressesOfNetwork + 1);
  return {fakes::MakeCertificate({.names = {name}}),
          {Need(IpAddress::Parse(ip)), kPort, Protocol::kTls, name}};
}

/// A posting has two bits for the class of the word, and six for this.
int PostedScore(const sim::Listing& listing) { return listing.score >> 2; }

dht::FoundListing FoundAs(const KeyId& key, const std::vector<std::string>& words, uint8_t score) {
  const std::string name = NameOf(words);
  index::ParsedCertificate text;
  text.facts.names = {name};
  text.fields = {{Field::kDnsName, name}};
  return {key, {{name, dht::kLeastSightings}}, index::ExtractKeywords(text, true, nullptr), score};
}

}  // namespace

LookupPlan::LookupPlan(const LookupSizes& sizes)
    : sizes_(sizes), listings_(sim::MakeListings(sizes.listings, kSeed)) {
  std::mt19937_64 random(kSeed);
  questions_ = sim::MakeQuestions(listings_, sizes_.questions, random);
  MakeOwners();
  ListKeys();
}

/// Gives keys of servers to the best listings of the questions, which had numbers for keys.
void LookupPlan::MakeOwners() {
  std::set<KeyPrefix> wanted;
  for (const sim::Truth& question : questions_) {
    wanted.insert(question.best.begin(), question.best.end());
  }
  std::map<KeyPrefix, KeyPrefix> renamed;
  keys_.reserve(listings_.size());
  for (size_t i = 0; i < listings_.size(); ++i) {
    sim::Listing& listing = listings_[i];
    if (!wanted.contains(listing.key)) {
      keys_.push_back(KeyId{Sha256("listing " + std::to_string(i))});
      continue;
    }
    owners_.push_back(MakeOwner(NameOf(listing.words), owners_.size()));
    keys_.push_back(owners_.back().certificate.key_id());
    renamed[listing.key] = dht::PrefixOf(keys_.back());
    listing.key = renamed[listing.key];
    owners_.back().announces = owners_.size() % 2 == 0;
    owners_.back().finder = sim::FindersOf(listing, sizes_.publishers)[0];
  }
  for (sim::Truth& question : questions_) {
    for (KeyPrefix& key : question.best) key = renamed.at(key);
    std::set<KeyPrefix> all;
    for (const KeyPrefix& key : question.all) {
      const auto other = renamed.find(key);
      all.insert(other == renamed.end() ? key : other->second);
    }
    question.all = std::move(all);
  }
  owners_.push_back(MakeOwner("bait.org", owners_.size()));
}

void LookupPlan::ListKeys() {
  for (size_t i = 0; i < listings_.size(); ++i) by_key_[listings_[i].key] = i;
  const dht::SearchLimits limits;
  for (const sim::Truth& question : questions_) {
    for (const std::string& word : question.words.words()) {
      words_.insert(word);
      asked_.insert(dht::BucketOf(word));
      for (uint8_t shard = 0; shard < limits.most_shards; ++shard) {
        asked_.insert(dht::HotWordKey(word, shard));
      }
    }
  }
}

std::vector<KeyId> LookupPlan::Provable(const sim::Truth& question) const {
  std::vector<KeyId> keys;
  for (const Owner& owner : owners_) {
    const KeyId key = owner.certificate.key_id();
    if (question.all.contains(dht::PrefixOf(key))) keys.push_back(key);
  }
  return keys;
}

std::vector<dht::FoundListing> LookupPlan::ListingsOf(size_t publisher) const {
  std::vector<dht::FoundListing> found;
  for (size_t i = 0; i < listings_.size(); ++i) {
    const auto finders = sim::FindersOf(listings_[i], sizes_.publishers);
    if (std::ranges::find(finders, publisher) == finders.end()) continue;
    found.push_back(FoundAs(keys_[i], listings_[i].words, listings_[i].score));
  }
  if (publisher != 0) return found;
  const KeyId bait = owners_.back().certificate.key_id();
  for (const sim::Truth& question : questions_) {
    found.push_back(FoundAs(bait, question.words.words(), UINT8_MAX));
  }
  return found;
}

std::map<std::string, uint32_t> LookupPlan::Frequencies() const {
  std::map<std::string, uint32_t> frequencies;
  for (const std::string& word : words_) frequencies[word] = 0;
  for (const sim::Listing& listing : listings_) {
    const auto finders = sim::FindersOf(listing, sizes_.publishers);
    if (std::ranges::find(finders, size_t{1}) == finders.end()) continue;
    for (const std::string& word : listing.words) {
      const auto at = frequencies.find(word);
      if (at != frequencies.end()) ++at->second;
    }
  }
  return frequencies;
}

double LookupPlan::RecallOf(const sim::Truth& question, const std::set<KeyPrefix>& keys) const {
  const int least = PostedScore(listings_[by_key_.at(question.best.back())]);
  const auto good = static_cast<size_t>(std::ranges::count_if(keys, [&](const KeyPrefix& key) {
    return question.all.contains(key) && PostedScore(listings_[by_key_.at(key)]) >= least;
  }));
  const size_t best = question.best.size();
  return static_cast<double>(std::min(good, best)) / static_cast<double>(best);
}

}  // namespace commresolve::bench
