// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Bits of words, and such a word as a part of a Xapian query.

#include "index/search/word_bits.h"

#include <algorithm>
#include <bit>

namespace commresolve::index {
namespace {

constexpr size_t kBits = 64;

class WordBitsSource final : public Xapian::PostingSource {
 public:
  WordBitsSource(std::shared_ptr<WordBits> bits, std::shared_ptr<const ExactTerms> exact,
                 std::string term, double weight)
      : bits_(std::move(bits)), exact_(std::move(exact)), term_(std::move(term)), weight_(weight) {}

  [[nodiscard]] WordBitsSource* clone() const override {
    return new WordBitsSource(bits_, exact_, term_, weight_);
  }
  void init(const Xapian::Database& database) override {
    const ExactTable* table = exact_->Of(database);
    shard_ = table == nullptr ? nullptr : bits_->Of(term_, table->shard(), database);
    live_.clear();
    if (shard_ == nullptr) {
      live_.assign(database.postlist_begin(term_), database.postlist_end(term_));
    }
    at_ = 0;
    started_ = false;
    set_maxweight(weight_);
  }
  [[nodiscard]] Xapian::doccount get_termfreq_min() const override { return get_termfreq_max(); }
  [[nodiscard]] Xapian::doccount get_termfreq_est() const override { return get_termfreq_max(); }
  [[nodiscard]] Xapian::doccount get_termfreq_max() const override {
    return static_cast<Xapian::doccount>(shard_ ? shard_->count() : live_.size());
  }
  void next(double /*min_weight*/) override { GoTo(started_ ? at_ + 1 : at_); }
  void skip_to(Xapian::docid wanted, double /*min_weight*/) override {
    GoTo(std::max<uint64_t>(wanted, at_));
  }
  bool check(Xapian::docid wanted, double min_weight) override {
    if (shard_ == nullptr) {
      skip_to(wanted, min_weight);
      return true;
    }
    if (wanted < at_) return true;
    started_ = true;
    at_ = std::min<uint64_t>(wanted, shard_->end());
    return at_end() || shard_->Holds(at_);
  }
  [[nodiscard]] bool at_end() const override { return at_ >= End(); }
  [[nodiscard]] Xapian::docid get_docid() const override { return static_cast<Xapian::docid>(at_); }
  [[nodiscard]] double get_weight() const override { return weight_; }

 private:
  [[nodiscard]] uint64_t End() const {
    if (shard_ != nullptr) return shard_->end();
    return live_.empty() ? 0 : uint64_t{live_.back()} + 1;
  }
  void GoTo(uint64_t from) {
    started_ = true;
    if (shard_ != nullptr) {
      at_ = shard_->Next(from);
      return;
    }
    const auto next = std::ranges::lower_bound(live_, from);
    at_ = next == live_.end() ? End() : *next;
  }

  const std::shared_ptr<WordBits> bits_;
  const std::shared_ptr<const ExactTerms> exact_;
  const std::string term_;
  const double weight_;
  std::shared_ptr<const ShardBits> shard_;  // Null for the live database.
  std::vector<ListingId> live_;
  uint64_t at_ = 0;
  bool started_ = false;
};

}  // namespace

ShardBits::ShardBits(const Xapian::Database& database, const std::string& term, const Shard& shard)
    : shard_(shard), words_((size_t{shard.last} - shard.first) / kBits + 1) {
  const auto end = database.postlist_end(term);
  for (auto at = database.postlist_begin(term); at != end; ++at) {
    const ListingId listing = *at;
    if (listing < shard.first || listing > shard.last) continue;
    words_[(listing - shard.first) / kBits] |= uint64_t{1} << (listing - shard.first) % kBits;
    ++count_;
  }
}

bool ShardBits::Holds(uint64_t listing) const {
  if (listing < shard_.first || listing > shard_.last) return false;
  const uint64_t bit = listing - shard_.first;
  return (words_[bit / kBits] >> bit % kBits & 1) != 0;
}

uint64_t ShardBits::Next(uint64_t from) const {
  if (from > shard_.last) return end();
  const uint64_t first = std::max<uint64_t>(from, shard_.first) - shard_.first;
  size_t at = first / kBits;
  uint64_t left = words_[at] >> first % kBits << first % kBits;
  while (left == 0) {
    if (++at == words_.size()) return end();
    left = words_[at];
  }
  return shard_.first + at * kBits + static_cast<uint64_t>(std::countr_zero(left));
}

std::shared_ptr<const ShardBits> WordBits::Of(const std::string& term, const Shard& shard,
                                              const Xapian::Database& database) {
  const auto [at, first] = kept_.try_emplace({term, shard.first});
  at->second.asked = ++asked_;
  if (!first) return at->second.bits;
  try {
    at->second.bits = std::make_shared<const ShardBits>(database, term, shard);
  } catch (...) {
    kept_.erase(at);
    throw;
  }
  std::shared_ptr<const ShardBits> bits = at->second.bits;
  bytes_ += bits->Bytes();
  while (bytes_ > kMaxBytes && kept_.size() > 1) DropOldest();
  return bits;
}

bool WordBits::Keeps(const std::string& term) const {
  const auto at = kept_.lower_bound({term, 0});
  return at != kept_.end() && at->first.first == term;
}

void WordBits::DropOldest() {
  const auto oldest =
      std::ranges::min_element(kept_, {}, [](const auto& kept) { return kept.second.asked; });
  bytes_ -= oldest->second.bits->Bytes();
  kept_.erase(oldest);
}

Xapian::Query WordBitsQuery(std::shared_ptr<WordBits> bits, std::shared_ptr<const ExactTerms> exact,
                            const std::string& term, double weight) {
  return Xapian::Query(
      (new WordBitsSource(std::move(bits), std::move(exact), term, weight))->release());
}

}  // namespace commresolve::index
