// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The builder: a database that is neither synced nor ever changed. Merging makes a shard of it.

#include <algorithm>
#include <filesystem>
#include <unordered_set>
#include <utility>
#include <vector>

#include "index/search/champions.h"
#include "index/search/exact_terms.h"
#include "index/search/merge.h"
#include "index/search/search_index.h"
#include "index/search/terms.h"
#include "index/search/xapian_guard.h"

namespace commresolve::index {
namespace {

constexpr int kFlags = Xapian::DB_CREATE_OR_OVERWRITE | Xapian::DB_BACKEND_GLASS |
                       Xapian::DB_NO_TERMLIST | Xapian::DB_DANGEROUS;

class XapianShardBuilder final : public ShardBuilder {
 public:
  XapianShardBuilder(std::string path, const Shard& shard)
      : path_(std::move(path)),
        shard_(shard),
        next_(shard.first),
        ranks_(shard),
        database_(path_, kFlags) {}

  Status Put(const Listing& listing) override {
    if (listing.id < next_ || listing.id > shard_.last) {
      return Error{Code::kInvalidArgument, "listing " + std::to_string(listing.id) +
                                               " does not follow in shard " + shard_.Name()};
    }
    next_ = listing.id + 1;
    ranks_.Add(listing);
    return Guarded(path_, [&]() -> Status {
      database_.replace_document(listing.id, DocumentOf(TakeExact(listing.id, TermsOf(listing))));
      return {};
    });
  }

  Status Finish() override {
    return Guarded(path_, [&]() -> Status {
      WriteChampions(ranks_, database_);
      database_.set_metadata(kFormatName, kIndexFormat);
      database_.close();
      return WriteExactFile(path_, shard_, std::move(exact_), ranks_.All());
    });
  }

 private:
  /// Keeps the exact ones of `terms` and gives back the others. Of the terms that are asked for by
  /// their beginning, the first listing has the text.
  std::vector<Term> TakeExact(ListingId id, std::vector<Term> terms) {
    const auto exact =
        std::ranges::partition(terms, [](const Term& term) { return !IsExact(term.text); });
    for (const Term& term : exact) {
      if (!term.text.starts_with(TermPrefix(TermKind::kFlag))) {
        exact_.push_back({ExactKeyOf(term.text), id});
      }
    }
    const auto known = std::partition(exact.begin(), exact.end(), [this](const Term& term) {
      return IsExpanded(term.text) && expanded_.insert(term.text).second;
    });
    terms.erase(known, exact.end());
    return terms;
  }

  const std::string path_;
  const Shard shard_;
  ListingId next_;
  StaticRanks ranks_;
  std::vector<ExactPosting> exact_;
  std::unordered_set<std::string> expanded_;  // That stand in the database.
  Xapian::WritableDatabase database_;
};

}  // namespace

Result<std::unique_ptr<ShardBuilder>> ShardBuilder::Open(const std::string& path,
                                                         const Shard& shard) {
  const std::string folder = RawFolder(path, shard);
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
  return Guarded(folder, [&]() -> Result<std::unique_ptr<ShardBuilder>> {
    return std::unique_ptr<ShardBuilder>(std::make_unique<XapianShardBuilder>(folder, shard));
  });
}

}  // namespace commresolve::index
