// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// From rows of a look-up to candidates.

#include "grpc/sharing/peer_candidates.h"

#include <algorithm>

#include "dht/find/guard.h"

namespace commresolve::daemon {

Result<Candidates> PeerCandidates::Find(const KeywordSet& words, size_t limit) {
  // What is bound the look-up refuses itself; what was typed it does not see.
  const auto may_ask =
      dht::WordsToAskFor(words, typed_, [](const KeywordSet& /*words*/) { return false; });
  if (!may_ask.ok()) return may_ask.error();
  std::vector<KeyId> proved;
  const auto take = [&](const LookupRow& row) {
    proved.push_back(row.certificate.key);
    return proved.size() < limit;
  };
  COMMRESOLVE_ASSIGN(summary, sharing_.Lookup(words.ToString(), take, stop_));
  Candidates found;
  found.complete = summary.complete;
  for (const KeyId& key : proved) {
    COMMRESOLVE_ASSIGN(candidate, FindKey(key));
    if (candidate) found.list.push_back(std::move(*candidate));
  }
  std::ranges::stable_partition(found.list, [](const Candidate& candidate) {
    return candidate.certificate.public_chain.valid;
  });
  return found;
}

Result<std::optional<Candidate>> PeerCandidates::FindKey(const KeyId& key) {
  return engine_.FindKey(key);
}

Result<std::vector<KeyId>> PeerCandidates::KeysSeenAt(const IpAddress& /*ip*/, uint16_t /*port*/) {
  return std::vector<KeyId>();
}

}  // namespace commresolve::daemon
