// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The reader: keeps up with the writer, and eases a query that finds nothing.

#include <algorithm>
#include <chrono>
#include <thread>
#include <unordered_set>

#include "index/search/correction.h"
#include "index/search/index_view.h"
#include "index/search/index_vocabulary.h"
#include "index/search/plan.h"
#include "index/search/search_index.h"
#include "index/search/search_run.h"
#include "index/search/terms.h"
#include "index/search/text.h"
#include "index/search/words.h"
#include "index/search/xapian_guard.h"

namespace commresolve::index {
namespace {

/// A writer that commits without pause makes about one query in a thousand start again.
constexpr int kAttempts = 24;
constexpr int kAttemptsWithoutPause = 4;

class XapianReader final : public SearchReader {
 public:
  XapianReader(std::string path, IndexView view)
      : path_(path), view_(std::move(view)), words_(std::move(path)) {}

  Result<SearchResult> Search(const Query& query, size_t offset, size_t limit, UnixTime now,
                              const FactsSource& facts) override {
    return Read([&] { return RunSearch(query, offset, limit, now, facts); });
  }

  Result<Carriers> ListingsCarrying(const KeywordSet& words, size_t limit) override {
    return Read([&] { return FindCarriers(words, limit); });
  }

  Result<std::vector<CountedWord>> Complete(std::string_view beginning, size_t limit) override {
    const std::string folded = StripMarks(FoldCase(beginning));
    return Read([&]() -> Result<std::vector<CountedWord>> {
      return words_.Complete(view_, folded, limit);
    });
  }

  Result<std::optional<std::string>> Suggest(std::string_view word) override {
    const std::string folded = StripMarks(FoldCase(word));
    return Read(
        [&]() -> Result<std::optional<std::string>> { return words_.Suggest(view_, folded); });
  }

  Result<uint64_t> DocumentCount() override {
    return Read([&]() -> Result<uint64_t> { return view_.CountListings(); });
  }

 private:
  /// Runs `body` on the newest state. What it read may vanish under it when a writer commits twice
  /// meanwhile; then it runs again.
  template <class Body>
  auto Read(Body body) -> decltype(body()) {
    Xapian::rev before = 0;
    std::string reason;
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
      try {
        return Guarded(path_, [&]() -> decltype(body()) {
          if (attempt == kAttempts / 2) {
            COMMRESOLVE_ASSIGN(fresh, IndexView::Open(path_));
            view_ = std::move(fresh);
          }
          COMMRESOLVE_TRY(view_.Refresh());
          if (attempt == 0) before = view_.Revision();
          return body();
        });
      } catch (const Xapian::DatabaseModifiedError& error) {
        reason = error.get_msg();
        if (attempt >= kAttemptsWithoutPause) {
          std::this_thread::sleep_for(std::chrono::milliseconds(attempt));
        }
      }
    }
    return GiveUp(before, reason);
  }

  /// Without any new commit, a block that looks too new is a damaged one.
  Error GiveUp(Xapian::rev before, const std::string& reason) {
    const Result<bool> moved = Guarded(
        path_, [&]() -> Result<bool> { return Xapian::Database(path_).get_revision() != before; });
    if (!moved.ok()) return moved.error();
    if (!*moved) return Damaged(path_, reason);
    return {Code::kUnavailable, path_ + ": the search index changes too fast: " + reason,
            "try again"};
  }

  Result<SearchResult> RunSearch(const Query& query, size_t offset, size_t limit, UnixTime now,
                                 const FactsSource& facts) {
    SearchResult result;
    const IndexVocabulary vocabulary(view_, words_);
    const auto fill = [&](const Query& asked, Wanted wanted) {
      SearchRun::Page page =
          SearchRun(view_, vocabulary, asked, wanted, now, facts).Find(offset, limit);
      result.hits = std::move(page.hits);
      result.estimated_total = page.estimated_total;
      return result.estimated_total > 0;  // Be it on an earlier page.
    };
    if (fill(query, Wanted::kAll)) return result;
    Query eased = query;
    if (HasUnknownWord(query, vocabulary)) {
      if (std::optional<Query> corrected =
              Correct(query, vocabulary,
                      [this](const std::string& word) { return words_.Suggest(view_, word); })) {
        eased = std::move(*corrected);
        result.did_you_mean = FormatQuery(eased);
        result.corrected = fill(eased, Wanted::kAll);
        if (result.corrected) return result;
      }
    }
    const size_t wanted =
        static_cast<size_t>(std::count_if(eased.terms.begin(), eased.terms.end(),
                                          [](const QueryTerm& term) { return !term.excluded; }));
    if (wanted == 0 || (wanted == 1 && PlainWords(eased).size() < 2)) return result;
    result.partial = fill(eased, Wanted::kAny);
    result.corrected = result.partial && !result.did_you_mean.empty();
    return result;
  }

  Result<Carriers> FindCarriers(const KeywordSet& words, size_t limit) {
    const IndexVocabulary vocabulary(view_, words_);
    const Xapian::Query flag = vocabulary.Public(0);
    const Xapian::Query carriers = PlanCarriers(words, vocabulary);
    Carriers result;
    std::unordered_set<ListingId> seen;
    for (const auto op : {Xapian::Query::OP_FILTER, Xapian::Query::OP_AND_NOT}) {
      Xapian::Enquire enquire(view_.database());
      enquire.set_weighting_scheme(Xapian::BoolWeight());
      enquire.set_query(Xapian::Query(op, carriers, flag));
      const size_t room = std::min<size_t>(limit - result.listings.size(), kMaxHits);
      const Xapian::MSet found = enquire.get_mset(0, static_cast<Xapian::doccount>(room) + 1);
      for (auto at = found.begin(); at != found.end(); ++at) {
        if (result.listings.size() == limit || result.listings.size() == kMaxHits) {
          result.complete = false;
          return result;
        }
        const ListingId listing = view_.ListingOf(*at);
        if (seen.insert(listing).second) result.listings.push_back(listing);
      }
    }
    return result;
  }

  const std::string path_;
  IndexView view_;
  Words words_;
};

Result<std::unique_ptr<SearchReader>> OpenReader(const std::string& path) {
  COMMRESOLVE_ASSIGN(view, IndexView::Open(path));
  return std::unique_ptr<SearchReader>(std::make_unique<XapianReader>(path, std::move(view)));
}

}  // namespace

Result<std::unique_ptr<SearchReader>> SearchReader::Open(const std::string& path) {
  std::string reason;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    try {
      return Guarded(path, [&path] { return OpenReader(path); });
    } catch (const Xapian::DatabaseModifiedError& error) {
      reason = error.get_msg();
      std::this_thread::sleep_for(std::chrono::milliseconds(attempt));
    }
  }
  return Damaged(path, reason);
}

}  // namespace commresolve::index
