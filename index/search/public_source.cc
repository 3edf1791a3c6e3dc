// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Listings with a valid public chain as a part of a Xapian query. They are very many, and mostly
// asked about one at a time: in a shard their ranks tell.

#include <algorithm>
#include <utility>

#include "index/search/champions.h"
#include "index/search/exact_terms.h"
#include "index/search/terms.h"

namespace commresolve::index {
namespace {

class PublicSource final : public Xapian::PostingSource {
 public:
  PublicSource(std::shared_ptr<const ExactTerms> terms, double weight)
      : terms_(std::move(terms)), weight_(weight) {}

  [[nodiscard]] PublicSource* clone() const override { return new PublicSource(terms_, weight_); }

  void init(const Xapian::Database& database) override {
    live_.clear();
    table_ = terms_->Of(database);
    if (table_ == nullptr) {
      const std::string flag = TermOf(TermKind::kFlag, kPublicFlag);
      live_.assign(database.postlist_begin(flag), database.postlist_end(flag));
      end_ = live_.empty() ? 0 : uint64_t{live_.back()} + 1;
      most_ = live_.size();
    } else {
      most_ = table_->public_listings();
      end_ = most_ == 0 ? 0 : uint64_t{table_->shard().last} + 1;
    }
    at_ = 0;
    started_ = false;
    set_maxweight(weight_);
  }
  [[nodiscard]] Xapian::doccount get_termfreq_min() const override { return 0; }
  [[nodiscard]] Xapian::doccount get_termfreq_est() const override { return get_termfreq_max(); }
  [[nodiscard]] Xapian::doccount get_termfreq_max() const override {
    return static_cast<Xapian::doccount>(most_);
  }
  void next(double /*min_weight*/) override { GoTo(started_ ? at_ + 1 : at_); }
  void skip_to(Xapian::docid wanted, double /*min_weight*/) override {
    GoTo(std::max<uint64_t>(wanted, at_));
  }
  bool check(Xapian::docid wanted, double /*min_weight*/) override {
    if (wanted < at_) return true;
    started_ = true;
    at_ = std::min<uint64_t>(wanted, end_);
    return at_end() || Holds(wanted);
  }
  [[nodiscard]] bool at_end() const override { return at_ >= end_; }
  [[nodiscard]] Xapian::docid get_docid() const override { return static_cast<Xapian::docid>(at_); }
  [[nodiscard]] double get_weight() const override { return weight_; }

 private:
  [[nodiscard]] bool Holds(ListingId listing) const {
    if (table_ != nullptr) return (table_->RankOf(listing) & kPublicRank) != 0;
    return std::ranges::binary_search(live_, listing);
  }
  void GoTo(uint64_t from) {
    started_ = true;
    if (table_ != nullptr) {
      at_ = std::min(end_, table_->NextPublic(from));
    } else {
      const auto next = std::ranges::lower_bound(live_, from);
      at_ = next == live_.end() ? end_ : *next;
    }
  }

  const std::shared_ptr<const ExactTerms> terms_;
  const double weight_;
  const ExactTable* table_ = nullptr;  // Of the database; null for the live one.
  std::vector<ListingId> live_;
  uint64_t at_ = 0;
  uint64_t end_ = 0;
  uint64_t most_ = 0;
  bool started_ = false;
};

}  // namespace

Xapian::Query PublicQuery(std::shared_ptr<const ExactTerms> terms, double weight) {
  return Xapian::Query((new PublicSource(std::move(terms), weight))->release());
}

}  // namespace commresolve::index
