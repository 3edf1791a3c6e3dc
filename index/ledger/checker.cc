// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Certificates, keys and totals.

#include "index/ledger/checker.h"

#include "index/ledger/row_key.h"

namespace commresolve::index {
namespace {

constexpr size_t kMaxProblems = 100;
constexpr size_t kShownKeyBytes = 40;

std::string RowName(Table table, const Cursor& cursor) {
  if (IsNumbered(table)) return std::to_string(cursor.number());
  return Hex(cursor.key().substr(0, kShownKeyBytes));
}

}  // namespace

Status Checker::Each(Table table, const std::function<Status(const Cursor&)>& check) {
  COMMRESOLVE_ASSIGN(cursor, txn_.Walk(table));
  COMMRESOLVE_ASSIGN(first, cursor.First());
  for (bool more = first; more;) {
    ++report_.rows;
    table_ = table;
    row_ = RowName(table, cursor);
    COMMRESOLVE_TRY(check(cursor));
    COMMRESOLVE_ASSIGN(next, cursor.Next());
    more = next;
  }
  return {};
}

void Checker::Fail(const std::string& what) {
  ++report_.problem_count;
  if (report_.problems.size() >= kMaxProblems) return;
  report_.problems.push_back(std::string(TableName(table_)) + " " + row_ + ": " + what);
}

void Checker::NeedNumber(Table table, std::string_view key, uint32_t number) {
  const auto found = Need(table, key, DecodeNumber);
  if (found && *found != number) {
    Fail(std::string("is filed under another number in ") + TableName(table));
  }
}

void Checker::NeedRow(Table table, std::string_view key) {
  const auto bytes = txn_.Get(table, key);
  if (!bytes.ok() || !*bytes) Fail(std::string("has no row in ") + TableName(table));
}

Result<LedgerCheck> Checker::Run() {
  COMMRESOLVE_ASSIGN(totals, ReadTotals(txn_));
  totals_ = totals;
  counted_.last_change = totals.last_change;
  counted_.last_certificate = totals.last_certificate;
  counted_.last_key = totals.last_key;
  counted_.last_listing = totals.last_listing;
  counted_.last_source = totals.last_source;
  COMMRESOLVE_TRY(CheckCertificateIds());
  COMMRESOLVE_TRY(CheckCertificates());
  COMMRESOLVE_TRY(CheckKeys());
  COMMRESOLVE_TRY(CheckListings());
  COMMRESOLVE_TRY(CheckFacts());
  COMMRESOLVE_TRY(CheckListingCertificates());
  COMMRESOLVE_TRY(CheckKeyListings());
  COMMRESOLVE_TRY(CheckSightings());
  COMMRESOLVE_TRY(CheckPlaces());
  COMMRESOLVE_TRY(CheckProofs());
  COMMRESOLVE_TRY(CheckSources());
  COMMRESOLVE_TRY(CheckChanged());
  COMMRESOLVE_TRY(CheckTotals());
  return report_;
}

Status Checker::CheckCertificateIds() {
  return Each(Table::kCertificateIds, [&](const Cursor& cursor) -> Status {
    const auto number = Decoded(DecodeNumber(cursor.value()));
    if (!number) return {};
    const auto record = Need(Table::kCertificates, *number, DecodeCertificate);
    Require(!record || record->id.view() == cursor.key(), "is the number of another certificate");
    return {};
  });
}

Status Checker::CheckCertificates() {
  return Each(Table::kCertificates, [&](const Cursor& cursor) -> Status {
    const auto record = Decoded(DecodeCertificate(cursor.value()));
    if (!record) return {};
    Require(cursor.number() <= totals_.last_certificate, "its number was not given out yet");
    NeedNumber(Table::kCertificateIds, record->id.view(), cursor.number());
    Require(record->der.offset + record->der.length <= totals_.der_bytes,
            "its DER is not among what was committed");
    Decoded(txn_.environment()->ders.Read(*record));
    for (const CertNo issuer : record->issuers) {
      Need(Table::kCertificates, issuer, DecodeCertificate);
    }
    ++(record->listed() ? counted_.certificates : counted_.chain_certificates);
    if (record->listed()) CheckListed(cursor.number(), *record);
    return {};
  });
}

void Checker::CheckListed(CertNo number, const CertRecord& record) {
  NeedNumber(
      Table::kListingCertificates,
      EncodeListingCertificateKey({record.listing, record.has_chain(), record.not_before, number}),
      record.key);
  NeedRow(Table::kKeyListings, EncodeKeyListingKey({record.key, record.listing}));
  if (const auto key = Need(Table::kKeys, record.key, DecodeKey)) {
    Require(!key->WorseThan({key->id, number, record.not_before, record.has_chain(), false}),
            "is better than the one that stands for its key");
  }
  if (const auto facts = Need(Table::kFacts, record.listing, DecodeFacts)) {
    Require(facts->facts.not_after >= record.not_after, "ends later than its listing");
    Require(facts->facts.public_chain || !record.chain || !record.chain->valid,
            "has a public chain of which its listing knows nothing");
  }
}

Status Checker::CheckKeys() {
  COMMRESOLVE_TRY(Each(Table::kKeyIds, [&](const Cursor& cursor) -> Status {
    const auto number = Decoded(DecodeNumber(cursor.value()));
    if (!number) return {};
    const auto record = Need(Table::kKeys, *number, DecodeKey);
    Require(!record || record->id.view() == cursor.key(), "is the number of another key");
    return {};
  }));
  return Each(Table::kKeys, [&](const Cursor& cursor) -> Status {
    ++counted_.keys;
    const auto record = Decoded(DecodeKey(cursor.value()));
    if (!record) return {};
    Require(cursor.number() <= totals_.last_key, "its number was not given out yet");
    NeedNumber(Table::kKeyIds, record->id.view(), cursor.number());
    const auto best = Need(Table::kCertificates, record->best, DecodeCertificate);
    if (!best) return {};
    Require(best->key == cursor.number(), "the certificate that stands for it has another key");
    Require(best->not_before == record->best_not_before, "has another notBefore");
    Require(best->has_chain() == record->best_has_chain, "has another public chain");
    return {};
  });
}

Status Checker::CheckTotals() {
  table_ = Table::kMeta;
  row_ = std::string(kTotalsKey);
  Require(counted_.certificates == totals_.certificates, "wrong number of certificates");
  Require(counted_.chain_certificates == totals_.chain_certificates, "wrong number of issuers");
  Require(counted_.keys == totals_.keys, "wrong number of keys");
  Require(counted_.endpoints == totals_.endpoints, "wrong number of endpoints");
  Require(counted_.listings == totals_.listings, "wrong number of listings");
  Require(counted_.observations == totals_.observations, "wrong number of observations");
  return {};
}

Result<LedgerCheck> Ledger::Check() const {
  COMMRESOLVE_ASSIGN(txn, Transaction::Read(environment_));
  return Checker(txn).Run();
}

}  // namespace commresolve::index
