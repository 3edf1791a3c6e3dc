// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Words: those of the sealed shards, from the file `words` of the index, and those of the live
// database, counted together.

#ifndef COMMRESOLVE_INDEX_SEARCH_WORDS_H_
#define COMMRESOLVE_INDEX_SEARCH_WORDS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "index/search/index_view.h"
#include "index/search/word_table.h"
#include "resolver/base/mapped_file.h"

namespace commresolve::index {

/// Writes the file `words` of the index in folder `path`, of the shards that it lists, durably.
/// kUnavailable; throws what Xapian throws.
Status WriteWords(const std::string& path, const Shards& shards);

/// Terms looked at for one beginning. A shorter one than this covers is cut off, not slow.
inline constexpr size_t kMaxScannedTerms = 20'000;

/// Terms of `database` that begin with `beginning` (words only, if it is empty), those of most
/// listings first, at most `limit`. Throws what Xapian throws.
std::vector<CountedWord> ScanTerms(const Xapian::Database& database, const std::string& beginning,
                                   size_t limit);

/// Used by one thread. Each call names the view as it is now; throws what Xapian throws. Without
/// the file, or with a damaged one, there are only the live words: nothing but convenience is lost.
class Words {
 public:
  explicit Words(std::string path) : path_(std::move(path)) {}

  /// See WordTable. May miss words that came into the live database lately.
  std::optional<std::string> Suggest(const IndexView& view, std::string_view word);
  /// See WordTable. The counts of sealed and live listings are added up only for words that are
  /// among the first of both.
  std::vector<CountedWord> Complete(const IndexView& view, std::string_view beginning,
                                    size_t limit);

 private:
  const WordTable& Sealed();
  const WordTable& Live(const IndexView& view);

  const std::string path_;
  std::optional<MappedFile> file_;
  WordTable sealed_;  // In file_.
  std::string live_bytes_;
  WordTable live_;  // In live_bytes_.
  uint64_t live_built_for_ = 0;
};

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_SEARCH_WORDS_H_
