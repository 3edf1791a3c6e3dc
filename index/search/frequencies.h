// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Frequencies: how many listings carry a term. A plan asks for many, of which most are words of the
// query joined or public suffixes; so a reader keeps what it was told lately. What shards say never
// changes, what the live database says holds until its next commit. Throws what Xapian throws.

#ifndef COMMRESOLVE_INDEX_SEARCH_FREQUENCIES_H_
#define COMMRESOLVE_INDEX_SEARCH_FREQUENCIES_H_

#include <xapian.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>

#include "index/search/exact_terms.h"

namespace commresolve::index {

/// Listings that carry a term. One that stands in both places counts in both.
struct TermCount {
  uint32_t sealed = 0;
  uint32_t live = 0;
  [[nodiscard]] size_t all() const { return size_t{sealed} + live; }
};

/// Used by one thread.
class Frequencies {
 public:
  /// When there would be more, all are forgotten.
  static constexpr size_t kMaxTerms = 16'384;

  /// `sealed`: all shards, whose tables `exact` are.
  Frequencies(Xapian::Database sealed, std::shared_ptr<const ExactTerms> exact)
      : sealed_(std::move(sealed)), exact_(std::move(exact)) {}

  /// As the shards and `live`, the same database in every call, are now.
  TermCount Of(const std::string& term, const Xapian::Database& live);
  [[nodiscard]] size_t kept() const { return kept_.size(); }

 private:
  struct Kept {
    TermCount count;
    Xapian::rev revision = 0;  // Of the live database, when it was asked.
  };

  const Xapian::Database sealed_;
  const std::shared_ptr<const ExactTerms> exact_;
  std::unordered_map<std::string, Kept> kept_;  // By term.
};

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_SEARCH_FREQUENCIES_H_
