// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Listings, their members and the queue of changes.

#include <unordered_set>

#include "index/ledger/checker.h"
#include "index/ledger/grouping.h"
#include "index/ledger/row_key.h"

namespace commresolve::index {

Status Checker::CheckListings() {
  COMMRESOLVE_TRY(Each(Table::kListingIds, [&](const Cursor& cursor) -> Status {
    const auto number = Decoded(DecodeNumber(cursor.value()));
    if (!number) return {};
    const auto fields = Need(Table::kListings, *number, DecodeFieldViews);
    Require(!fields || ListingDigest(*fields).view() == cursor.key(),
            "is the number of another listing");
    return {};
  }));
  return Each(Table::kListings, [&](const Cursor& cursor) -> Status {
    ++counted_.listings;
    const auto fields = Decoded(DecodeFieldViews(cursor.value()));
    Require(cursor.number() <= totals_.last_listing, "its number was not given out yet");
    if (fields) NeedNumber(Table::kListingIds, ListingDigest(*fields).view(), cursor.number());
    Need(Table::kExtras, cursor.number(), DecodeExtras);
    Need(Table::kFacts, cursor.number(), DecodeFacts);
    return {};
  });
}

Result<std::pair<uint32_t, uint32_t>> Checker::CountMembers(ListingId listing) {
  std::unordered_set<KeyNo> keys;
  uint32_t certificates = 0;
  const std::string prefix = NumberPrefix(listing);
  COMMRESOLVE_ASSIGN(cursor, txn_.Walk(Table::kListingCertificates));
  COMMRESOLVE_ASSIGN(first, cursor.Seek(prefix));
  for (bool more = first; more && cursor.key().starts_with(prefix);) {
    ++certificates;
    if (const auto key = DecodeNumber(cursor.value()); key.ok()) keys.insert(*key);
    COMMRESOLVE_ASSIGN(next, cursor.Next());
    more = next;
  }
  return std::pair(certificates, static_cast<uint32_t>(keys.size()));
}

Status Checker::CheckFacts() {
  COMMRESOLVE_TRY(Each(Table::kExtras, [&](const Cursor& cursor) -> Status {
    Decoded(DecodeExtras(cursor.value()));
    Need(Table::kListings, cursor.number(), DecodeFields);
    return {};
  }));
  return Each(Table::kFacts, [&](const Cursor& cursor) -> Status {
    Need(Table::kListings, cursor.number(), DecodeFields);
    const auto record = Decoded(DecodeFacts(cursor.value()));
    if (!record) return {};
    COMMRESOLVE_ASSIGN(members, CountMembers(cursor.number()));
    Require(record->certificates == members.first, "wrong number of certificates");
    Require(record->keys == members.second, "wrong number of keys");
    Require(record->facts.first_seen <= record->facts.last_seen, "was last seen before the first");
    return {};
  });
}

Status Checker::CheckListingCertificates() {
  return Each(Table::kListingCertificates, [&](const Cursor& cursor) -> Status {
    const auto row = Decoded(DecodeListingCertificateKey(cursor.key()));
    const auto key = Decoded(DecodeNumber(cursor.value()));
    if (!row || !key) return {};
    const auto record = Need(Table::kCertificates, row->certificate, DecodeCertificate);
    if (!record) return {};
    Require(record->listing == row->listing, "the certificate has another listing");
    Require(record->not_before == row->not_before, "the certificate has another notBefore");
    Require(record->has_chain() == row->public_chain, "the certificate has another public chain");
    Require(record->key == *key, "the certificate has another key");
    return {};
  });
}

Status Checker::CheckKeyListings() {
  return Each(Table::kKeyListings, [&](const Cursor& cursor) -> Status {
    const auto row = Decoded(DecodeKeyListingKey(cursor.key()));
    if (!row) return {};
    Need(Table::kKeys, row->key, DecodeKey);
    Need(Table::kFacts, row->listing, DecodeFacts);
    return {};
  });
}

Status Checker::CheckChanged() {
  return Each(Table::kChanged, [&](const Cursor& cursor) -> Status {
    const auto sequence = Decoded(DecodeChangeKey(cursor.key()));
    const auto listing = Decoded(DecodeNumber(cursor.value()));
    if (!sequence || !listing) return {};
    Require(*sequence <= totals_.last_change, "its number was not given out yet");
    Need(Table::kFacts, *listing, DecodeFacts);
    return {};
  });
}

}  // namespace commresolve::index
