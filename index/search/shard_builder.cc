// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The builder: a database that is neither synced nor ever changed. Merging makes a shard of it.

#include <algorithm>
#include <filesystem>
#include <utility>
#include <vector>

#include "index/search/champions.h"
#include "index/search/exact_terms.h"
#include "index/search/merge.h"
#include "index/search/search_index.h"
#include "index/search/shard_terms.h"
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
      terms_.Begin();
      AddTerms(listing, terms_);
      for (const ExactKey key : terms_.keys()) exact_.push_back({key, listing.id});
      database_.replace_document(listing.id, DocumentOf(terms_.stored()));
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
  const std::string path_;
  const Shard shard_;
  ListingId next_;
  StaticRanks ranks_;
  std::vector<ExactPosting> exact_;
  ShardTerms terms_;
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
