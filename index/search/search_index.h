// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// SearchIndex: words to listings (Xapian). Derived from the ledger and replaceable at any time.
//
// Documents are listings under their own number; facts that change live in the ledger. Most of them
// stand in sealed shards, which were written once and are small and quick; new and changed ones in
// a live database, whose version of a listing counts (docs/formats/search.md). Ranking is BM25
// without length normalisation (b=0), then a second phase of our own over the first hits
// (docs/search.md). Xapian's exceptions end in this folder.

#ifndef COMMRESOLVE_INDEX_SEARCH_SEARCH_INDEX_H_
#define COMMRESOLVE_INDEX_SEARCH_SEARCH_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "index/ledger/listing.h"
#include "index/search/query.h"
#include "index/search/shard_list.h"
#include "index/search/word_table.h"
#include "resolver/base/result.h"
#include "resolver/keyword/fold.h"

namespace commresolve::index {

/// One listing that matches.
struct Hit {
  ListingId listing = 0;
  double score = 0;                  ///< Orders only; not comparable between queries.
  std::vector<std::string> matched;  ///< The query's words that this listing carries, as typed.
  bool own_name = false;             ///< The words are those of one of its own host names.
};

/// What was found. A query that finds nothing is eased step by step: misspelt words are replaced
/// (`corrected`), then at least half of the words are enough (`partial`).
struct SearchResult {
  std::vector<Hit> hits;  ///< Best first.
  size_t estimated_total = 0;
  std::string did_you_mean;  ///< The query with misspelt words replaced; empty if none.
  bool corrected = false;    ///< Nothing matched as typed; the hits are for did_you_mean.
  bool partial = false;      ///< Nothing carries all words; the hits carry at least half of them.
};

/// No hits are shown beyond this many.
inline constexpr size_t kMaxHits = 10'000;

/// Facts the second phase and the filters ask for while a query runs. Borrowed during Search(). A
/// listing that `texts` does not know is left out; what it gives is borrowed until one of the two
/// functions behind it is called, and the issuers are looked at only if they were asked for. An
/// empty function knows nothing, and without `texts` there is no second phase. They must not throw.
struct FactsSource {
  std::function<std::optional<ListingFacts>(ListingId)> facts;
  std::function<std::optional<ListingTexts>(ListingId, bool issuers)> texts;
  /// Reads the facts of a listing, or its texts, and forgets them: what is on the disk is in memory
  /// then. Called from several threads while the one of the search waits.
  std::function<void(ListingId, bool texts)> look_ahead;
  std::function<std::vector<ListingId>(const std::string& key_prefix)> listings_of_key;
  std::function<std::vector<ListingId>(const std::string& ip)> listings_at_ip;
};

/// The one writer. Needs the writer lock of the store.
class SearchWriter {
 public:
  /// Opens or creates the index in folder `path`. kBusy if another process writes it, kCorrupt
  /// (hint: `commresolve index rebuild`) if it is damaged.
  static Result<std::unique_ptr<SearchWriter>> Open(const std::string& path);
  virtual ~SearchWriter() = default;
  /// Adds or replaces the document of `listing`. kInvalidArgument if its number is 0.
  virtual Status Put(const Listing& listing) = 0;
  /// Durable when it returns.
  virtual Status Commit() = 0;
  [[nodiscard]] virtual const std::string& path() const = 0;
  /// The highest number that a sealed shard may hold; 0 if there are none.
  [[nodiscard]] virtual ListingId SealedUpTo() const = 0;
  /// Sealed listings that have changed since: they stand in the live database too.
  virtual Result<uint64_t> CountOutdated() = 0;
  /// Takes what ShardBuilders made of `built`, in rising order and all above SealedUpTo(), into the
  /// index, merged with smaller shards, in place of the live documents of these numbers. Durable
  /// when it returns; a crash before that changes nothing.
  virtual Status Seal(const Shards& built) = 0;
};

/// Makes a sealed shard of listings, aside: it belongs to no index until SearchWriter::Seal(). Used
/// by one thread; several build at once.
class ShardBuilder {
 public:
  /// Begins what will be `shard` of the index in folder `path`. A leftover of that name is removed.
  static Result<std::unique_ptr<ShardBuilder>> Open(const std::string& path, const Shard& shard);
  virtual ~ShardBuilder() = default;
  /// Adds a listing. Their numbers rise and lie in the shard; else kInvalidArgument.
  virtual Status Put(const Listing& listing) = 0;
  virtual Status Finish() = 0;
};

/// Reading. Never blocks and never fails because a writer commits. Used by one thread.
class SearchReader {
 public:
  /// kNotFound if there is no index yet, kCorrupt likewise.
  static Result<std::unique_ptr<SearchReader>> Open(const std::string& path);
  virtual ~SearchReader() = default;

  /// Runs `query`, skipping `offset` hits. `now` decides what is expired. The order is the same for
  /// every page as long as neither the index nor the facts change.
  virtual Result<SearchResult> Search(const Query& query, size_t offset, size_t limit, UnixTime now,
                                      const FactsSource& facts) = 0;

  /// Every listing that carries all of `words` in any field but the issuer, or a label that they
  /// make up when joined in any order (of more than five words, in that of their bytes), and some
  /// others for the caller to sort out. At most `limit`, those with a valid public chain first;
  /// `complete` is false if there are more. No ranking.
  struct Carriers {
    std::vector<ListingId> listings;
    bool complete = true;
  };
  virtual Result<Carriers> ListingsCarrying(const KeywordSet& words, size_t limit) = 0;

  /// Words of the index that begin with `beginning`, folded as queries are, those of most listings
  /// first, at most `limit`.
  virtual Result<std::vector<CountedWord>> Complete(std::string_view beginning, size_t limit) = 0;

  /// The most frequent word of the index that is one slip away from `word`, folded likewise; empty
  /// if there is none (WordTable::Suggest).
  virtual Result<std::optional<std::string>> Suggest(std::string_view word) = 0;

  [[nodiscard]] virtual Result<uint64_t> DocumentCount() = 0;
};

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_SEARCH_SEARCH_INDEX_H_
