// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// When a chain check on record is good enough.

#include "index/ledger/known_certificate.h"

#include <cstdlib>

#include "index/ledger/grouping.h"
#include "index/ledger/ledger.h"
#include "index/ledger/rows.h"

namespace commresolve::index {
namespace {

Result<bool> SentAlike(const Transaction& txn, const std::vector<std::string>& chain,
                       const std::vector<CertNo>& issuers) {
  if (chain.size() != issuers.size() + 1) return false;
  for (size_t i = 0; i < issuers.size(); ++i) {
    COMMRESOLVE_ASSIGN(row, ReadRow(txn, Table::kCertificates, issuers[i], DecodeCertificate));
    if (row.id.bytes != Sha256(CertificateBytes(chain[i + 1]))) return false;
  }
  return true;
}

}  // namespace

Result<KnownCertificate> Look(const Transaction& txn, const CertId& id) {
  COMMRESOLVE_ASSIGN(number, FindNumber(txn, Table::kCertificateIds, id.view()));
  return Look(txn, id, number);
}

Result<KnownCertificate> Look(const Transaction& txn, const CertId& id,
                              const std::optional<CertNo>& number) {
  KnownCertificate known{id, {}, {}};
  if (!number) return known;
  COMMRESOLVE_ASSIGN(record, ReadRow(txn, Table::kCertificates, *number, DecodeCertificate));
  known.number = number;
  known.record = std::move(record);
  return known;
}

Result<std::optional<PublicChain>> CheckThatHolds(const Transaction& txn,
                                                  const KnownCertificate& known,
                                                  const std::vector<std::string>& chain,
                                                  UnixTime time) {
  const std::optional<PublicChain>& check = known.record.chain;
  // A time far away may be anything that a file says.
  if (!check || std::abs(time - check->checked_for) >= kChainCheckLasts) {
    return std::optional<PublicChain>();
  }
  if (check->valid) return check;
  // It may have come incomplete.
  COMMRESOLVE_ASSIGN(alike, SentAlike(txn, chain, known.record.issuers));
  return alike ? check : std::nullopt;
}

Result<std::optional<PublicChain>> Ledger::CheckThatHolds(const std::vector<std::string>& chain,
                                                          UnixTime time) const {
  COMMRESOLVE_ASSIGN(txn, Transaction::Read(environment_));
  COMMRESOLVE_ASSIGN(known, Look(txn, {Sha256(CertificateBytes(chain.front()))}));
  return index::CheckThatHolds(txn, known, chain, time);
}

}  // namespace commresolve::index
