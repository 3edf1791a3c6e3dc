// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// EvidenceWatch: remembers whether what handshakes showed can be recorded.

#ifndef COMMRESOLVE_GRPC_ENGINE_EVIDENCE_WATCH_H_
#define COMMRESOLVE_GRPC_ENGINE_EVIDENCE_WATCH_H_

#include <mutex>
#include <string>

#include "resolver/evidence_store.h"

namespace commresolve::daemon {

/// Safe for concurrent use.
class EvidenceWatch {
 public:
  /// A failure that is the server's (kInvalidArgument) says nothing about the store.
  void Note(const Status& status);
  /// Why the last attempt to record failed; empty if it did not.
  [[nodiscard]] std::string problem() const;

 private:
  mutable std::mutex lock_;
  std::string problem_;  // Guarded by `lock_`.
};

/// Passes everything on, and tells the watch. Borrows both.
class WatchedEvidence final : public EvidenceStore {
 public:
  WatchedEvidence(EvidenceStore& store, EvidenceWatch& watch) : store_(store), watch_(watch) {}
  Result<CertificateFacts> RecordHandshake(const Handshake& handshake) override;
  Result<PublicChain> CheckChainNow(const Handshake& handshake) override;
  Status RecordWrongKey(const Endpoint& endpoint, const KeyId& expected, UnixTime time) override;

 private:
  EvidenceStore& store_;
  EvidenceWatch& watch_;
};

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_ENGINE_EVIDENCE_WATCH_H_
