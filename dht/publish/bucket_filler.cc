// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Words are closed when the next one begins, buckets likewise.

#include "dht/publish/bucket_filler.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <tuple>
#include <utility>

namespace commresolve::dht {
namespace {

/// Postings of one word that can be published at all.
constexpr size_t kMostOfAWord = size_t{kMaxShards} * kShardPostings;
/// Entries of a bucket that are sorted out before there are more.
constexpr size_t kMostRanked = 8'192;

bool IsBetter(const Posting& a, const Posting& b) {
  return std::tie(b.score, a.key) < std::tie(a.score, b.key);
}

uint32_t Rounded(uint32_t listings) {
  constexpr uint32_t kDigits = 4;
  const uint32_t digits = std::bit_width(listings);
  const uint32_t below = digits > kDigits ? digits - kDigits : 0;
  return listings >> below << below;
}

}  // namespace

BucketFiller::BucketFiller(size_t bucket_blocks, Take take)
    : bucket_entries_(std::clamp<size_t>(bucket_blocks, 1, kMaxSetBlocks) * kMaxPostings),
      take_(std::move(take)) {}

bool BucketFiller::Before(const Ranked& a, const Ranked& b) {
  const auto order = [](const Ranked& ranked) {
    const Posting& posting = ranked.entry.posting;
    return std::make_tuple(ranked.rank, -int{posting.score}, std::string_view(ranked.entry.word),
                           posting.key);
  };
  return order(a) < order(b);
}

Status BucketFiller::Add(const DhtKey& bucket, std::string_view word, const Posting& posting) {
  if (word != word_ || bucket != bucket_) {
    COMMRESOLVE_TRY(EndWord());
    word_ = word;
  }
  if (bucket != bucket_) {
    COMMRESOLVE_TRY(EndBucket());
    bucket_ = bucket;
  }
  if (!best_.empty() && best_.back().key == posting.key) {
    best_.back().score = std::max(best_.back().score, posting.score);
    best_.back().sketch |= posting.sketch;
    return {};
  }
  if (best_.size() >= 2 * kMostOfAWord) KeepBest(kMostOfAWord);
  best_.push_back(posting);
  ++postings_;
  if (listings_ < std::numeric_limits<uint32_t>::max()) ++listings_;
  return {};
}

Status BucketFiller::Finish() {
  COMMRESOLVE_TRY(EndWord());
  return EndBucket();
}

void BucketFiller::KeepBest(size_t most) {
  if (best_.size() <= most) return;
  std::ranges::nth_element(best_, best_.begin() + static_cast<std::ptrdiff_t>(most), IsBetter);
  best_.resize(most);
}

Status BucketFiller::EndWord() {
  if (best_.empty()) return {};
  const Spread spread = SpreadOf(listings_);
  if (spread == Spread::kBucket) {
    std::ranges::sort(best_, IsBetter);
    uint32_t rank = 0;
    for (const Posting& posting : best_) ranked_.push_back({++rank, {word_, posting, {}}});
  } else {
    const uint8_t shards = spread == Spread::kOwnKeys ? ShardsOf(listings_) : uint8_t{0};
    ranked_.push_back({0, {word_, {}, Signpost{shards, Rounded(listings_)}}});
    if (shards != 0) COMMRESOLVE_TRY(PutShards(listings_));
  }
  if (ranked_.size() > kMostRanked) {
    std::ranges::sort(ranked_, Before);
    ranked_.resize(bucket_entries_);
  }
  best_.clear();
  listings_ = 0;
  return {};
}

Status BucketFiller::PutShards(uint32_t listings) {
  KeepBest(kMostOfAWord);
  std::ranges::sort(best_, IsBetter);
  const size_t shards = ShardsOf(listings);
  for (size_t shard = 0; shard < shards; ++shard) {
    const size_t first = shard * kShardPostings;
    const size_t last = std::min(first + kShardPostings, best_.size());
    std::vector<WordEntry> entries;
    entries.reserve(last - first);
    for (size_t i = first; i < last; ++i) entries.push_back({word_, best_[i], {}});
    COMMRESOLVE_TRY(Give(HotWordKey(word_, static_cast<uint8_t>(shard)), std::move(entries)));
  }
  return {};
}

Status BucketFiller::EndBucket() {
  if (ranked_.empty()) return {};
  std::ranges::sort(ranked_, Before);
  if (ranked_.size() > bucket_entries_) ranked_.resize(bucket_entries_);
  std::vector<WordEntry> entries;
  entries.reserve(ranked_.size());
  for (Ranked& ranked : ranked_) entries.push_back(std::move(ranked.entry));
  ranked_.clear();
  return Give(bucket_, std::move(entries));
}

Status BucketFiller::Give(const DhtKey& key, std::vector<WordEntry> entries) {
  placed_ += static_cast<size_t>(std::ranges::count_if(
      entries, [](const WordEntry& entry) { return !entry.signpost.has_value(); }));
  return take_({key, std::move(entries)});
}

}  // namespace commresolve::dht
