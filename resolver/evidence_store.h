// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// EvidenceStore: where the resolver writes down what its own handshakes proved.

#ifndef COMMRESOLVE_RESOLVER_EVIDENCE_STORE_H_
#define COMMRESOLVE_RESOLVER_EVIDENCE_STORE_H_

#include "resolver/base/result.h"
#include "resolver/candidate.h"
#include "resolver/handshake.h"

namespace commresolve {

/// The ledger implements this. Used by one thread at a time; durable when a call returns.
class EvidenceStore {
 public:
  virtual ~EvidenceStore() = default;

  /// Stores the chain, the endpoint and the proof. Returns the facts of the certificate shown; its
  /// public chain is as checked less than a day before the handshake, or for it.
  /// kInvalidArgument if the certificate cannot be parsed (nothing is stored then).
  virtual Result<CertificateFacts> RecordHandshake(const Handshake& handshake) = 0;

  /// Checks the chain that was shown for the time of the handshake against the public roots of now,
  /// whatever was found before. Nothing else may let a key in without the user.
  virtual Result<PublicChain> CheckChainNow(const Handshake& handshake) = 0;

  /// Notes that at `time` the endpoint answered with another key than `expected`: it is no hint for
  /// `expected` any more until it is seen with that key again.
  virtual Status RecordWrongKey(const Endpoint& endpoint, const KeyId& expected, UnixTime time) = 0;
};

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_EVIDENCE_STORE_H_
