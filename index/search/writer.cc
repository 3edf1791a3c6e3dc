// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The writer, and the checks that reader and writer share.

#include <charconv>
#include <filesystem>
#include <system_error>

#include "index/search/index_view.h"
#include "index/search/merge.h"
#include "index/search/search_index.h"
#include "index/search/terms.h"
#include "index/search/words.h"
#include "index/search/xapian_guard.h"
#include "resolver/base/files.h"

namespace commresolve::index {
namespace {

constexpr const char* kSealedName = "sealed";

ListingId LastOf(const Shards& shards) { return shards.empty() ? 0 : shards.back().last; }

class XapianWriter final : public SearchWriter {
 public:
  XapianWriter(std::string path, Xapian::WritableDatabase database, Shards shards)
      : path_(std::move(path)), database_(std::move(database)), shards_(std::move(shards)) {}

  Status Put(const Listing& listing) override {
    if (listing.id == 0) return Error{Code::kInvalidArgument, "a listing has no number"};
    return Write([&]() -> Status {
      database_.replace_document(listing.id, DocumentOf(TermsOf(listing)));
      return {};
    });
  }

  Status Commit() override {
    return Write([&]() -> Status {
      database_.commit();
      return {};
    });
  }

  [[nodiscard]] const std::string& path() const override { return path_; }
  [[nodiscard]] ListingId SealedUpTo() const override { return LastOf(shards_); }

  Result<uint64_t> CountOutdated() override {
    return Guarded(path_, [&]() -> Result<uint64_t> { return CountUpTo(database_, SealedUpTo()); });
  }

  Status Seal(const Shards& built) override {
    if (built.empty()) return {};
    if (built.front().first <= SealedUpTo()) {
      return Error{Code::kInvalidArgument, "shard " + built.front().Name() + " is sealed already"};
    }
    return Write([&]() -> Status {
      const uint64_t added = uint64_t{built.back().last} - built.front().first + 1;
      COMMRESOLVE_ASSIGN(merged, Merge(path_, shards_, CountToMerge(shards_, added), built));
      COMMRESOLVE_TRY(WriteShards(path_, merged));
      shards_ = std::move(merged);
      return FinishSealing();
    });
  }

  /// What follows the list of shards: their words, and the end of the live documents that they hold
  /// since. After a crash it is done when the next writer opens the index.
  Status FinishSealing() {
    const ListingId done = NumberIn(database_.get_metadata(kSealedName));
    if (done >= SealedUpTo()) return {};
    COMMRESOLVE_TRY(WriteWords(path_, shards_));
    std::vector<ListingId> sealed;
    auto at = database_.postlist_begin("");
    const auto end = database_.postlist_end("");
    if (at != end) at.skip_to(done + 1);
    for (; at != end && *at <= SealedUpTo(); ++at) sealed.push_back(*at);
    for (const ListingId id : sealed) database_.delete_document(id);
    database_.set_metadata(kSealedName, std::to_string(SealedUpTo()));
    database_.commit();
    return {};
  }

 private:
  template <class Body>
  Status Write(Body body) {
    try {
      return Guarded(path_, body);
    } catch (const Xapian::DatabaseModifiedError& error) {
      return Damaged(path_, error.get_msg());  // A writer has the newest state by definition.
    }
  }

  static ListingId NumberIn(const std::string& text) {
    ListingId number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
  }

  const std::string path_;
  Xapian::WritableDatabase database_;
  Shards shards_;
};

Result<std::unique_ptr<SearchWriter>> OpenWriter(const std::string& path) {
  Xapian::WritableDatabase database(path, Xapian::DB_CREATE_OR_OPEN | Xapian::DB_BACKEND_GLASS);
  if (database.get_lastdocid() == 0 && database.get_metadata(kFormatName).empty()) {
    database.set_metadata(kFormatName, kIndexFormat);
    database.commit();
  }
  COMMRESOLVE_TRY(CheckFormat(path, database));
  COMMRESOLVE_ASSIGN(shards, ReadShards(path));
  RemoveLeftovers(path, shards);
  auto writer = std::make_unique<XapianWriter>(path, std::move(database), std::move(shards));
  COMMRESOLVE_TRY(writer->FinishSealing());
  return std::unique_ptr<SearchWriter>(std::move(writer));
}

}  // namespace

Status CheckFiles(const std::string& path) {
  std::error_code error;
  bool any = false;
  std::string missing;
  for (const char* name : {"iamglass", "postlist.glass", "termlist.glass"}) {
    if (std::filesystem::exists(std::filesystem::path(path) / name, error)) {
      any = true;
    } else {
      missing = name;
    }
  }
  if (!any) {
    return Error{Code::kNotFound, path + ": no search index here",
                 "run `commresolve index rebuild`"};
  }
  if (!missing.empty()) return Damaged(path, missing + " is missing");
  return {};
}

Status CheckFormat(const std::string& path, const Xapian::Database& database) {
  const std::string format = database.get_metadata(kFormatName);
  if (format == kIndexFormat) return {};
  return Damaged(path, "its format is '" + format + "', not '" + kIndexFormat + "'");
}

Result<std::unique_ptr<SearchWriter>> SearchWriter::Open(const std::string& path) {
  COMMRESOLVE_TRY(MakePrivateFolder(path));
  const Status files = CheckFiles(path);
  if (!files.ok() && files.error().code == Code::kCorrupt) return files.error();
  try {
    return Guarded(path, [&path] { return OpenWriter(path); });
  } catch (const Xapian::DatabaseModifiedError& error) {
    return Damaged(path, error.get_msg());
  }
}

}  // namespace commresolve::index
