// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Ask, wait, try, tell.

#include "grpc/sharing/lookup.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "grpc/sharing/pending.h"

namespace commresolve::daemon {
namespace {

using dht::FoundClaim;

/// What the search leaves for the thread that waits for it.
struct Asked {
  Pending pending{1};
  dht::SearchResult result;
};

bool IsSet(const std::atomic<bool>* stop) { return stop != nullptr && *stop; }

Error Interrupted() { return {Code::kInterrupted, "interrupted: peers may know more"}; }

Result<dht::SearchResult> Ask(dht::PeerSearch& search, const KeywordSet& words,
                              const std::string& text, const std::atomic<bool>* stop) {
  const auto asked = std::make_shared<Asked>();
  dht::SearchListener listener;
  listener.done = [asked](const dht::SearchResult& result) {
    asked->result = result;
    asked->pending.Done();
  };
  COMMRESOLVE_TRY(search.Search(words, text, std::move(listener)));
  if (!asked->pending.Wait(stop)) return Interrupted();
  return std::move(asked->result);
}

bool Carries(const std::vector<Keyword>& keywords, const std::string& word) {
  return std::ranges::any_of(keywords,
                             [&](const Keyword& keyword) { return keyword.word == word; });
}

/// The claims of one search, while they are tried.
class Trial {
 public:
  Trial(const KeywordSet& words, dht::SearchResult result, FinderBook& finders,
        StatementNews& statements)
      : words_(words), result_(std::move(result)), finders_(finders), statements_(statements) {
    summary_.claimed = result_.found.size();
    summary_.complete = result_.complete;
    summary_.too_common = result_.figures.too_common;
    summary_.values = result_.figures.values;
    summary_.bytes = result_.figures.bytes;
  }

  [[nodiscard]] std::vector<KeyPlace> Places() {
    std::vector<KeyPlace> places;
    for (const FoundClaim& found : result_.found) {
      if (found.places.empty() || found.withdrawn) {
        ++summary_.nowhere;
        continue;
      }
      ++to_try_;
      for (const dht::Place& place : found.places) {
        places.push_back({place.key, place.endpoint});
        by_place_.emplace(places.back(), std::pair(&found, &place));
      }
    }
    return places;
  }

  /// The row to show; empty if there was one for this key, or the finders lied.
  std::optional<LookupRow> Take(const ProvedKey& proved) {
    const auto at = by_place_.find({proved.shown.key, proved.endpoint});
    if (at == by_place_.end()) return std::nullopt;
    const auto& [found, place] = at->second;
    statements_.Proved(place->key, place->endpoint, place->speaker, proved.proved_at);
    if (!shown_.insert(proved.shown.key).second) return std::nullopt;
    finders_.Judge(found->claim, Carries(proved.keywords, found->claim.word), proved.proved_at);
    const bool all = std::ranges::all_of(
        words_.words(), [&](const std::string& word) { return Carries(proved.keywords, word); });
    if (!all) {
      ++summary_.lied;
      return std::nullopt;
    }
    ++summary_.proved;
    return LookupRow{proved.shown,
                     proved.endpoint,
                     proved.proved_at,
                     proved.standing,
                     found->claim.finders.size(),
                     found->claim.good_finders,
                     place->speaker};
  }

  [[nodiscard]] LookupSummary Summary() {
    summary_.unreachable = to_try_ - std::min(to_try_, summary_.proved + summary_.lied);
    return summary_;
  }

 private:
  const KeywordSet& words_;
  const dht::SearchResult result_;
  FinderBook& finders_;
  StatementNews& statements_;
  std::map<KeyPlace, std::pair<const FoundClaim*, const dht::Place*>> by_place_;
  std::set<KeyId> shown_;
  size_t to_try_ = 0;
  LookupSummary summary_;
};

}  // namespace

Result<LookupSummary> LookUp(Engine& engine, dht::PeerSearch& search, FinderBook& finders,
                             StatementNews& statements, const std::string& text,
                             const LookupSink& sink, const std::atomic<bool>* stop) {
  COMMRESOLVE_ASSIGN(words, KeywordSet::FromText(text));
  COMMRESOLVE_ASSIGN(result, Ask(search, words, text, stop));
  Trial trial(words, std::move(result), finders, statements);
  std::atomic<bool> enough{false};
  const auto take = [&](const ProvedKey& proved) {
    if (IsSet(stop)) enough = true;
    if (enough) return;
    const auto row = trial.Take(proved);
    if (row && !sink(*row)) enough = true;
  };
  COMMRESOLVE_TRY(engine.ProveKeys(trial.Places(), stop, take));
  if (IsSet(stop)) return Interrupted();
  return trial.Summary();
}

}  // namespace commresolve::daemon
