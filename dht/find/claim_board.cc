// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Claims by finder, so that they can be withdrawn, and by key, so that they can be counted.

#include "dht/find/claim_board.h"

#include <algorithm>
#include <functional>
#include <tuple>

#include "resolver/base/byte_codec.h"

namespace commresolve::dht {

/// A list in the making.
struct ClaimBoard::Ballot {
  std::set<KeyPrefix> listed;
  std::set<Ed25519Key> served;
};

ClaimBoard::ClaimBoard(const KeywordSet& words, std::string asked, RankOfFinder rank, uint64_t lot)
    : others_(words.words()), asked_(std::move(asked)), rank_(std::move(rank)), lot_(lot) {
  std::erase(others_, asked_);
}

bool ClaimBoard::IsGood(const Ed25519Key& finder) const {
  const auto said = said_.find(finder);
  return said != said_.end() && said->second.rank == FinderRank::kGood;
}

uint64_t ClaimBoard::LotOf(std::span<const uint8_t> bytes) const {
  ByteWriter writer;
  writer.Fixed64(lot_);
  writer.Raw({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  const std::array<uint8_t, 32> hash = Sha256(writer.bytes());
  uint64_t lot = 0;
  for (size_t i = 0; i < sizeof(lot); ++i) lot = lot << 8 | hash[i];
  return lot;
}

std::vector<KeyPrefix> ClaimBoard::Add(const PostingBlock& block) {
  const FinderRank rank = rank_ ? rank_(block.finder) : FinderRank::kUnknown;
  if (rank == FinderRank::kLiar) return {};
  Said& said = said_[block.finder];
  said.rank = rank;
  said.lot = LotOf(block.finder);
  const auto known = said.sequences.find(block.key);
  if (known != said.sequences.end() && block.header.sequence < known->second) return {};
  if (known != said.sequences.end() && block.header.sequence > known->second) {
    Withdraw(block.finder, said, block.key);
  }
  said.sequences[block.key] = block.header.sequence;
  const WordFinds finds = FindWord(block, asked_);
  // A word of so few listings has no shards, and asking for them would tell the word.
  const bool hot = finds.signpost && SpreadOf(finds.signpost->listings) != Spread::kBucket;
  if (hot) said.signpost = finds.signpost;
  std::vector<KeyPrefix> news;
  for (const Posting& posting : finds.postings) {
    const auto may_hold = [&](const std::string& word) { return MayHold(posting.sketch, word); };
    if (!std::ranges::all_of(others_, may_hold)) continue;
    if (Take(block.finder, said, posting, block.key)) news.push_back(posting.key);
  }
  return news;
}

void ClaimBoard::Withdraw(const Ed25519Key& finder, Said& said, const DhtKey& where) {
  std::erase_if(said.claims, [&](const auto& claim) {
    if (claim.second.second != where) return false;
    Unclaim(finder, claim.first);
    return true;
  });
  // Signposts stand in the bucket only, and so do the blocks that the old one stood in.
  if (where == BucketOf(asked_)) said.signpost.reset();
}

void ClaimBoard::Unclaim(const Ed25519Key& finder, const KeyPrefix& key) {
  const auto claim = claims_.find(key);
  claim->second.finders.erase(finder);
  if (claim->second.finders.empty()) claims_.erase(claim);
}

bool ClaimBoard::Take(const Ed25519Key& finder, Said& said, const Posting& posting,
                      const DhtKey& where) {
  const auto known = said.claims.find(posting.key);
  if (known != said.claims.end()) {
    if (posting.score > known->second.first) known->second = {posting.score, where};
    return false;
  }
  if (said.claims.size() >= kClaimsOfFinder) {
    const auto worst =
        std::ranges::min_element(said.claims, {}, [](const auto& claim) { return claim.second; });
    if (posting.score <= worst->second.first) return false;
    Unclaim(finder, worst->first);
    said.claims.erase(worst);
  }
  said.claims[posting.key] = {posting.score, where};
  Claimed& claimed = claims_[posting.key];
  if (claimed.finders.empty()) claimed.lot = LotOf(posting.key);
  claimed.finders.insert(finder);
  return true;
}

Claim ClaimBoard::Get(const KeyPrefix& key) const {
  Claim claim;
  claim.key = key;
  claim.word = asked_;
  const auto found = claims_.find(key);
  if (found == claims_.end()) return claim;
  for (const Ed25519Key& finder : found->second.finders) {
    claim.score = std::max(claim.score, said_.at(finder).claims.at(key).first);
    claim.good_finders += IsGood(finder) ? 1 : 0;
    claim.finders.push_back(finder);
  }
  std::ranges::sort(claim.finders, {}, [this](const Ed25519Key& finder) {
    return std::pair(!IsGood(finder), finder);
  });
  return claim;
}

std::optional<KeyPrefix> ClaimBoard::MostSaid(const Ballot& ballot) const {
  std::optional<KeyPrefix> best;
  std::tuple<size_t, size_t, uint8_t, uint64_t> most;
  for (const auto& [key, claimed] : claims_) {
    if (ballot.listed.contains(key)) continue;
    size_t good = 0;
    size_t others = 0;
    uint8_t score = 0;
    for (const Ed25519Key& finder : claimed.finders) {
      if (ballot.served.contains(finder)) continue;
      (IsGood(finder) ? good : others) += 1;
      score = std::max(score, said_.at(finder).claims.at(key).first);
    }
    if (good + others == 0) continue;
    const std::tuple votes(good, others, score, claimed.lot);
    if (best && votes <= most) continue;
    best = key;
    most = votes;
  }
  return best;
}

std::optional<KeyPrefix> ClaimBoard::ByLot(const Ballot& ballot) const {
  std::optional<KeyPrefix> drawn;
  std::pair<bool, uint64_t> lot;
  for (const auto& [finder, said] : said_) {
    if (ballot.served.contains(finder)) continue;
    const std::pair ticket(said.rank == FinderRank::kGood, said.lot);
    if (drawn && ticket <= lot) continue;
    std::optional<KeyPrefix> best;
    std::pair<uint8_t, uint64_t> most;
    for (const auto& [key, claim] : said.claims) {
      const std::pair votes(claim.first, claims_.at(key).lot);
      if (ballot.listed.contains(key) || (best && votes <= most)) continue;
      best = key;
      most = votes;
    }
    if (!best) continue;
    drawn = best;
    lot = ticket;
  }
  return drawn;
}

std::vector<Claim> ClaimBoard::Ranked(size_t limit) const {
  std::vector<Claim> list;
  Ballot ballot;
  while (list.size() < std::min(limit, claims_.size())) {
    const auto next = list.size() % 2 == 0 ? MostSaid(ballot) : ByLot(ballot);
    if (!next) {
      ballot.served.clear();  // Everybody who has more to say is served again.
      continue;
    }
    list.push_back(Get(*next));
    ballot.listed.insert(*next);
    ballot.served.insert(list.back().finders.begin(), list.back().finders.end());
  }
  return list;
}

std::optional<Signpost> ClaimBoard::Signposted(size_t voices) const {
  std::vector<Signpost> all;
  std::optional<Signpost> good;
  for (const auto& [finder, said] : said_) {
    if (!said.signpost) continue;
    all.push_back(*said.signpost);
    if (said.rank == FinderRank::kGood && (!good || good->listings < said.signpost->listings)) {
      good = said.signpost;
    }
  }
  if (all.size() < std::max<size_t>(voices, 1)) return good;
  const size_t place = std::max<size_t>(voices, 1) - 1;
  std::ranges::sort(all, std::greater(), &Signpost::listings);
  Signpost agreed;
  agreed.listings = all[place].listings;
  std::ranges::sort(all, std::greater(), &Signpost::shards);
  agreed.shards = all[place].shards;
  return agreed;
}

}  // namespace commresolve::dht
