// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Evidence in maps.

#include "tests/resolver/memory_evidence.h"

#include <algorithm>
#include <cstdlib>

#include "index/certificate/certificate.h"
#include "resolver/trust/coverage.h"

namespace commresolve::fakes {

KnownCertificate Examine(const std::vector<std::string>& chain, PublicChainChecker& checker,
                         UnixTime now) {
  auto certificate = index::ParseCertificate(chain.front());
  if (!certificate.ok()) std::abort();
  KnownCertificate known{chain, certificate->facts, {}};
  known.facts.public_chain = checker.Check(chain, now);
  known.keywords = index::ExtractKeywords(*certificate, known.facts.public_chain.valid, nullptr);
  return known;
}

SeenEndpoint& MemoryEvidence::Seen(Candidate& candidate, const Endpoint& endpoint, UnixTime time) {
  for (SeenEndpoint& seen : candidate.endpoints) {
    if (seen.endpoint == endpoint) return seen;
  }
  candidate.endpoints.push_back({endpoint, time, time, std::nullopt, std::nullopt});
  return candidate.endpoints.back();
}

void MemoryEvidence::Add(const KnownCertificate& certificate, const Endpoint& endpoint,
                         UnixTime time) {
  Candidate& candidate = candidates_[certificate.facts.key];
  candidate.certificate = certificate.facts;
  candidate.keywords = certificate.keywords;
  Seen(candidate, endpoint, time).last_seen = time;
}

Result<Candidates> MemoryEvidence::Find(const KeywordSet& words, size_t limit) {
  Candidates found;
  for (const bool valid : {true, false}) {
    for (const auto& [key, candidate] : candidates_) {
      if (candidate.certificate.public_chain.valid != valid) continue;
      if (!Cover(words, candidate.keywords).all) continue;
      if (found.list.size() < limit) {
        found.list.push_back(candidate);
      } else {
        found.complete = false;
      }
    }
  }
  return found;
}

Result<std::optional<Candidate>> MemoryEvidence::FindKey(const KeyId& key) {
  const auto found = candidates_.find(key);
  if (found == candidates_.end()) return std::optional<Candidate>();
  return std::optional<Candidate>(found->second);
}

Result<std::vector<KeyId>> MemoryEvidence::KeysSeenAt(const IpAddress& ip, uint16_t port) {
  std::vector<KeyId> keys;
  for (const auto& [key, candidate] : candidates_) {
    const bool seen_there = std::any_of(
        candidate.endpoints.begin(), candidate.endpoints.end(), [&](const SeenEndpoint& seen) {
          return seen.endpoint.ip == ip && seen.endpoint.port == port;
        });
    if (seen_there) keys.push_back(key);
  }
  return keys;
}

Result<CertificateFacts> MemoryEvidence::RecordHandshake(const Handshake& handshake) {
  const KnownCertificate& certificate = by_der_->at(handshake.chain.front());
  Add(certificate, handshake.endpoint, handshake.time);
  SeenEndpoint& seen = Seen(candidates_[handshake.key], handshake.endpoint, handshake.time);
  seen.proved_at = handshake.time;
  seen.wrong_at.reset();
  return certificate.facts;
}

Result<PublicChain> MemoryEvidence::CheckChainNow(const Handshake& handshake) {
  return by_der_->at(handshake.chain.front()).facts.public_chain;
}

Status MemoryEvidence::RecordWrongKey(const Endpoint& endpoint, const KeyId& expected,
                                      UnixTime time) {
  const auto found = candidates_.find(expected);
  if (found != candidates_.end()) Seen(found->second, endpoint, time).wrong_at = time;
  return {};
}

}  // namespace commresolve::fakes
