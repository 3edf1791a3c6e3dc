// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Publishing what may be asked for, and searching.

#include "tests/dht/sim/find_scenarios.h"

#include <algorithm>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <utility>

namespace commresolve::sim {
namespace {

using dht::KeyPrefix;

constexpr size_t kFinders = 50;
constexpr size_t kFirst = 10;

dht::SearchKnowledge NothingBound() {
  return {[](const KeywordSet&) { return false; }, {}, {}, {}};
}

/// Two or three words of a random listing, and every listing that has them all.
std::vector<Truth> MakeQuestions(const std::vector<Listing>& listings, size_t count,
                                 std::mt19937_64& random) {
  std::map<std::string, std::vector<size_t>> index;
  for (size_t i = 0; i < listings.size(); ++i) {
    for (const std::string& word : listings[i].words) index[word].push_back(i);
  }
  std::uniform_int_distribution<size_t> any(0, listings.size() - 1);
  std::vector<Truth> questions;
  for (size_t i = 0; i < count; ++i) {
    std::vector<std::string> words = listings[any(random)].words;
    std::ranges::shuffle(words, random);
    words.resize(2 + i % 2);
    std::vector<size_t> left = index[words[0]];
    for (const std::string& word : words) {
      std::vector<size_t> both;
      std::ranges::set_intersection(left, index[word], std::back_inserter(both));
      left = std::move(both);
    }
    std::ranges::sort(left, std::greater(),
                      [&](size_t l) { return std::pair(listings[l].score, listings[l].key); });
    Truth truth{*KeywordSet::FromWords(words), {}, {}};
    for (const size_t l : left) {
      if (truth.best.size() < kFirst) truth.best.push_back(listings[l].key);
      truth.all.insert(listings[l].key);
    }
    questions.push_back(std::move(truth));
  }
  return questions;
}

std::vector<Publisher> Publishers(const std::vector<Listing>& listings) {
  std::vector<Publisher> publishers;
  for (size_t i = 0; i < kFinders; ++i) {
    publishers.emplace_back(KeyFromText("finder " + std::to_string(i)));
  }
  for (size_t i = 0; i < listings.size(); ++i) {
    const Listing& listing = listings[i];
    const size_t first = listing.key[0] % kFinders;
    const size_t second = (first + 1 + listing.key[1] % (kFinders - 1)) % kFinders;
    const dht::Posting posting{listing.key, listing.score, dht::SketchOf(listing.words)};
    for (const std::string& word : listing.words) {
      publishers[first].Add(word, posting);
      publishers[second].Add(word, posting);
    }
  }
  return publishers;
}

}  // namespace

std::vector<FindFigures> FindMany(size_t nodes, size_t count, size_t searches) {
  FindWorld world(nodes, 0);
  const std::vector<Listing> listings = MakeListings(count, 1);
  const std::vector<Publisher> publishers = Publishers(listings);
  const std::vector<Truth> questions = MakeQuestions(listings, searches, world.network().random());
  std::set<std::string> wanted;
  for (const Truth& truth : questions) {
    wanted.insert(truth.words.words().begin(), truth.words.words().end());
  }
  FindFigures figures;
  figures.what = std::to_string(count) + " listings";
  const dht::SearchLimits limits;
  for (const Publisher& publisher : publishers) {
    world.Put(publisher.Blocks(wanted, limits.most_shards, world.Now()), figures);
  }
  dht::SearchKnowledge knowledge = NothingBound();
  knowledge.frequency = [&](const std::string& word) -> std::optional<uint32_t> {
    return publishers[0].Listings(word);
  };
  Searcher searcher(world, knowledge);
  const IsForged nobody = [](const KeyPrefix&) { return false; };
  for (const Truth& truth : questions) searcher.Search(truth, nobody, figures);
  Finish(figures);
  return {figures};
}

namespace {

constexpr size_t kForgers = kFinders * 3 / 10;
constexpr size_t kTrueKeys = 20;

std::string Target(size_t number) { return "target" + std::to_string(number); }
std::string TrueKey(size_t word, size_t number) {
  return Target(word) + " " + std::to_string(number);
}
KeyPrefix KeyNamed(const std::string& name) { return dht::PrefixOf(KeyId{Sha256(name)}); }

PutOrder OwnersPlace(const KeyId& subject, const dht::SigningKey& signer, const char* ip,
                     UnixTime now) {
  dht::OwnerRecord record;
  record.subject = subject;
  record.header = {static_cast<uint32_t>(now), now + 86'400};
  record.valid_from = now;
  record.endpoints = {{*IpAddress::Parse(ip), 443, Protocol::kTls, ""}};
  return {SubjectKey(dht::RecordType::kOwner, subject), dht::RecordType::kOwner,
          *WriteOwner(record, signer)};
}

/// The true postings, and the owners' records of their keys.
std::vector<PutOrder> Honest(size_t words, UnixTime now, std::vector<Truth>& truths) {
  std::vector<Publisher> honest;
  for (size_t i = kForgers; i < kFinders; ++i) {
    honest.emplace_back(KeyFromText("finder " + std::to_string(i)));
  }
  std::vector<PutOrder> orders;
  std::set<std::string> wanted;
  for (size_t word = 0; word < words; ++word) {
    wanted.insert(Target(word));
    Truth truth{*KeywordSet::FromText(Target(word)), {}, {}};
    for (size_t i = 0; i < kTrueKeys; ++i) {
      const dht::SigningKey owner = KeyFromText(TrueKey(word, i));
      const KeyPrefix key = dht::PrefixOf(owner.id());
      const auto score = static_cast<uint8_t>(100 + i);
      honest[(word + i) % honest.size()].Add(Target(word), {key, score, 0});
      truth.all.insert(key);
      truth.best.insert(truth.best.begin(), key);
      orders.push_back(OwnersPlace(owner.id(), owner, kTruePlace, now));
    }
    truth.best.resize(kFirst);
    truths.push_back(std::move(truth));
  }
  for (const Publisher& publisher : honest) {
    const auto blocks = publisher.Blocks(wanted, 0, now);
    orders.insert(orders.end(), blocks.begin(), blocks.end());
  }
  return orders;
}

/// False postings, and for true keys places in the name of the owner.
std::vector<PutOrder> Forged(size_t words, bool together, UnixTime now,
                             std::set<KeyPrefix>& forged) {
  std::vector<PutOrder> orders;
  for (size_t i = 0; i < kForgers; ++i) {
    Publisher forger(KeyFromText("forger " + std::to_string(i)));
    std::set<std::string> wanted;
    for (size_t word = 0; word < words; ++word) {
      wanted.insert(Target(word));
      for (size_t j = 0; j < dht::kMaxPostings; ++j) {
        const std::string name = together ? "together" : "forger " + std::to_string(i);
        const KeyPrefix key = KeyNamed(name + Target(word) + " " + std::to_string(j));
        forger.Add(Target(word), {key, 255, ~dht::Sketch{0}});
        forged.insert(key);
      }
      const KeyId victim = KeyFromText(TrueKey(word, i)).id();
      orders.push_back(
          OwnersPlace(victim, KeyFromText("forger " + std::to_string(i)), kForgedPlace, now));
    }
    const auto blocks = forger.Blocks(wanted, 0, now);
    orders.insert(orders.end(), blocks.begin(), blocks.end());
  }
  return orders;
}

}  // namespace

std::vector<FindFigures> FindForged(size_t nodes, size_t words) {
  std::vector<FindFigures> rows;
  for (const bool together : {true, false}) {
    FindWorld world(nodes, nodes * 3 / 10);
    FindFigures stranger;
    std::vector<Truth> truths;
    std::set<KeyPrefix> forged;
    world.Put(Forged(words, together, world.Now(), forged), stranger);
    world.Put(Honest(words, world.Now(), truths), stranger);
    const IsForged is_forged = [&](const KeyPrefix& key) { return forged.contains(key); };
    FindFigures learner = stranger;
    const std::string how = together ? "the same keys" : "keys of their own";
    stranger.what = how + ", nobody is known";
    learner.what = how + ", who lied is remembered";

    Searcher first(world, NothingBound());
    for (const Truth& truth : truths) first.Search(truth, is_forged, stranger);
    dht::FinderStanding standing;
    dht::SearchKnowledge knowledge = NothingBound();
    knowledge.rank = [&](const dht::Ed25519Key& finder) { return standing.Of(finder); };
    Searcher second(world, knowledge);
    for (const Truth& truth : truths) {
      second.Search(truth, is_forged, learner, [&](const dht::SearchResult& result) {
        for (size_t i = 0; i < std::min(result.found.size(), kFirst); ++i) {
          const dht::Claim& claim = result.found[i].claim;
          for (const dht::Ed25519Key& finder : claim.finders) {
            standing.Judge(finder, claim.key, claim.word, truth.all.contains(claim.key),
                           world.Now());
          }
        }
      });
    }
    Finish(stranger);
    Finish(learner);
    rows.push_back(std::move(stranger));
    rows.push_back(std::move(learner));
  }
  return rows;
}

}  // namespace commresolve::sim
