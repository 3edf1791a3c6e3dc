// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// PeerSearch with the limits that it has in a daemon.

#include "tests/bench/lookup_claims.h"

#include <algorithm>
#include <chrono>
#include <future>
#include <thread>

#include "dht/find/peer_search.h"
#include "tests/bench/bench.h"

namespace commresolve::bench {
namespace {

using namespace dht;

constexpr size_t kFirst = 10;
constexpr double kPatience = 60;

void WaitForPeers(const Peer& peer, size_t least) {
  const double end = WallClock() + kPatience;
  while (!peer.health().connected || peer.health().peers4 < least) {
    if (WallClock() > end) Fail({Code::kDeadlineExceeded, "the searcher has no peers"});
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

/// Exactly, although Peer::health() may be a second old.
Health HealthNow(const Peer& peer) {
  std::this_thread::sleep_for(std::chrono::milliseconds(1'100));
  return peer.health();
}

SearchResult Ask(PeerSearch& search, const KeywordSet& words) {
  std::promise<SearchResult> over;
  SearchListener listener;
  listener.done = [&over](const SearchResult& result) { over.set_value(result); };
  Need(search.Search(words, words.ToString(), std::move(listener)));
  return over.get_future().get();
}

void Judge(const LookupPlan& plan, const ToldKeys& told, const sim::Truth& question,
           const SearchResult& result, ClaimFigures& figures) {
  const KeyPrefix bait = PrefixOf(plan.owners().back().certificate.key_id());
  std::set<KeyPrefix> first;
  std::set<KeyPrefix> all;
  for (const FoundClaim& found : result.found) {
    if (first.size() < kFirst) first.insert(found.claim.key);
    all.insert(found.claim.key);
  }
  figures.recall += plan.RecallOf(question, first);
  figures.claimed += plan.RecallOf(question, all);
  const auto of_word = told.find(result.figures.asked);
  if (of_word != told.end()) figures.published += plan.RecallOf(question, of_word->second);
  const auto right = std::ranges::count_if(
      first, [&](const KeyPrefix& key) { return question.all.contains(key); });
  if (!first.empty()) {
    figures.right += static_cast<double>(right) / static_cast<double>(first.size());
  }
  figures.bait += first.contains(bait) ? 1 : 0;
  figures.hot += result.figures.shards > 0 ? 1 : 0;
  figures.incomplete += result.complete ? 0 : 1;
  figures.values += static_cast<double>(result.figures.values);
}

}  // namespace

ClaimFigures AskForClaims(const LookupPlan& plan, const ToldKeys& told, const StoringNodes& nodes,
                          const Clock& clock, const std::string& ip, bool knows_words) {
  const Folder folder;
  const auto queue = Need(PublishQueue::Open(folder.path(), clock.Now()));
  const auto peer = Need(Peer::Start(nodes.OptionsAt(ip), *queue, clock));
  WaitForPeers(*peer, 8);
  SearchKnowledge knowledge;
  knowledge.is_bound = [](const KeywordSet&) { return false; };
  if (knows_words) {
    knowledge.frequency = [known = plan.Frequencies()](const std::string& word) {
      return std::optional<uint32_t>(known.at(word));
    };
  }
  PeerSearch search(peer->getter(), clock, std::move(knowledge), {});
  const Health before = HealthNow(*peer);
  ClaimFigures figures;
  for (const sim::Truth& question : plan.questions()) {
    const double begin = WallClock();
    const SearchResult result = Ask(search, question.words);
    figures.seconds.push_back(WallClock() - begin);
    Judge(plan, told, question, result, figures);
  }
  const Health after = HealthNow(*peer);
  const auto questions = static_cast<double>(plan.questions().size());
  figures.packets =
      static_cast<double>(after.sent + after.received - before.sent - before.received);
  figures.bytes = static_cast<double>(after.sent_bytes + after.received_bytes - before.sent_bytes -
                                      before.received_bytes);
  for (double* sum : {&figures.recall, &figures.claimed, &figures.published, &figures.right,
                      &figures.bait, &figures.values, &figures.packets, &figures.bytes}) {
    *sum /= questions;
  }
  return figures;
}

}  // namespace commresolve::bench
