// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The certificate side of a batch: DER, issuers, chain check, key and listing.

#include <algorithm>

#include "index/ledger/batch.h"
#include "index/ledger/grouping.h"
#include "index/ledger/row_key.h"
#include "index/ledger/rows.h"

namespace commresolve::index {
namespace {

// A valid check is never given up: it says what was true then. Otherwise the later counts, which is
// written down when it says something else or a day has passed.
bool Supersedes(const PublicChain& check, const std::optional<PublicChain>& on_record) {
  if (!on_record) return true;
  if (on_record->valid != check.valid) return check.valid;
  return check.checked_for > on_record->checked_for &&
         (check.reason != on_record->reason ||
          check.checked_for - on_record->checked_for >= kChainCheckLasts);
}

}  // namespace

Result<CertNo> LedgerBatch::StoreDer(std::string_view der, CertRecord& record) {
  COMMRESOLVE_ASSIGN(place, ders_.Append(der));
  record.der = place;
  const CertNo number = ++totals_.last_certificate;
  certificate_ids_.Give(record.id, number);
  return number;
}

Result<CertNo> LedgerBatch::StoreIssuer(std::string_view der) {
  CertRecord record;
  record.id = {Sha256(der)};
  COMMRESOLVE_ASSIGN(known, certificate_ids_.Find(txn_, record.id));
  if (known) return *known;
  ++totals_.chain_certificates;
  COMMRESOLVE_ASSIGN(number, StoreDer(der, record));
  COMMRESOLVE_TRY(txn_.Put(Table::kCertificates, number, EncodeCertificate(record), End(true)));
  return number;
}

Status LedgerBatch::TakeChain(const Observation& observation, std::string_view leaf,
                              const PublicChain* public_chain, Work& work) {
  CertRecord& record = work.certificate;
  const auto& chain = observation.chain;
  std::optional<PublicChain> check;
  if (public_chain != nullptr) {
    check = *public_chain;
    check->reason.resize(std::min(check->reason.size(), kMaxReasonBytes));
  }
  const bool better = check && Supersedes(*check, record.chain);
  if (better) record.chain = std::move(check);
  if (better) work.certificate_changed = true;
  if (chain.size() < 2 || (!better && !record.issuers.empty())) return {};
  std::vector<CertNo> issuers;
  for (size_t i = 1; i < chain.size() && issuers.size() < kMaxIssuers; ++i) {
    const std::string_view der = CertificateBytes(chain[i]);
    if (der == leaf) continue;
    if (der.empty() || der.size() > kMaxCertificateBytes) break;
    COMMRESOLVE_ASSIGN(issuer, StoreIssuer(der));
    issuers.push_back(issuer);
  }
  if (issuers == record.issuers) return {};
  record.issuers = std::move(issuers);
  work.certificate_changed = true;
  return {};
}

Status LedgerBatch::TakeKey(const CertificateFacts& facts, Work& work) {
  work.certificate.not_before = facts.not_before;
  work.certificate.not_after = facts.not_after;
  work.certificate_changed = true;
  COMMRESOLVE_ASSIGN(known, key_ids_.Find(txn_, facts.key));
  if (known) {
    work.certificate.key = *known;
    return StandForKey(work);
  }
  const KeyRecord first{facts.key, work.number, facts.not_before, work.certificate.has_chain(),
                        work.proved};
  const KeyNo key = ++totals_.last_key;
  ++totals_.keys;
  key_ids_.Give(facts.key, key);
  work.certificate.key = key;
  work.fresh_key = true;
  return txn_.Put(Table::kKeys, key, EncodeKey(first), End(true));
}

Status LedgerBatch::StandForKey(const Work& work) {
  const CertRecord& certificate = work.certificate;
  COMMRESOLVE_ASSIGN(record, ReadRow(txn_, Table::kKeys, certificate.key, DecodeKey));
  KeyRecord better{record.id, work.number, certificate.not_before, certificate.has_chain(),
                   work.proved};
  if (record.best == work.number) better.best_proved = work.proved || record.best_proved;
  if (!record.WorseThan(better)) return {};
  return txn_.Put(Table::kKeys, certificate.key, EncodeKey(better));
}

Status LedgerBatch::MoveUp(const Work& work) {
  const CertRecord& record = work.certificate;
  ListingCertificateKey row{record.listing, false, record.not_before, work.number};
  COMMRESOLVE_ASSIGN(cursor, txn_.Walk(Table::kListingCertificates));
  COMMRESOLVE_ASSIGN(found, cursor.Seek(EncodeListingCertificateKey(row)));
  if (found && cursor.key() == EncodeListingCertificateKey(row)) COMMRESOLVE_TRY(cursor.Delete());
  row.public_chain = true;
  COMMRESOLVE_TRY(txn_.Put(Table::kListingCertificates, EncodeListingCertificateKey(row),
                           EncodeNumber(record.key)));
  return StandForKey(work);
}

Status LedgerBatch::TakeListing(const ParsedCertificate& parsed, UnixTime time, Work& work) {
  const std::vector<FieldView> fields = ListingFields(parsed);
  const PlainDigest digest = ListingDigest(fields);
  COMMRESOLVE_ASSIGN(known, listing_ids_.Find(txn_, digest));
  if (known) {
    work.certificate.listing = *known;
    COMMRESOLVE_ASSIGN(facts, ReadRow(txn_, Table::kFacts, *known, DecodeFacts));
    work.facts = facts;
    return ReadExtras(work);
  }
  const ListingId listing = ++totals_.last_listing;
  ++totals_.listings;
  listing_ids_.Give(digest, listing);
  work.certificate.listing = listing;
  work.fresh_listing = true;
  work.facts.facts.not_after = parsed.facts.not_after;
  work.facts.facts.first_seen = time;
  work.facts.facts.last_seen = time;
  work.extras.emplace();
  work.extras_changed = true;
  return txn_.Put(Table::kListings, listing, EncodeFields(fields), End(true));
}

Status LedgerBatch::JoinListing(const ParsedCertificate& parsed, Work& work) {
  const CertRecord& record = work.certificate;
  FactsRecord& facts = work.facts;
  work.facts_changed = true;
  ++facts.certificates;
  facts.facts.not_after = std::max(facts.facts.not_after, record.not_after);
  const auto row = EncodeListingCertificateKey(
      {record.listing, record.has_chain(), record.not_before, work.number});
  COMMRESOLVE_TRY(txn_.Put(Table::kListingCertificates, row, EncodeNumber(record.key),
                           End(work.fresh_listing)));
  const auto pair = EncodeKeyListingKey({record.key, record.listing});
  if (work.fresh_key) {
    ++facts.keys;
    COMMRESOLVE_TRY(txn_.Put(Table::kKeyListings, pair, "", End(true)));
  } else {
    COMMRESOLVE_ASSIGN(paired, txn_.GetOrPut(Table::kKeyListings, pair, ""));
    if (!paired) ++facts.keys;
  }
  for (const FieldText& field : parsed.fields) {
    if (field.field != Field::kIssuer) continue;
    if (work.extras->issuers.size() >= kMaxListingIssuers) break;
    if (work.extras->issuers.insert(field.text).second) work.extras_changed = true;
  }
  return {};
}

}  // namespace commresolve::index
