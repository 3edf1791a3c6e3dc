// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Publishing what may be asked for, and searching.

#include "tests/dht/sim/find_scenarios.h"

#include <algorithm>
#include <functional>
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

std::vector<Publisher> Publishers(const std::vector<Listing>& listings) {
  std::vector<Publisher> publishers;
  for (size_t i = 0; i < kFinders; ++i) {
    publishers.emplace_back(KeyFromText("finder " + std::to_string(i)));
  }
  for (size_t i = 0; i < listings.size(); ++i) {
    const Listing& listing = listings[i];
    const auto [first, second] = FindersOf(listing, kFinders);
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
