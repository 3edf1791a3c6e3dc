// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Cutting, member by member.

#include "grpc/engine/claim.h"

#include <algorithm>
#include <cmath>

#include "resolver/keyword/fold.h"

namespace commresolve::daemon {
namespace {

constexpr size_t kMostTextBytes = 1'024;
constexpr size_t kMostNames = 1'000;
constexpr size_t kMostTexts = 16;
constexpr size_t kMostKeys = 16;
constexpr size_t kMostEndpoints = 64;
constexpr size_t kMostCertificates = 64;
constexpr size_t kMostKeyCount = 1'000'000;
constexpr UnixTime kLastTime = 253'402'300'799;  // The end of the year 9999.

template <class T>
void CutList(std::vector<T>& list, size_t most) {
  if (list.size() > most) list.erase(list.begin() + static_cast<ptrdiff_t>(most), list.end());
}

void CutText(std::string& text) {
  // A character that was cut in two becomes U+FFFD.
  if (text.size() > kMostTextBytes) text = ValidUtf8(text.substr(0, kMostTextBytes));
}

void CutTexts(std::vector<std::string>& texts, size_t most) {
  CutList(texts, most);
  for (std::string& text : texts) CutText(text);
}

void CutTime(UnixTime& time) { time = std::clamp<UnixTime>(time, 0, kLastTime); }

void CutFacts(CertificateFacts& facts) {
  CutTexts(facts.names, kMostNames);
  CutTexts(facts.common_names, kMostTexts);
  CutTexts(facts.organizations, kMostTexts);
  CutText(facts.issuer_common_name);
  CutText(facts.issuer_organization);
  CutTime(facts.not_before);
  CutTime(facts.not_after);
  facts.public_chain = {false, 0, "an index server says so; not seen here"};
}

void CutCandidate(Candidate& candidate) {
  CutFacts(candidate.certificate);
  CutList(candidate.endpoints, kMostEndpoints);
  for (SeenEndpoint& seen : candidate.endpoints) {
    CutText(seen.endpoint.server_name);
    CutTime(seen.first_seen);
    CutTime(seen.last_seen);
    seen.proved_at.reset();
    seen.wrong_at.reset();
  }
  CutTime(candidate.first_seen);
  CutTime(candidate.last_seen);
  candidate.keywords.clear();
  candidate.sources = {"index-server"};
}

}  // namespace

void MakeClaim(const std::string& index_server, index::SearchRow& row) {
  CutCandidate(row.best);
  CutTexts(row.matched, kMostTexts);
  CutList(row.keys, kMostKeys);
  if (std::ranges::find(row.keys, row.best.key()) == row.keys.end()) {
    row.keys.insert(row.keys.begin(), row.best.key());
  }
  row.key_count = std::clamp(row.key_count, row.keys.size(), kMostKeyCount);
  CutList(row.certificates, kMostCertificates);
  CutTime(row.facts.first_seen);
  CutTime(row.facts.last_seen);
  if (!std::isfinite(row.score) || row.score < 0) row.score = 0;
  row.index_server = index_server;
}

}  // namespace commresolve::daemon
