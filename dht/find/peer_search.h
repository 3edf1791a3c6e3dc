// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// PeerSearch: typed words in, claims of other people out.
//
//     words --> guard --> rarest word --> its bucket --> claims, ordered --> places of the best
//               (local)   (local)         and, if it     (claim_board.h)     (places.h)
//                                         is hot, its shards
//
// Nothing here is an answer. A claim is of tier 0: whoever shows or uses it proves the key by a
// handshake at one of the places, looks for every word in the certificate that was shown, and tells
// FinderStanding what came of it. A search never asks for more than one bucket (guard.h).

#ifndef COMMRESOLVE_DHT_FIND_PEER_SEARCH_H_
#define COMMRESOLVE_DHT_FIND_PEER_SEARCH_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dht/find/claim_board.h"
#include "dht/find/getter.h"
#include "dht/find/guard.h"
#include "dht/find/places.h"
#include "dht/find/word_hints.h"

namespace commresolve::dht {

class SearchMemory;

struct SearchLimits {
  /// The bucket may take so long, and after it the shards of a hot word; what has come by then is
  /// ordered, and the places of the best are looked up.
  std::chrono::milliseconds to_first{2'000};
  /// Then everything ends.
  std::chrono::milliseconds hard_stop{5'000};
  size_t most_values = 512;  ///< Posting blocks that are looked at.
  size_t most_bytes = 262'144;
  size_t most_claims = 50;
  size_t most_subjects = 5;       ///< Claims whose places are looked up: the first ones.
  size_t most_place_values = 64;  ///< Records of one type about one of them.
  size_t most_places = 16;        ///< Of one of them.
  uint8_t most_shards = 8;
  /// Whoever asks for shards tells the word. So many finders have to say that there are some, or
  /// one in good standing, or one and our own index. Pseudonyms are free: who knows the word can
  /// still make us do it, and learns that somebody looks for it.
  size_t signpost_voices = 2;
};

/// What the search may know of this machine. They are called from any thread, and must be safe for
/// concurrent use and quick. All but `is_bound` may be empty.
struct SearchKnowledge {
  IsBound is_bound;
  WordFrequency frequency;
  RankOfFinder rank;
  Acquaintances known;
};

/// A claim and where to try it.
struct FoundClaim {
  Claim claim;
  std::vector<Place> places;  ///< Empty for claims after most_subjects.
  bool withdrawn = false;     ///< The owner says that the key lives nowhere now.
};

struct SearchFigures {
  std::string asked;             ///< The word whose bucket was asked for.
  uint32_t signed_listings = 0;  ///< Of it, as signposts say; 0 if there are none.
  bool too_common = false;       ///< Signposts say that no postings of it are published.
  size_t buckets = 0;            ///< Keys that were asked for: 1,
  size_t shards = 0;             ///< of the hot word,
  size_t subjects = 0;           ///< of claimed keys (each two types).
  size_t values = 0;             ///< Records that were looked at.
  size_t bytes = 0;              ///< Of their payload.
  size_t refused = 0;            ///< That are no valid record of their place.
  size_t old = 0;                ///< With a sequence number below one that was seen.
  size_t liars = 0;              ///< Of finders who are not listened to.
};

struct SearchResult {
  std::vector<FoundClaim> found;  ///< In the order of claim_board.h, at most most_claims.
  bool complete = true;  ///< False if a limit, the time or the caller ended it. Never means that
                         ///< there is no more: who surrounds a key can hide what lies there.
  SearchFigures figures;
};

/// Called as the getter calls back: one at a time, from any thread, Search() itself included.
struct SearchListener {
  /// A key that is newly claimed, or by one finder more; not in order. False: enough. May be empty.
  std::function<bool(const Claim& claim)> on_claim;
  /// Once.
  std::function<void(const SearchResult& result)> done;
};

/// From the operating system.
uint64_t RandomLot();

/// Remembers signposts and sequence numbers from one search to the next. Safe for concurrent use.
class PeerSearch {
 public:
  using SteadyNow = std::function<std::chrono::steady_clock::time_point()>;
  using Lots = std::function<uint64_t()>;

  /// `getter` and `clock` are borrowed until every search is done; PeerSearch itself may go before.
  /// `lots` gives each search a number that nobody can foresee (claim_board.h).
  PeerSearch(Getter& getter, const Clock& clock, SearchKnowledge knowledge, SearchLimits limits,
             SteadyNow steady_now = std::chrono::steady_clock::now, Lots lots = RandomLot);

  /// Begins a search. As WordsToAskFor(), and then nothing is asked or called. `typed` is the text
  /// that `words` come from.
  Status Search(const KeywordSet& words, std::string_view typed, SearchListener listener);

 private:
  Getter& getter_;
  const Clock& clock_;
  std::shared_ptr<const SearchKnowledge> knowledge_;
  SearchLimits limits_;
  SteadyNow steady_now_;
  Lots lots_;
  std::shared_ptr<SearchMemory> memory_;
};

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_FIND_PEER_SEARCH_H_
