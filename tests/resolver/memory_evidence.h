// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// MemoryEvidence: candidate source and evidence store without a disk, for tests that need thousands
// of them. Real parsing, keywords and chain checks; no ranking.

#ifndef COMMRESOLVE_TESTS_RESOLVER_MEMORY_EVIDENCE_H_
#define COMMRESOLVE_TESTS_RESOLVER_MEMORY_EVIDENCE_H_

#include <map>
#include <string>
#include <vector>

#include "resolver/candidate_source.h"
#include "resolver/evidence_store.h"
#include "resolver/net/public_chain.h"

namespace commresolve::fakes {

/// What is known about one certificate, worked out once and shared by many stores.
struct KnownCertificate {
  std::vector<std::string> chain;
  CertificateFacts facts;
  std::vector<Keyword> keywords;
};
/// Aborts if `chain` cannot be parsed.
KnownCertificate Examine(const std::vector<std::string>& chain, PublicChainChecker& checker,
                         UnixTime now);

/// Used by one thread.
class MemoryEvidence final : public CandidateSource, public EvidenceStore {
 public:
  /// Somebody says that `certificate` is at `endpoint`.
  void Add(const KnownCertificate& certificate, const Endpoint& endpoint, UnixTime time);

  Result<Candidates> Find(const KeywordSet& words, size_t limit) override;
  Result<std::optional<Candidate>> FindKey(const KeyId& key) override;
  Result<std::vector<KeyId>> KeysSeenAt(const IpAddress& ip, uint16_t port) override;
  Result<CertificateFacts> RecordHandshake(const Handshake& handshake) override;
  Result<PublicChain> CheckChainNow(const Handshake& handshake) override;
  Status RecordWrongKey(const Endpoint& endpoint, const KeyId& expected, UnixTime time) override;

  /// Certificates that handshakes may show; borrowed.
  void Knows(const std::map<std::string, KnownCertificate>* by_der) { by_der_ = by_der; }

 private:
  SeenEndpoint& Seen(Candidate& candidate, const Endpoint& endpoint, UnixTime time);
  std::map<KeyId, Candidate> candidates_;
  const std::map<std::string, KnownCertificate>* by_der_ = nullptr;
};

}  // namespace commresolve::fakes

#endif  // COMMRESOLVE_TESTS_RESOLVER_MEMORY_EVIDENCE_H_
