// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Several databases under one roof.

#include "index/search/index_view.h"

#include <utility>

#include "index/search/xapian_guard.h"

namespace commresolve::index {
namespace {

constexpr const char* kVersionFile = "/iamglass";
constexpr size_t kMaxVersionBytes = 4'096;

/// Of the list of shards; zeros if there is none.
struct stat Stamp(const std::string& path) {
  struct stat stamp{};
  if (::stat((path + "/shards").c_str(), &stamp) != 0) stamp = {};
  return stamp;
}

bool SameFile(const struct stat& a, const struct stat& b) {
  return a.st_ino == b.st_ino && a.st_mtim.tv_sec == b.st_mtim.tv_sec &&
         a.st_mtim.tv_nsec == b.st_mtim.tv_nsec;
}

}  // namespace

Result<IndexView> IndexView::Open(const std::string& path) {
  while (true) {
    const struct stat before = Stamp(path);
    // A shard that was merged meanwhile is gone; the new list no longer names it.
    try {
      auto view = OpenOnce(path);
      if (view.ok() || SameFile(before, Stamp(path))) return view;
    } catch (const Xapian::DatabaseOpeningError&) {
      if (SameFile(before, Stamp(path))) throw;
    }
  }
}

Result<IndexView> IndexView::OpenOnce(const std::string& path) {
  COMMRESOLVE_TRY(CheckFiles(path));
  IndexView view(path);
  // What was sealed since stands in both; the other way round it would stand in neither.
  view.live_ = Xapian::Database(path, Xapian::DB_BACKEND_GLASS);
  view.listed_ = Stamp(path);
  COMMRESOLVE_ASSIGN(shards, ReadShards(path));
  view.shards_ = std::move(shards);
  COMMRESOLVE_TRY(CheckFormat(path, view.live_));
  view.all_.add_database(view.live_);
  auto exact = std::make_shared<ExactTerms>();
  Xapian::Database sealed;
  for (const Shard& shard : view.shards_) {
    const std::string folder = path + "/" + shard.Name();
    const Xapian::Database database(folder, Xapian::DB_BACKEND_GLASS);
    COMMRESOLVE_TRY(CheckFormat(folder, database));
    view.all_.add_database(database);
    sealed.add_database(database);
    const Status added = exact->Add({folder, shard}, database);
    if (!added.ok() && added.error().code == Code::kUnavailable) return added.error();
    if (!added.ok()) return Damaged(folder, added.error().message);
  }
  view.frequencies_ = std::make_shared<Frequencies>(sealed, exact);
  view.exact_ = std::move(exact);
  return view;
}

/// Xapian puts a new file in this one's place with every commit, and would read it each time.
void IndexView::RefreshLive() {
  if (version_ && version_->IsCurrent()) return;
  version_.reset();
  Result<MappedFile> version = MappedFile::Open(path_ + kVersionFile, kMaxVersionBytes);
  live_.reopen();
  if (version.ok()) version_ = std::move(version).value();
}

Status IndexView::Refresh() {
  RefreshLive();  // Before the list is looked at, as above. A shard never changes.
  if (SameFile(listed_, Stamp(path_))) return {};
  COMMRESOLVE_ASSIGN(newest, Open(path_));
  *this = std::move(newest);
  return {};
}

uint64_t IndexView::CountListings() const {
  const uint64_t count = all_.get_doccount();
  return shards_.empty() ? count : count - CountUpTo(live_, shards_.back().last);
}

uint64_t CountUpTo(const Xapian::Database& database, ListingId last) {
  uint64_t count = 0;
  const auto end = database.postlist_end("");
  for (auto at = database.postlist_begin(""); at != end && *at <= last; ++at) ++count;
  return count;
}

}  // namespace commresolve::index
