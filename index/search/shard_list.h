// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// ShardList: which sealed shards belong to a search index, beside its live database.
//
// The file `shards` in the folder of the index names them, one to a line; it is replaced as a
// whole, so that a shard belongs to the index or does not. Its format is docs/formats/search.md.

#ifndef COMMRESOLVE_INDEX_SEARCH_SHARD_LIST_H_
#define COMMRESOLVE_INDEX_SEARCH_SHARD_LIST_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "index/ledger/listing.h"
#include "resolver/base/result.h"

namespace commresolve::index {

/// More are merged before they are listed.
inline constexpr size_t kMaxShards = 64;

/// The listings of one sealed shard, which was written once and never changes.
struct Shard {
  ListingId first = 0;  ///< At least 1.
  ListingId last = 0;   ///< At least `first`.
  bool operator==(const Shard&) const = default;

  /// The name of its folder below that of the index: "1-50000".
  [[nodiscard]] std::string Name() const;
};

/// Shards in rising order that do not overlap.
using Shards = std::vector<Shard>;

/// Reads the content of the file `shards`. kCorrupt, naming the line, for anything but what
/// FormatShards writes. Pure.
Result<Shards> ParseShards(std::string_view content);
std::string FormatShards(const Shards& shards);

/// The shards of the index in folder `path`; none if the file is missing. kCorrupt, kUnavailable.
Result<Shards> ReadShards(const std::string& path);
/// Makes `shards` the shards of the index, durably, and removes all others. kUnavailable.
Status WriteShards(const std::string& path, const Shards& shards);
/// Removes what stands in the folder of the index and does not belong to it: shards other than
/// `shards`, finished or not, and files that a crash kept from their name. Readers that have a
/// shard open go on. Only while no shard is being built.
void RemoveLeftovers(const std::string& path, const Shards& shards);

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_SEARCH_SHARD_LIST_H_
