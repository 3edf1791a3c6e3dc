// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Pass on, look at the outcome.

#include "grpc/engine/evidence_watch.h"

namespace commresolve::daemon {

void EvidenceWatch::Note(const Status& status) {
  if (!status.ok() && status.error().code == Code::kInvalidArgument) return;
  const std::scoped_lock guard(lock_);
  problem_ = status.ok() ? "" : status.error().message;
}

std::string EvidenceWatch::problem() const {
  const std::scoped_lock guard(lock_);
  return problem_;
}

Result<CertificateFacts> WatchedEvidence::RecordHandshake(const Handshake& handshake) {
  auto facts = store_.RecordHandshake(handshake);
  watch_.Note(facts.ok() ? Status() : Status(facts.error()));
  return facts;
}

Result<PublicChain> WatchedEvidence::CheckChainNow(const Handshake& handshake) {
  return store_.CheckChainNow(handshake);
}

Status WatchedEvidence::RecordWrongKey(const Endpoint& endpoint, const KeyId& expected,
                                       UnixTime time) {
  Status status = store_.RecordWrongKey(endpoint, expected, time);
  watch_.Note(status);
  return status;
}

}  // namespace commresolve::daemon
