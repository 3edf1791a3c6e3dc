// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Steps over a sorted list.

#include "index/search/listing_source.h"

#include <algorithm>

namespace commresolve::index {

void ListingSource::next(double /*min_weight*/) {
  at_ += started_;
  started_ = 1;
}

void ListingSource::skip_to(Xapian::docid wanted, double /*min_weight*/) {
  const auto from = listings_->begin() + static_cast<ptrdiff_t>(at_);
  at_ = static_cast<size_t>(std::lower_bound(from, listings_->end(), wanted) - listings_->begin());
  started_ = 1;
}

}  // namespace commresolve::index
