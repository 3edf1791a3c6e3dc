// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// ListingSource: listings given by number, as a part of a Xapian query.

#ifndef COMMRESOLVE_INDEX_SEARCH_LISTING_SOURCE_H_
#define COMMRESOLVE_INDEX_SEARCH_LISTING_SOURCE_H_

#include <xapian.h>

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "index/ledger/listing.h"

namespace commresolve::index {

/// Without weight. Xapian asks a clone of it in each database and deletes it.
class ListingSource : public Xapian::PostingSource {
 public:
  using Listings = std::shared_ptr<const std::vector<ListingId>>;

  /// Sorted and distinct.
  explicit ListingSource(Listings listings) : listings_(std::move(listings)) {}

  [[nodiscard]] ListingSource* clone() const override { return new ListingSource(listings_); }
  void init(const Xapian::Database& /*database*/) override { at_ = started_ = 0; }
  [[nodiscard]] Xapian::doccount get_termfreq_min() const override { return 0; }
  [[nodiscard]] Xapian::doccount get_termfreq_est() const override { return get_termfreq_max(); }
  [[nodiscard]] Xapian::doccount get_termfreq_max() const override {
    return static_cast<Xapian::doccount>(listings_->size());
  }
  void next(double min_weight) override;
  void skip_to(Xapian::docid wanted, double min_weight) override;
  [[nodiscard]] bool at_end() const override { return at_ >= listings_->size(); }
  [[nodiscard]] Xapian::docid get_docid() const override { return (*listings_)[at_]; }

 protected:
  void Restart(Listings listings) {
    listings_ = std::move(listings);
    at_ = started_ = 0;
  }
  /// The place of get_docid() among them.
  [[nodiscard]] size_t at() const { return at_; }

 private:
  Listings listings_;
  size_t at_ = 0;
  size_t started_ = 0;  // 0 before the first call of next() or skip_to().
};

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_SEARCH_LISTING_SOURCE_H_
