// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Merging: what a ShardBuilder made, and shards that are not much larger, become one sealed shard.

#ifndef COMMRESOLVE_INDEX_SEARCH_MERGE_H_
#define COMMRESOLVE_INDEX_SEARCH_MERGE_H_

#include <string>

#include "index/search/shard_list.h"

namespace commresolve::index {

/// Where a ShardBuilder works.
std::string RawFolder(const std::string& path, const Shard& shard);

/// How many of `sealed` are merged with new shards of `added` numbers: those at the end that are at
/// most twice as large as all that follows. So there are few shards, each more than twice as large
/// as what follows it, and a listing is merged a few times only. Pure.
size_t CountToMerge(const Shards& sealed, uint64_t added);

/// Writes the last `count` of `sealed` and what builders made of `built` as one shard, durably, and
/// returns the shards that there are then; none is removed. Throws what Xapian throws.
Result<Shards> Merge(const std::string& path, const Shards& sealed, size_t count,
                     const Shards& built);

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_SEARCH_MERGE_H_
