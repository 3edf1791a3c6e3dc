// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// From handshakes to proofs on record.

#include "grpc/engine/prove_keys.h"

#include <map>
#include <set>

#include "index/certificate/certificate.h"

namespace commresolve::daemon {
namespace {

using Expected = std::map<Endpoint, std::set<KeyId>>;

Result<ProvedKey> Record(index::Store& store, const Handshake& handshake, const KnownCerts& known,
                         int64_t max_age) {
  COMMRESOLVE_ASSIGN(facts, store.RecordHandshake(handshake));
  COMMRESOLVE_ASSIGN(parsed, index::ParseCertificate(handshake.chain.front()));
  COMMRESOLVE_ASSIGN(candidate, store.FindKey(handshake.key));
  ProvedKey proved;
  proved.keywords = index::ExtractKeywords(parsed, facts.public_chain.valid, nullptr);
  proved.shown = std::move(facts);
  proved.endpoint = handshake.endpoint;
  proved.proved_at = handshake.time;
  if (candidate) proved.standing = StandingOf(*candidate, known, handshake.time, max_age);
  return proved;
}

}  // namespace

Status ProveKeys(index::Store& store, Prober& prober, const ProbeOptions& probe,
                 const std::vector<KeyPlace>& places, const KnownCerts& known, int64_t max_age,
                 const std::atomic<bool>* stop, const ProvedSink& sink) {
  Expected expected;
  for (const KeyPlace& place : places) expected[place.endpoint].insert(place.key);
  std::vector<Endpoint> endpoints;
  endpoints.reserve(expected.size());
  for (const auto& [endpoint, keys] : expected) endpoints.push_back(endpoint);
  Status status;
  const auto take = [&](const ProbeOutcome& outcome) {
    if (!outcome.handshake.ok()) return;
    const Handshake& handshake = *outcome.handshake;
    if (!expected[outcome.endpoint].contains(handshake.key)) return;
    const auto proved = Record(store, handshake, known, max_age);
    if (!proved.ok()) {
      status = proved.error();
      return;
    }
    sink(*proved);
  };
  prober.ProbeAll(endpoints, probe, take, stop);
  return status;
}

}  // namespace commresolve::daemon
