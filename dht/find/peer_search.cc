// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is decided before anybody is asked.

#include "dht/find/peer_search.h"

#include <random>
#include <utility>

#include "dht/find/search_memory.h"
#include "dht/find/search_run.h"

namespace commresolve::dht {

uint64_t RandomLot() {
  std::random_device random;
  return uint64_t{random()} << 32 | random();
}

PeerSearch::PeerSearch(Getter& getter, const Clock& clock, SearchKnowledge knowledge,
                       SearchLimits limits, SteadyNow steady_now, Lots lots)
    : getter_(getter),
      clock_(clock),
      knowledge_(std::make_shared<const SearchKnowledge>(std::move(knowledge))),
      limits_(limits),
      steady_now_(std::move(steady_now)),
      lots_(std::move(lots)),
      memory_(std::make_shared<SearchMemory>()) {}

Status PeerSearch::Search(const KeywordSet& words, std::string_view typed,
                          SearchListener listener) {
  COMMRESOLVE_ASSIGN(may_ask, WordsToAskFor(words, typed, knowledge_->is_bound));
  std::string asked = memory_->Rarest(may_ask, knowledge_->frequency, clock_.Now());
  const auto run = std::make_shared<SearchRun>(
      SearchSurroundings{getter_, clock_, knowledge_, memory_, limits_, steady_now_}, words,
      std::move(asked), std::move(listener), lots_());
  run->Begin();
  return {};
}

}  // namespace commresolve::dht
