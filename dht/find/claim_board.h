// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// ClaimBoard: what the finders of one word say, merged and ordered. Pure.
//
// Claims are ordered in rounds, so that nobody fills the list alone: in a round every finder is
// served once, by a claim of his. Of the claims of finders that are not yet served, the next is the
// one that most finders in good standing make, then that most others make, then by score. That is
// how every other place is filled. The places between go by lot: some finder who is not yet served,
// one in good standing if there is one, and his best claim. Scores and pseudonyms are free; the lot
// gives those who shout no more than the share of the finders that they are.

#ifndef COMMRESOLVE_DHT_FIND_CLAIM_BOARD_H_
#define COMMRESOLVE_DHT_FIND_CLAIM_BOARD_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "dht/find/finder_standing.h"
#include "dht/record/posting.h"
#include "resolver/keyword/fold.h"

namespace commresolve::dht {

/// Somebody says that the certificate of a key carries a word. Tier 0: it is an answer for nobody
/// before a handshake proved the key and showed the certificate.
struct Claim {
  KeyPrefix key{};
  /// The one word that is claimed. The other words of the search may be in the certificate: its
  /// sketch does not exclude them.
  std::string word;
  uint8_t score = 0;                ///< The highest that a finder gave it.
  std::vector<Ed25519Key> finders;  ///< Who says so, at least one; those in good standing first.
  size_t good_finders = 0;          ///< How many of them are.
  bool operator==(const Claim&) const = default;
};

/// A finder's rank at the time of the search.
using RankOfFinder = std::function<FinderRank(const Ed25519Key& finder)>;

/// Used by one thread.
class ClaimBoard {
 public:
  /// Of one finder that many claims are kept, his best.
  static constexpr size_t kClaimsOfFinder = 48;

  /// For the claims about `asked`, one of `words`. `rank` may be empty: then everybody is unknown.
  /// `lot` is a random number of this search.
  ClaimBoard(const KeywordSet& words, std::string asked, RankOfFinder rank, uint64_t lot);

  /// Takes what a block says, if its finder is no liar: postings whose sketch holds all words, and
  /// the signpost. Blocks of an older sequence number than another one of this finder and key are
  /// left out, and those that were taken are withdrawn when a newer one comes. Returns the keys
  /// that are claimed by one finder more than before.
  std::vector<KeyPrefix> Add(const PostingBlock& block);

  /// The claim as it stands. `key` must have been returned by Add().
  [[nodiscard]] Claim Get(const KeyPrefix& key) const;
  /// The first `limit` claims in order. Takes time with `limit` times the claims.
  [[nodiscard]] std::vector<Claim> Ranked(size_t limit) const;

  /// What at least `voices` finders agree on, or one in good standing: the largest numbers that so
  /// many say, or exceed. Empty if nobody does.
  [[nodiscard]] std::optional<Signpost> Signposted(size_t voices) const;
  [[nodiscard]] size_t size() const { return claims_.size(); }
  [[nodiscard]] size_t finders() const { return said_.size(); }

 private:
  /// What a finder says of a key, by where he says it: withdrawn together.
  struct Said {
    FinderRank rank = FinderRank::kUnknown;
    uint64_t lot = 0;
    std::map<DhtKey, uint32_t> sequences;
    std::map<KeyPrefix, std::pair<uint8_t, DhtKey>> claims;
    std::optional<Signpost> signpost;
  };
  struct Claimed {
    std::set<Ed25519Key> finders;
    uint64_t lot = 0;
  };

  void Withdraw(const Ed25519Key& finder, Said& said, const DhtKey& where);
  void Unclaim(const Ed25519Key& finder, const KeyPrefix& key);
  bool Take(const Ed25519Key& finder, Said& said, const Posting& posting, const DhtKey& where);
  [[nodiscard]] bool IsGood(const Ed25519Key& finder) const;
  [[nodiscard]] uint64_t LotOf(std::span<const uint8_t> bytes) const;

  struct Ballot;
  [[nodiscard]] std::optional<KeyPrefix> MostSaid(const Ballot& ballot) const;
  [[nodiscard]] std::optional<KeyPrefix> ByLot(const Ballot& ballot) const;

  std::vector<std::string> others_;  // The words that are not asked for.
  std::string asked_;
  RankOfFinder rank_;
  uint64_t lot_;
  std::map<Ed25519Key, Said> said_;
  std::map<KeyPrefix, Claimed> claims_;
};

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_FIND_CLAIM_BOARD_H_
