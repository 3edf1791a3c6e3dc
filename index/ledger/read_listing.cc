// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reading listings and their certificates.

#include <unordered_set>

#include "index/ledger/ledger.h"
#include "index/ledger/row_key.h"
#include "index/ledger/rows.h"
#include "index/ledger/transaction.h"

namespace commresolve::index {
namespace {

constexpr size_t kListingsPerSlice = 256;
constexpr size_t kMaxCertificatesOfListing = 64;

// The next listings from `from` on.
Result<std::vector<Listing>> ReadSlice(const std::shared_ptr<Environment>& environment,
                                       ListingId from) {
  COMMRESOLVE_ASSIGN(txn, Transaction::Read(environment));
  COMMRESOLVE_ASSIGN(cursor, txn.Walk(Table::kListings));
  std::vector<Listing> slice;
  COMMRESOLVE_ASSIGN(first, cursor.Seek(from));
  for (bool more = first; more && slice.size() < kListingsPerSlice;) {
    COMMRESOLVE_ASSIGN(listing, ReadListing(txn, cursor.number()));
    if (!listing) return MissingRow(Table::kListings, cursor.number());
    slice.push_back(*std::move(listing));
    COMMRESOLVE_ASSIGN(next, cursor.Next());
    more = next;
  }
  environment->LimitMappedPages();
  return slice;
}

class TransactionSnapshot final : public Ledger::Snapshot {
 public:
  explicit TransactionSnapshot(Transaction txn) : txn_(std::move(txn)) {}

  [[nodiscard]] Result<std::optional<ListingFacts>> Facts(ListingId id) const override {
    COMMRESOLVE_ASSIGN(record, FindRow(txn_, Table::kFacts, id, DecodeFacts));
    return record ? std::optional(record->facts) : std::nullopt;
  }
  [[nodiscard]] Result<std::optional<ListingTexts>> Texts(ListingId id,
                                                          bool issuers) const override {
    COMMRESOLVE_ASSIGN(fields, FindRow(txn_, Table::kListings, id, DecodeFieldViews));
    if (!fields) return std::optional<ListingTexts>();
    ListingTexts texts{id, *std::move(fields), {}};
    if (issuers) {
      COMMRESOLVE_ASSIGN(extras, ReadRow(txn_, Table::kExtras, id, DecodeExtras));
      texts.issuers = std::move(extras.issuers);
    }
    return std::optional(std::move(texts));
  }

 private:
  const Transaction txn_;
};

}  // namespace

Result<std::unique_ptr<Ledger::Snapshot>> Ledger::ReadSnapshot() const {
  COMMRESOLVE_ASSIGN(txn, Transaction::Read(environment_));
  return std::unique_ptr<Snapshot>(std::make_unique<TransactionSnapshot>(std::move(txn)));
}

void Ledger::LookAhead(ListingId id, LookAt what) const {
  auto txn = Transaction::TryRead(environment_);
  if (!txn.ok()) return;
  const TransactionSnapshot snapshot(std::move(txn).value());
  if (what == LookAt::kFacts) static_cast<void>(snapshot.Facts(id));
  if (what == LookAt::kTexts) static_cast<void>(snapshot.Texts(id, false));
}

Result<std::optional<Listing>> Ledger::GetListing(ListingId id) const {
  COMMRESOLVE_ASSIGN(txn, Transaction::Read(environment_));
  return ReadListing(txn, id);
}

Result<std::optional<ListingFacts>> Ledger::Facts(ListingId id) const {
  COMMRESOLVE_ASSIGN(snapshot, ReadSnapshot());
  return snapshot->Facts(id);
}

Result<Ledger::ListingKeys> Ledger::KeysOf(ListingId id, size_t limit) const {
  COMMRESOLVE_ASSIGN(txn, Transaction::Read(environment_));
  ListingKeys found;
  COMMRESOLVE_ASSIGN(facts, FindRow(txn, Table::kFacts, id, DecodeFacts));
  if (!facts) return found;
  found.total = facts->keys;
  const size_t wanted = std::min(limit, found.total);
  const std::string prefix = NumberPrefix(id);
  std::unordered_set<KeyNo> seen;
  COMMRESOLVE_ASSIGN(cursor, txn.Walk(Table::kListingCertificates));
  COMMRESOLVE_ASSIGN(first, cursor.Seek(prefix));
  for (bool more = first; more && cursor.key().starts_with(prefix);) {
    if (found.keys.size() >= wanted && found.certificates.size() >= kMaxCertificatesOfListing) {
      break;
    }
    COMMRESOLVE_ASSIGN(row, DecodeListingCertificateKey(cursor.key()));
    COMMRESOLVE_ASSIGN(key, DecodeNumber(cursor.value()));
    if (found.keys.size() < wanted && seen.insert(key).second) {
      COMMRESOLVE_ASSIGN(record, ReadRow(txn, Table::kKeys, key, DecodeKey));
      found.keys.push_back(record.id);
    }
    if (found.certificates.size() < kMaxCertificatesOfListing) {
      COMMRESOLVE_ASSIGN(record,
                         ReadRow(txn, Table::kCertificates, row.certificate, DecodeCertificate));
      found.certificates.push_back(record.id);
    }
    COMMRESOLVE_ASSIGN(next, cursor.Next());
    more = next;
  }
  return found;
}

Status Ledger::EachListing(ListingId from, const std::function<bool(const Listing&)>& visit) const {
  while (true) {
    COMMRESOLVE_ASSIGN(slice, ReadSlice(environment_, from));
    for (const Listing& listing : slice) {
      if (!visit(listing)) return {};
    }
    if (slice.size() < kListingsPerSlice) return {};
    from = slice.back().id + 1;
  }
}

Result<ListingId> Ledger::LastListing() const {
  COMMRESOLVE_ASSIGN(txn, Transaction::Read(environment_));
  COMMRESOLVE_ASSIGN(totals, ReadTotals(txn));
  return totals.last_listing;
}

}  // namespace commresolve::index
