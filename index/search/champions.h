// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Champions: of a term that very many listings of a shard carry, the few that are likely to come
// first. They are noted when the shard is built, so that a search for one hot word need not look at
// all of them. Throws what Xapian throws.

#ifndef COMMRESOLVE_INDEX_SEARCH_CHAMPIONS_H_
#define COMMRESOLVE_INDEX_SEARCH_CHAMPIONS_H_

#include <xapian.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "index/ledger/listing.h"
#include "index/search/shard_list.h"

namespace commresolve::index {

/// Champions of one term in one shard, at most.
inline constexpr size_t kMaxChampions = 128;
/// A term has champions in a shard where more listings than this carry it.
inline constexpr size_t kMinCarriers = 32;
/// What each step of rank adds to the weight of a champion: of so many that carry the same word the
/// better ones are sifted.
inline constexpr double kRankWeight = 0.01;
inline constexpr double kMostForRank = kRankWeight * std::numeric_limits<uint8_t>::max();

/// What listings are worth before any query: unexpired for long, few names, a public chain.
class StaticRanks {
 public:
  explicit StaticRanks(const Shard& shard) : shard_(shard) {}
  /// Once for each listing, in rising order.
  void Add(const Listing& listing);
  /// The higher the better. `id` was added.
  [[nodiscard]] uint8_t RankOf(ListingId id) const;
  /// Of every number of the shard, 0 for those that were not added.
  [[nodiscard]] std::vector<uint8_t> All() const;

 private:
  struct Row {
    UnixTime not_after = 0;
    uint8_t rest = 0;
    bool added = false;
  };
  const Shard shard_;
  std::vector<Row> rows_;
  UnixTime newest_ = 0;  // The last time that any of them was seen.
};

/// Notes in the metadata of `shard` who the champions of its hot terms are.
void WriteChampions(const StaticRanks& ranks, Xapian::WritableDatabase& shard);

/// Makes one list of champions of those of the shards that are merged.
class ChampionMerger : public Xapian::Compactor {
 public:
  std::string resolve_duplicate_metadata(const std::string& key, size_t num_tags,
                                         const std::string tags[]) override;
};

/// Listings that carry `term`: the champions in shards where it has some, else all. Each weighs
/// `weight`, a champion a little more according to its rank.
Xapian::Query ChampionQuery(const std::string& term, double weight);

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_SEARCH_CHAMPIONS_H_
