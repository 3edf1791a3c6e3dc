// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The observation side of a batch: who saw which certificate where, and when.

#include <algorithm>
#include <limits>

#include "index/ledger/batch.h"
#include "index/ledger/row_key.h"
#include "index/ledger/rows.h"

namespace commresolve::index {
namespace {

constexpr size_t kMaxSourcesInMemory = 1'000;

void Widen(UnixTime time, UnixTime& first, UnixTime& last) {
  first = std::min(first, time);
  last = std::max(last, time);
}

UnixTime LaterProof(UnixTime known, UnixTime time) {
  return IsFromWrongClock(known, time) ? time : std::max(known, time);
}

}  // namespace

/// `fresh`: the certificate was not listed before, so there is no sighting of it.
Status LedgerBatch::AddSighting(const Observation& observation, bool fresh, Work& work) {
  const UnixTime time = observation.time;
  const std::string endpoint = EndpointBytes(observation.endpoint);
  const std::string row = EncodeSightingKey({work.certificate.key, endpoint, work.number});
  std::optional<SightingRecord> known;
  if (!fresh) {
    COMMRESOLVE_ASSIGN(found, FindRow(txn_, Table::kSightings, row, DecodeSighting));
    known = std::move(found);
  }
  SightingRecord sighting = known.value_or(SightingRecord{time, time, {}, {}, {}});
  COMMRESOLVE_ASSIGN(source, TakeSource(observation.source));
  FactsRecord facts = work.facts;
  if (std::ranges::find(sighting.sources, source) == sighting.sources.end() &&
      sighting.sources.size() < kMaxSightingSources) {
    sighting.sources.push_back(source);
    ++totals_.observations;
    if (facts.facts.observations != std::numeric_limits<uint32_t>::max()) {
      ++facts.facts.observations;
    }
  }
  Widen(time, sighting.first_seen, sighting.last_seen);
  Widen(time, facts.facts.first_seen, facts.facts.last_seen);
  if (observation.proof) {
    if (IsFromWrongClock(sighting.wrong_at.value_or(time), time)) sighting.wrong_at.reset();
    sighting.proved_at = LaterProof(sighting.proved_at.value_or(time), time);
    facts.facts.proved_at = LaterProof(facts.facts.proved_at, time);
  }
  if (observation.proof && observation.endpoint) {
    COMMRESOLVE_TRY(AddProof(endpoint, {work.certificate.key, time}));
  }
  if (facts != work.facts) {
    work.facts = facts;
    work.facts_changed = true;
  }
  if (known && *known == sighting) return {};
  COMMRESOLVE_TRY(txn_.Put(Table::kSightings, row, EncodeSighting(sighting), End(work.fresh_key)));
  if (known || !observation.endpoint) return {};
  return AddPlace(*observation.endpoint, endpoint, work);
}

Status LedgerBatch::AddProof(const std::string& endpoint, const ProofRecord& proof) {
  COMMRESOLVE_ASSIGN(known, FindRow(txn_, Table::kProofs, endpoint, DecodeProof));
  const bool later = known && known->time > proof.time;
  if (later && !IsFromWrongClock(known->time, proof.time)) return {};
  if (known && *known == proof) return {};
  return txn_.Put(Table::kProofs, endpoint, EncodeProof(proof));
}

Status LedgerBatch::AddPlace(const Endpoint& endpoint, const std::string& endpoint_bytes,
                             Work& work) {
  const std::string row = EncodePlaceKey({endpoint_bytes, work.certificate.key});
  const std::string address = AddressPrefix(endpoint.ip, endpoint.port);
  COMMRESOLVE_ASSIGN(cursor, txn_.Walk(Table::kPlaces));
  COMMRESOLVE_ASSIGN(found, cursor.Seek(address));
  if (!found || !cursor.key().starts_with(address)) ++totals_.endpoints;
  if (!found || cursor.key() != row) COMMRESOLVE_TRY(cursor.Put(row, ""));
  COMMRESOLVE_TRY(ReadExtras(work));
  ListingExtras& extras = *work.extras;
  if (extras.ports.size() < kMaxListingPorts && extras.ports.insert(endpoint.port).second) {
    work.extras_changed = true;
  }
  if (extras.protocols.insert(endpoint.protocol).second) work.extras_changed = true;
  return {};
}

Result<SourceNo> LedgerBatch::TakeSource(const std::string& name) {
  if (const auto cached = sources_.find(name); cached != sources_.end()) return cached->second;
  COMMRESOLVE_ASSIGN(known, FindRow(txn_, Table::kSources, name, DecodeNumber));
  SourceNo source = known.value_or(0);
  if (!known) {
    source = ++totals_.last_source;
    COMMRESOLVE_TRY(txn_.Put(Table::kSources, name, EncodeNumber(source)));
    COMMRESOLVE_TRY(txn_.Put(Table::kSourceNames, source, EncodeText(name), End(true)));
  }
  if (sources_.size() >= kMaxSourcesInMemory) sources_.clear();
  sources_.emplace(name, source);
  return source;
}

}  // namespace commresolve::index
