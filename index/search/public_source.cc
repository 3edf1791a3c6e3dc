// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Listings with a valid public chain as a part of a Xapian query. They are very many, and mostly
// asked about one at a time: in a shard their ranks tell.

#include <algorithm>
#include <optional>
#include <utility>

#include "index/search/champions.h"
#include "index/search/exact_terms.h"
#include "index/search/terms.h"

namespace commresolve::index {
namespace {

constexpr uint64_t kBehindAll = uint64_t{1} << 32;

class PublicSource final : public Xapian::PostingSource {
 public:
  PublicSource(std::shared_ptr<const ExactTerms> terms, double weight)
      : terms_(std::move(terms)), weight_(weight) {}

  [[nodiscard]] PublicSource* clone() const override { return new PublicSource(terms_, weight_); }

  void init(const Xapian::Database& database) override {
    live_.reset();
    table_ = terms_->Of(database);
    if (table_ == nullptr) {
      database_ = database;
      most_ = database.get_termfreq(flag_);
      end_ = most_ == 0 ? 0 : kBehindAll;
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
    return LiveFrom(listing) == listing;
  }
  /// The first one of the live database from `from` on, which rises from call to call. The list is
  /// read only if it is asked: mostly no live listing carries the words of a query.
  [[nodiscard]] uint64_t LiveFrom(uint64_t from) const {
    if (from >= kBehindAll) return kBehindAll;
    if (!live_) live_ = database_.postlist_begin(flag_);
    if (*live_ != database_.postlist_end(flag_)) live_->skip_to(static_cast<Xapian::docid>(from));
    return *live_ == database_.postlist_end(flag_) ? kBehindAll : uint64_t{**live_};
  }
  void GoTo(uint64_t from) {
    started_ = true;
    at_ = std::min(end_, table_ != nullptr ? table_->NextPublic(from) : LiveFrom(from));
  }

  const std::shared_ptr<const ExactTerms> terms_;
  const double weight_;
  const ExactTable* table_ = nullptr;  // Of the database; null for the live one.
  const std::string flag_ = TermOf(TermKind::kFlag, kPublicFlag);
  Xapian::Database database_;                            // The live one, unless there is a table.
  mutable std::optional<Xapian::PostingIterator> live_;  // In it; empty until it is asked.
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
