// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// IndexView: the live database and the sealed shards of an index, read as one. Throws what Xapian
// throws.

#ifndef COMMRESOLVE_INDEX_SEARCH_INDEX_VIEW_H_
#define COMMRESOLVE_INDEX_SEARCH_INDEX_VIEW_H_

#include <sys/stat.h>
#include <xapian.h>

#include <memory>
#include <optional>
#include <string>

#include "index/ledger/listing.h"
#include "index/search/exact_terms.h"
#include "index/search/frequencies.h"
#include "index/search/shard_list.h"
#include "index/search/word_bits.h"
#include "resolver/base/mapped_file.h"
#include "resolver/base/result.h"

namespace commresolve::index {

class IndexView {
 public:
  /// kNotFound, kCorrupt as SearchReader::Open().
  static Result<IndexView> Open(const std::string& path);

  /// Goes on to the newest state. Costs two looks at a file if there is none.
  Status Refresh();

  /// All databases as one; its document numbers are those of Xapian, see ListingOf().
  [[nodiscard]] const Xapian::Database& database() const { return all_; }
  [[nodiscard]] const Xapian::Database& live() const { return live_; }
  /// Of the shards.
  [[nodiscard]] const std::shared_ptr<const ExactTerms>& exact() const { return exact_; }
  /// Of the shards.
  [[nodiscard]] const std::shared_ptr<WordBits>& word_bits() const { return word_bits_; }
  /// How many listings carry `term`, now; one that stands in a shard and in the live database
  /// counts twice.
  [[nodiscard]] TermCount Frequency(const std::string& term) const {
    return frequencies_->Of(term, live_);
  }
  /// The live database comes first, a shard has the number of the listing too.
  [[nodiscard]] ListingId ListingOf(Xapian::docid number) const {
    return static_cast<ListingId>((number - 1) / (shards_.size() + 1) + 1);
  }
  /// Grows with every commit to the live database.
  [[nodiscard]] Xapian::rev Revision() const { return live_.get_revision(); }
  /// Listings; what stands in a shard and in the live database counts once.
  [[nodiscard]] uint64_t CountListings() const;

 private:
  explicit IndexView(std::string path) : path_(std::move(path)) {}
  static Result<IndexView> OpenOnce(const std::string& path);
  void RefreshLive();

  std::string path_;
  struct stat listed_{};               // Of the list of shards that was read.
  std::optional<MappedFile> version_;  // Of the live database; its number is free to others later.
  Shards shards_;
  std::shared_ptr<const ExactTerms> exact_;
  std::shared_ptr<WordBits> word_bits_ = std::make_shared<WordBits>();
  std::shared_ptr<Frequencies> frequencies_;
  Xapian::Database live_;
  Xapian::Database all_;  // Shares live_.
};

/// Documents of `database` with numbers up to `last`. Throws what Xapian throws.
uint64_t CountUpTo(const Xapian::Database& database, ListingId last);

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_SEARCH_INDEX_VIEW_H_
