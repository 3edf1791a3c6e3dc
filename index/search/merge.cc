// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Merging by Xapian's compaction, which keeps the numbers of documents.

#include "index/search/merge.h"

#include <xapian.h>

#include <filesystem>

#include "index/search/champions.h"
#include "index/search/exact_terms.h"
#include "resolver/base/files.h"

namespace commresolve::index {
namespace {

uint64_t Size(const Shard& shard) { return uint64_t{shard.last} - shard.first + 1; }

}  // namespace

std::string RawFolder(const std::string& path, const Shard& shard) {
  return path + "/" + shard.Name() + ".raw";
}

size_t CountToMerge(const Shards& sealed, uint64_t added) {
  size_t count = 0;
  for (auto shard = sealed.rbegin(); shard != sealed.rend() && Size(*shard) <= 2 * added; ++shard) {
    added += Size(*shard);
    ++count;
  }
  return count;
}

Result<Shards> Merge(const std::string& path, const Shards& sealed, size_t count,
                     const Shards& built) {
  Shards shards(sealed.begin(), sealed.end() - static_cast<ptrdiff_t>(count));
  const Shard whole{count == 0 ? built.front().first : sealed[shards.size()].first,
                    built.back().last};
  std::vector<ShardFolder> folders;
  for (size_t i = shards.size(); i < sealed.size(); ++i) {
    folders.push_back({path + "/" + sealed[i].Name(), sealed[i]});
  }
  for (const Shard& shard : built) folders.push_back({RawFolder(path, shard), shard});
  Xapian::Database parts;
  for (const ShardFolder& part : folders) parts.add_database(Xapian::Database(part.path));
  const std::string target = path + "/" + whole.Name();
  const std::string folder = target + ".new";
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
  std::filesystem::remove_all(target, ignored);  // Left by a crash before it was listed.
  ChampionMerger merger;
  parts.compact(folder, Xapian::DBCOMPACT_NO_RENUMBER | Xapian::Compactor::FULLER, 0, merger);
  COMMRESOLVE_TRY(MergeExactFiles(folders, {folder, whole}));
  COMMRESOLVE_TRY(PublishFolder(folder, target));
  shards.push_back(whole);
  return shards;
}

}  // namespace commresolve::index
