// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One observation from check to rows; begin and commit of the batch.

#include "index/ledger/batch.h"

#include <algorithm>
#include <utility>

#include "index/ledger/grouping.h"
#include "index/ledger/row_key.h"
#include "index/ledger/rows.h"

namespace commresolve::index {
namespace {

constexpr size_t kMaxSourceBytes = 128;
/// After so many new certificates the memory of the process is looked at. Not after known ones:
/// they go several times as fast while the pages are at hand.
constexpr size_t kCertificatesPerLook = 512;
/// A batch with so many new certificates has written most pages of the tables anew.
constexpr size_t kLargeBatch = 10'000;

Status CheckObservation(const Observation& observation) {
  if (observation.chain.empty()) return Error{Code::kInvalidArgument, "no certificate"};
  if (observation.chain.front().size() > kMaxCertificateBytes) {
    return Error{Code::kInvalidArgument,
                 "larger than " + std::to_string(kMaxCertificateBytes) + " bytes"};
  }
  const std::string& source = observation.source;
  const bool blank = std::ranges::any_of(
      source, [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7f'; });
  if (source.empty() || source.size() > kMaxSourceBytes || blank) {
    return Error{Code::kInvalidArgument, "the source is not a word of 1 to 128 bytes"};
  }
  if (observation.endpoint) return CheckEndpoint(*observation.endpoint);
  return {};
}

/// LMDB writes on the pages that a commit has freed only after one more: with this one a large
/// batch grows the file by what it adds, and not by the pages of the batch before, too.
Status CommitNothing(const std::shared_ptr<Environment>& environment) {
  COMMRESOLVE_ASSIGN(txn, WriteTransaction::Begin(environment));
  COMMRESOLVE_ASSIGN(totals, ReadTotals(txn));
  COMMRESOLVE_TRY(txn.Put(Table::kMeta, kTotalsKey, EncodeTotals(totals)));
  return txn.Commit();
}

Error AnotherCertificate() {
  return {Code::kInvalidArgument, "the parsed certificate is not the one that was seen"};
}

}  // namespace

Result<std::unique_ptr<Ledger::Batch>> LedgerBatch::Begin(
    const std::shared_ptr<Environment>& environment) {
  COMMRESOLVE_ASSIGN(txn, WriteTransaction::Begin(environment));
  COMMRESOLVE_ASSIGN(totals, ReadTotals(txn));
  return std::unique_ptr<Ledger::Batch>(new LedgerBatch(std::move(txn), totals));
}

template <class T>
Result<T> LedgerBatch::OrLose(Result<T> result) {
  if (result.ok()) return result;
  lost_ = result.error();
  ders_.Undo();
  txn_.Drop();
  return result;
}

Status LedgerBatch::Usable() const {
  if (lost_) return *lost_;
  if (committed_) return Error{Code::kInternal, "the ledger batch is committed already"};
  return {};
}

Result<KnownCertificate> LedgerBatch::LookFor(const CertId& id) {
  COMMRESOLVE_ASSIGN(number, certificate_ids_.Find(txn_, id));
  return Look(txn_, id, number);
}

Result<Added> LedgerBatch::Add(const Observation& observation, const ParsedCertificate& certificate,
                               const PublicChain* public_chain) {
  COMMRESOLVE_TRY(Usable());
  COMMRESOLVE_TRY(CheckObservation(observation));
  const std::string_view der = CertificateBytes(observation.chain.front());
  const CertId id{Sha256(der)};
  if (id != certificate.facts.id) return AnotherCertificate();
  COMMRESOLVE_ASSIGN(known, OrLose(LookFor(id)));
  return OrLose(AddLeaf(observation, der, std::move(known), &certificate, public_chain));
}

Result<Added> LedgerBatch::AddLightly(const Observation& observation,
                                      const PublicChain* public_chain, const ChainCheck& check) {
  COMMRESOLVE_TRY(Usable());
  COMMRESOLVE_TRY(CheckObservation(observation));
  const std::string_view der = CertificateBytes(observation.chain.front());
  const CertId id{Sha256(der)};
  COMMRESOLVE_ASSIGN(known, OrLose(LookFor(id)));
  std::optional<PublicChain> made;
  if (public_chain == nullptr) {
    COMMRESOLVE_ASSIGN(holds,
                       OrLose(CheckThatHolds(txn_, known, observation.chain, observation.time)));
    if (!holds) {
      COMMRESOLVE_ASSIGN(now, check());
      made = std::move(now);
      public_chain = &*made;
    }
  }
  std::optional<ParsedCertificate> parsed;
  const ParsedCertificate* certificate = observation.certificate.get();
  if (certificate == nullptr && !known.record.listed()) {
    COMMRESOLVE_ASSIGN(now, ParseInBulk(observation.chain.front(), id));
    certificate = &parsed.emplace(std::move(now));
  }
  if (certificate != nullptr && certificate->facts.id != id) return AnotherCertificate();
  return OrLose(AddLeaf(observation, der, std::move(known), certificate, public_chain));
}

Result<Added> LedgerBatch::AddLeaf(const Observation& observation, std::string_view der,
                                   KnownCertificate known, const ParsedCertificate* certificate,
                                   const PublicChain* public_chain) {
  Work work;
  work.proved = observation.proof;
  const std::optional<CertNo> number = known.number;
  work.number = number.value_or(0);
  work.certificate = std::move(known.record);
  const bool fresh = !work.certificate.listed();
  const bool had_chain = work.certificate.has_chain();
  COMMRESOLVE_TRY(TakeChain(observation, der, public_chain, work));
  if (!number) {
    work.certificate.id = known.id;
    COMMRESOLVE_ASSIGN(stored, StoreDer(der, work.certificate));
    work.number = stored;
    work.fresh_certificate = true;
  }
  if (fresh) {
    COMMRESOLVE_TRY(TakeKey(certificate->facts, work));
    COMMRESOLVE_TRY(TakeListing(*certificate, observation.time, work));
    COMMRESOLVE_TRY(JoinListing(*certificate, work));
    if (number) --totals_.chain_certificates;
    ++totals_.certificates;
    if (++fresh_ % kCertificatesPerLook == 0) txn_.LimitMappedPages();
  } else {
    COMMRESOLVE_ASSIGN(facts, ReadRow(txn_, Table::kFacts, work.certificate.listing, DecodeFacts));
    work.facts = facts;
    if (!had_chain && work.certificate.has_chain()) COMMRESOLVE_TRY(MoveUp(work));
    if (work.proved) COMMRESOLVE_TRY(StandForKey(work));
  }
  COMMRESOLVE_TRY(AddSighting(observation, fresh, work));
  COMMRESOLVE_TRY(Save(work));
  return fresh ? Added::kNew : Added::kKnown;
}

Status LedgerBatch::ReadExtras(Work& work) {
  if (work.extras) return {};
  COMMRESOLVE_ASSIGN(extras, ReadRow(txn_, Table::kExtras, work.certificate.listing, DecodeExtras));
  work.extras = std::move(extras);
  return {};
}

Status LedgerBatch::Save(Work& work) {
  const ListingId listing = work.certificate.listing;
  FactsRecord& facts = work.facts;
  if (work.certificate.chain && work.certificate.chain->valid && !facts.facts.public_chain) {
    facts.facts.public_chain = true;
    work.facts_changed = true;
    changed_.push_back(listing);
  }
  if (work.certificate_changed) {
    COMMRESOLVE_TRY(txn_.Put(Table::kCertificates, work.number, EncodeCertificate(work.certificate),
                             End(work.fresh_certificate)));
  }
  if (work.facts_changed) {
    COMMRESOLVE_TRY(txn_.Put(Table::kFacts, listing, EncodeFacts(facts), End(work.fresh_listing)));
  }
  if (work.extras_changed) {
    COMMRESOLVE_TRY(
        txn_.Put(Table::kExtras, listing, EncodeExtras(*work.extras), End(work.fresh_listing)));
    changed_.push_back(listing);
  }
  return {};
}

Status LedgerBatch::AddWrongKey(const Endpoint& endpoint, const KeyId& expected, UnixTime time) {
  COMMRESOLVE_TRY(Usable());
  COMMRESOLVE_TRY(CheckEndpoint(endpoint));
  const auto note = [&]() -> Status {
    COMMRESOLVE_ASSIGN(key, key_ids_.Find(txn_, expected));
    if (!key) return {};
    const std::string prefix = NumberPrefix(*key) + EndpointBytes(endpoint);
    COMMRESOLVE_ASSIGN(cursor, txn_.Walk(Table::kSightings));
    COMMRESOLVE_ASSIGN(found, cursor.Seek(prefix));
    if (!found || !cursor.key().starts_with(prefix)) return {};
    // Readers take the latest over all certificates of the key here, so one row is enough.
    COMMRESOLVE_ASSIGN(sighting, DecodeSighting(cursor.value()));
    const bool known = sighting.wrong_at && *sighting.wrong_at >= time;
    if (known && !IsFromWrongClock(*sighting.wrong_at, time)) return {};
    sighting.wrong_at = time;
    const std::string row(cursor.key());
    return txn_.Put(Table::kSightings, row, EncodeSighting(sighting));
  };
  return OrLose(note());
}

Status LedgerBatch::Commit() {
  COMMRESOLVE_TRY(Usable());
  const auto write = [&]() -> Status {
    for (FreshIds* ids : {&certificate_ids_, &key_ids_, &listing_ids_}) {
      COMMRESOLVE_TRY(ids->Write(txn_));
    }
    std::ranges::sort(changed_);
    const auto same = std::ranges::unique(changed_);
    changed_.erase(same.begin(), same.end());
    for (const ListingId listing : changed_) {
      COMMRESOLVE_TRY(txn_.Put(Table::kChanged, EncodeChangeKey(++totals_.last_change),
                               EncodeNumber(listing), End(true)));
    }
    totals_.der_bytes = ders_.end();
    COMMRESOLVE_TRY(txn_.Put(Table::kMeta, kTotalsKey, EncodeTotals(totals_)));
    COMMRESOLVE_TRY(ders_.Sync());
    return txn_.Commit();
  };
  COMMRESOLVE_TRY(OrLose(write()));
  committed_ = true;
  // The batch is safe whatever becomes of this.
  if (fresh_ >= kLargeBatch) static_cast<void>(CommitNothing(txn_.environment()));
  return {};
}

}  // namespace commresolve::index
