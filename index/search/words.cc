// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Words of Xapian databases as tables.

#include "index/search/words.h"

#include <algorithm>
#include <map>

#include "resolver/base/files.h"

namespace commresolve::index {
namespace {

constexpr const char* kFileName = "/words";
constexpr size_t kMaxFileBytes = size_t{1} << 30;

/// Every unprefixed term, in byte order.
std::vector<CountedWord> WordsOf(const Xapian::Database& database) {
  std::vector<CountedWord> words;
  const auto end = database.allterms_end();
  for (auto at = database.allterms_begin(); at != end && words.size() < kMaxTableWords; ++at) {
    if ((*at).starts_with('X')) {
      at.skip_to("Y");
      if (at == end) break;
    }
    words.push_back({*at, at.get_termfreq()});
  }
  return words;
}

/// The same words once, with their counts added up, the most frequent first.
std::vector<CountedWord> Merge(const std::vector<CountedWord>& a, const std::vector<CountedWord>& b,
                               size_t limit) {
  std::map<std::string, uint32_t> counts;
  for (const auto* words : {&a, &b}) {
    for (const CountedWord& word : *words) counts[word.text] += word.listings;
  }
  std::vector<CountedWord> merged;
  merged.reserve(counts.size());
  for (const auto& [text, listings] : counts) merged.push_back({text, listings});
  std::ranges::sort(merged, MoreFrequent);
  merged.resize(std::min(merged.size(), limit));
  return merged;
}

}  // namespace

Status WriteWords(const std::string& path, const Shards& shards) {
  Xapian::Database all;
  for (const Shard& shard : shards) all.add_database(Xapian::Database(path + "/" + shard.Name()));
  return ReplaceFile(path + kFileName, BuildWordTable(WordsOf(all)));
}

const WordTable& Words::Sealed() {
  if (file_ && file_->IsCurrent()) return sealed_;
  file_.reset();
  sealed_ = WordTable();
  Result<MappedFile> file = MappedFile::Open(path_ + kFileName, kMaxFileBytes);
  if (!file.ok()) return sealed_;
  file_ = std::move(file).value();
  if (const auto table = WordTable::Read(file_->bytes()); table.ok()) sealed_ = *table;
  return sealed_;
}

/// Built when first needed, and anew when the live database has changed by an eighth since: a
/// misspelt word is seldom one that came a moment ago.
const WordTable& Words::Live(const IndexView& view) {
  const uint64_t now = view.live().get_doccount();
  const uint64_t change = std::max(now, live_built_for_) - std::min(now, live_built_for_);
  if (change * 8 <= live_built_for_) return live_;
  live_bytes_ = BuildWordTable(WordsOf(view.live()));
  live_ = *WordTable::Read(live_bytes_);
  live_built_for_ = now;
  return live_;
}

std::optional<std::string> Words::Suggest(const IndexView& view, std::string_view word) {
  std::optional<CountedWord> sealed = Sealed().Suggest(word);
  std::optional<CountedWord> live = Live(view).Suggest(word);
  if (live && (!sealed || live->listings > sealed->listings)) sealed = std::move(live);
  if (!sealed) return {};
  return std::move(sealed->text);
}

std::vector<CountedWord> Words::Complete(const IndexView& view, std::string_view beginning,
                                         size_t limit) {
  return Merge(Sealed().Complete(beginning, limit),
               ScanTerms(view.live(), std::string(beginning), limit), limit);
}

std::vector<CountedWord> ScanTerms(const Xapian::Database& database, const std::string& beginning,
                                   size_t limit) {
  std::vector<CountedWord> found;
  const auto end = database.allterms_end(beginning);
  auto at = database.allterms_begin(beginning);
  for (; at != end && found.size() < kMaxScannedTerms; ++at) {
    if (beginning.empty() && (*at).starts_with('X')) {
      at.skip_to("Y");
      if (at == end) break;
    }
    found.push_back({*at, at.get_termfreq()});
  }
  std::ranges::sort(found, MoreFrequent);
  found.resize(std::min(found.size(), limit));
  return found;
}

}  // namespace commresolve::index
