// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// PeerCandidates: other people's certificates as a source of candidates, by way of a look-up.

#ifndef COMMRESOLVE_GRPC_SHARING_PEER_CANDIDATES_H_
#define COMMRESOLVE_GRPC_SHARING_PEER_CANDIDATES_H_

#include <atomic>
#include <string>

#include "grpc/engine/engine.h"
#include "grpc/sharing/sharing.h"
#include "resolver/candidate_source.h"

namespace commresolve::daemon {

/// For one question, on one thread. Nominates only what proved itself in a handshake of our own,
/// and is on record since.
class PeerCandidates final : public CandidateSource {
 public:
  /// All are borrowed; `stop` may be null. `typed` is the free text that the words come from: what
  /// is private in it is not asked for. Empty if it can hold nothing private.
  PeerCandidates(Engine& engine, Sharing& sharing, std::string typed, const std::atomic<bool>* stop)
      : engine_(engine), sharing_(sharing), typed_(std::move(typed)), stop_(stop) {}

  /// One look-up: as Sharing::Lookup(), and fails as it does. Not complete if a limit or the time
  /// ended it.
  Result<Candidates> Find(const KeywordSet& words, size_t limit) override;
  /// Of the own record.
  Result<std::optional<Candidate>> FindKey(const KeyId& key) override;
  /// Nothing: peers are not asked for that.
  Result<std::vector<KeyId>> KeysSeenAt(const IpAddress& ip, uint16_t port) override;

 private:
  Engine& engine_;
  Sharing& sharing_;
  const std::string typed_;
  const std::atomic<bool>* const stop_;
};

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_SHARING_PEER_CANDIDATES_H_
