// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Champions as metadata of a shard: one row for each hot term, read when a query asks for it.

#include "index/search/champions.h"

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>

#include "index/search/exact_table.h"
#include "index/search/listing_source.h"
#include "index/search/rank.h"
#include "index/search/terms.h"

namespace commresolve::index {
namespace {

constexpr std::string_view kRowPrefix = "champions ";
constexpr size_t kEntryBytes = 5;  // Rank, then the number of the listing, the highest byte first.
constexpr UnixTime kMonth = UnixTime{30} * 86'400;

struct Champion {
  uint8_t rank = 0;
  ListingId id = 0;
};

std::string RowName(std::string_view term) { return std::string(kRowPrefix).append(term); }

/// Of equal rank, the newest listings.
bool Before(const Champion& a, const Champion& b) {
  return a.rank != b.rank ? a.rank > b.rank : a.id > b.id;
}

void KeepBest(std::vector<Champion>& champions) {
  const auto count = static_cast<ptrdiff_t>(std::min(champions.size(), kMaxChampions));
  std::partial_sort(champions.begin(), champions.begin() + count, champions.end(), Before);
  champions.resize(static_cast<size_t>(count));
}

std::string Encode(const std::vector<Champion>& champions) {
  std::string row;
  for (const Champion& champion : champions) {
    row.push_back(static_cast<char>(champion.rank));
    for (int shift = 24; shift >= 0; shift -= 8) {
      row.push_back(static_cast<char>(champion.id >> shift));
    }
  }
  return row;
}

/// Of a damaged row, what there is of it.
std::vector<Champion> Decode(std::string_view row) {
  std::vector<Champion> champions;
  for (; row.size() >= kEntryBytes; row.remove_prefix(kEntryBytes)) {
    Champion champion{static_cast<uint8_t>(row[0]), 0};
    for (size_t i = 1; i < kEntryBytes; ++i) {
      champion.id = champion.id << 8 | static_cast<uint8_t>(row[i]);
    }
    champions.push_back(champion);
  }
  return champions;
}

constexpr size_t kMaxRankedBytes = 100;  // A row's name must fit into a page.

bool IsRanked(std::string_view term) { return term.size() <= kMaxRankedBytes && !IsExact(term); }

/// The champions in shards where there are some, else all that carry the term.
class ChampionSource final : public ListingSource {
 public:
  ChampionSource(std::string term, double weight)
      : ListingSource(std::make_shared<const std::vector<ListingId>>()),
        term_(std::move(term)),
        weight_(weight) {}

  [[nodiscard]] ChampionSource* clone() const override {
    return new ChampionSource(term_, weight_);
  }
  void init(const Xapian::Database& shard) override {
    std::vector<Champion> champions = Decode(shard.get_metadata(RowName(term_)));
    std::ranges::sort(champions, {}, &Champion::id);
    std::vector<ListingId> listings;
    listings.reserve(champions.size());
    ranks_.clear();
    for (const Champion& champion : champions) {
      listings.push_back(champion.id);
      ranks_.push_back(champion.rank);
    }
    if (listings.empty()) {
      listings.assign(shard.postlist_begin(term_), shard.postlist_end(term_));
    }
    Restart(std::make_shared<const std::vector<ListingId>>(std::move(listings)));
    set_maxweight(weight_ + kMostForRank);
  }
  [[nodiscard]] double get_weight() const override {
    return weight_ + (ranks_.empty() ? 0 : kRankWeight * ranks_[at()]);
  }

 private:
  const std::string term_;
  const double weight_;
  std::vector<uint8_t> ranks_;  // Of the champions; empty if it is all that carry the term.
};

}  // namespace

void StaticRanks::Add(const Listing& listing) {
  rows_.resize(listing.id - shard_.first + 1);
  rows_.back() = {listing.not_after,
                  static_cast<uint8_t>(2 * FewNames(CountNames(listing.fields)) +
                                       (listing.public_chain ? kPublicRank : 0)),
                  true};
  newest_ = std::max(newest_, listing.last_seen);
}

uint8_t StaticRanks::RankOf(ListingId id) const {
  constexpr UnixTime kMostMonths = 3;
  const Row& row = rows_[id - shard_.first];
  if (row.not_after < newest_) return row.rest;
  const auto months = std::min(kMostMonths, 1 + (row.not_after - newest_) / kMonth);
  return static_cast<uint8_t>(8 * months + row.rest);
}

std::vector<uint8_t> StaticRanks::All() const {
  std::vector<uint8_t> ranks(shard_.last - shard_.first + 1);
  for (size_t i = 0; i < rows_.size(); ++i) {
    if (rows_[i].added) ranks[i] = RankOf(shard_.first + static_cast<ListingId>(i));
  }
  return ranks;
}

void WriteChampions(const StaticRanks& ranks, Xapian::WritableDatabase& shard) {
  std::vector<std::pair<std::string, std::string>> rows;
  const auto end = shard.allterms_end();
  for (auto at = shard.allterms_begin(); at != end; ++at) {
    if (at.get_termfreq() <= kMinCarriers || !IsRanked(*at)) continue;
    std::vector<Champion> champions;
    const auto last = shard.postlist_end(*at);
    for (auto posting = shard.postlist_begin(*at); posting != last; ++posting) {
      champions.push_back({ranks.RankOf(*posting), *posting});
    }
    KeepBest(champions);
    rows.emplace_back(RowName(*at), Encode(champions));
  }
  for (const auto& [name, row] : rows) shard.set_metadata(name, row);
}

std::string ChampionMerger::resolve_duplicate_metadata(const std::string& key, size_t num_tags,
                                                       const std::string tags[]) {
  if (!key.starts_with(kRowPrefix)) return tags[0];
  std::vector<Champion> champions;
  for (size_t i = 0; i < num_tags; ++i) {
    const std::vector<Champion> some = Decode(tags[i]);
    champions.insert(champions.end(), some.begin(), some.end());
  }
  KeepBest(champions);
  return Encode(champions);
}

Xapian::Query ChampionQuery(const std::string& term, double weight) {
  return Xapian::Query((new ChampionSource(term, weight))->release());
}

}  // namespace commresolve::index
