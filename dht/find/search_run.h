// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// SearchRun: one search of PeerSearch, from the bucket to the places.

#ifndef COMMRESOLVE_DHT_FIND_SEARCH_RUN_H_
#define COMMRESOLVE_DHT_FIND_SEARCH_RUN_H_

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dht/find/peer_search.h"
#include "dht/find/search_memory.h"

namespace commresolve::dht {

/// What a search borrows and shares.
struct SearchSurroundings {
  Getter& getter;
  const Clock& clock;
  std::shared_ptr<const SearchKnowledge> knowledge;
  std::shared_ptr<SearchMemory> memory;
  SearchLimits limits;
  PeerSearch::SteadyNow steady_now;
};

/// Lives as long as the getter or the caller holds a callback of it. The getter and the listener
/// are called with the lock open, for either may call back at once.
class SearchRun : public std::enable_shared_from_this<SearchRun> {
 public:
  SearchRun(SearchSurroundings around, const KeywordSet& words, std::string asked,
            SearchListener listener, uint64_t lot);

  /// Once.
  void Begin();

 private:
  enum class Stage : uint8_t { kWords, kPlaces, kOver };
  struct Subject {
    PlaceBoard board;
    std::map<RecordType, size_t> values;
  };
  /// A question that is about to be asked.
  struct Ask {
    DhtKey where{};
    std::chrono::milliseconds patience{};
    std::optional<KeyPrefix> subject;
  };

  void Send(const std::vector<Ask>& asks);
  bool Take(const Ask& ask, uint16_t type, std::span<const uint8_t> payload);
  bool TakeBlock(const Ask& ask, std::string_view payload);
  bool Tell(const std::vector<Claim>& news);
  bool TakeRecord(const Ask& ask, RecordType type, std::string_view payload);
  std::vector<KeyPrefix> AddBlock(const PostingBlock& block);
  void AddOwner(Subject& subject, const OwnerRecord& record);
  void AddObservation(Subject& subject, const Observation& record);
  std::vector<Ask> NewShards();
  std::vector<Ask> BeginPlaces();
  void OneDone();
  void Finish();
  bool CountIn(size_t bytes);
  [[nodiscard]] std::chrono::milliseconds Left() const;

  SearchSurroundings around_;
  SearchListener listener_;
  const std::string asked_;
  const uint64_t lot_;
  const std::chrono::steady_clock::time_point begun_;

  std::mutex lock_;  // Guards what follows.
  Stage stage_ = Stage::kWords;
  bool enough_ = false;
  size_t under_way_ = 0;
  AskGuard guard_;
  ClaimBoard claims_;
  SearchResult result_;
  std::map<KeyPrefix, Subject> subjects_;
};

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_FIND_SEARCH_RUN_H_
