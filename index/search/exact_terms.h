// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// ExactTerms: the tables of exact terms of all sealed shards of an index. The live database has no
// table; there they are terms like all others. Throws what Xapian throws.

#ifndef COMMRESOLVE_INDEX_SEARCH_EXACT_TERMS_H_
#define COMMRESOLVE_INDEX_SEARCH_EXACT_TERMS_H_

#include <xapian.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "index/search/exact_table.h"
#include "index/search/shard_list.h"
#include "resolver/base/mapped_file.h"
#include "resolver/base/result.h"

namespace commresolve::index {

/// A table as the file `exact` in the folder of a shard.
struct ExactFile {
  /// kCorrupt if it is missing or not the table of `shard`; kUnavailable.
  static Result<ExactFile> Open(const std::string& folder, const Shard& shard);

  MappedFile file;
  ExactTable table;  ///< In `file`.
};

/// Writes that file into the folder of a shard that nobody uses yet; it is not synced. `postings`
/// in any order, `ranks` as ExactTableWriter::Finish() takes them. kUnavailable.
Status WriteExactFile(const std::string& folder, const Shard& shard,
                      std::vector<ExactPosting> postings, const std::vector<uint8_t>& ranks);

/// Where a shard stands.
struct ShardFolder {
  std::string path;
  Shard shard;
};
/// The same for `whole`, from the files of its parts. kCorrupt, kUnavailable.
Status MergeExactFiles(const std::vector<ShardFolder>& parts, const ShardFolder& whole);

/// Does not change once queries share it.
class ExactTerms {
 public:
  /// Adds the table of a shard, whose database `database` is. Errors as ExactFile::Open().
  Status Add(const ShardFolder& shard, const Xapian::Database& database);
  /// Sealed listings that carry `term`.
  [[nodiscard]] size_t Frequency(const std::string& term) const;
  /// The table of the shard that `database` is; null if it is none of these.
  [[nodiscard]] const ExactTable* Of(const Xapian::Database& database) const;

 private:
  struct Member {
    std::string uuid;
    ExactFile file;
  };
  std::vector<Member> members_;
};

/// Which of those that carry a term are asked for.
enum class Carrying : uint8_t {
  kAll,
  kBest,  ///< In each shard the kMaxChampions of highest rank, which weigh a little more for it.
};
/// Listings that carry the exact term `term`, each of `weight`. `live`: some of the live database
/// do; else it is not asked.
Xapian::Query ExactQuery(std::shared_ptr<const ExactTerms> terms, const std::string& term,
                         double weight, Carrying carrying, bool live);

/// Listings with a valid public chain, each of `weight`.
Xapian::Query PublicQuery(std::shared_ptr<const ExactTerms> terms, double weight);

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_SEARCH_EXACT_TERMS_H_
