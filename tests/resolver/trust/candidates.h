// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Candidates made by hand, with the keywords that the extractor gives to such certificates.

#ifndef COMMRESOLVE_TESTS_RESOLVER_TRUST_CANDIDATES_H_
#define COMMRESOLVE_TESTS_RESOLVER_TRUST_CANDIDATES_H_

#include <string>
#include <vector>

#include "resolver/candidate.h"
#include "resolver/keyword/host_name.h"

namespace commresolve {

inline constexpr UnixTime kTestNow = 1'770'000'000;
inline constexpr int64_t kTestMaxAge = 3'600;
inline constexpr int64_t kTestDay = 86'400;

inline KeyId TestKey(const std::string& owner) {
  KeyId key;
  key.bytes = Sha256(owner);
  return key;
}

/// A key that nobody proved, with a certificate without public chain, valid from 30 days ago for 60
/// more, that carries no words.
inline Candidate MakeCandidate(const std::string& owner) {
  Candidate candidate;
  candidate.certificate.key = TestKey(owner);
  candidate.certificate.not_before = kTestNow - 30 * kTestDay;
  candidate.certificate.not_after = kTestNow + 60 * kTestDay;
  candidate.endpoints.emplace_back();
  return candidate;
}

inline void AddText(Candidate& candidate, const std::string& text,
                    EvidenceClass evidence = EvidenceClass::kSelfAsserted,
                    Field field = Field::kUnit) {
  for (const std::string& word : FoldWords(text)) {
    candidate.keywords.push_back({word, field, evidence});
  }
}

/// A public certificate for `names`: C1 for whole registrable labels, C2 for the words below and
/// for the pieces of a registrable label with hyphens.
inline Candidate PublicCandidate(const std::string& owner, const std::vector<std::string>& names) {
  Candidate candidate = MakeCandidate(owner);
  candidate.certificate.public_chain.valid = true;
  candidate.certificate.names = names;
  for (const std::string& name : names) {
    const HostParts parts = SplitHostName(name);
    const std::string label = FoldCase(parts.registrable_label);
    candidate.keywords.push_back({label, Field::kDnsName, EvidenceClass::kRegistrableLabel});
    if (label.find('-') != std::string::npos) {
      AddText(candidate, label, EvidenceClass::kSubLabel, Field::kDnsName);
    }
    for (const std::string& sub : parts.sub) {
      AddText(candidate, sub, EvidenceClass::kSubLabel, Field::kDnsName);
    }
  }
  return candidate;
}

inline Candidate Proved(Candidate candidate, int64_t ago = 60) {
  candidate.endpoints.front().proved_at = kTestNow - ago;
  return candidate;
}

}  // namespace commresolve

#endif  // COMMRESOLVE_TESTS_RESOLVER_TRUST_CANDIDATES_H_
