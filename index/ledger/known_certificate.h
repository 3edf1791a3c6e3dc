// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a ledger holds about one certificate, for readers and batches alike.

#ifndef COMMRESOLVE_INDEX_LEDGER_KNOWN_CERTIFICATE_H_
#define COMMRESOLVE_INDEX_LEDGER_KNOWN_CERTIFICATE_H_

#include <optional>
#include <string>
#include <vector>

#include "index/ledger/records.h"
#include "index/ledger/transaction.h"
#include "resolver/base/result.h"

namespace commresolve::index {

struct KnownCertificate {
  CertId id;
  std::optional<CertNo> number;  ///< None if the ledger does not know it.
  CertRecord record;
};

/// Looks for the certificate `id`.
Result<KnownCertificate> Look(const Transaction& txn, const CertId& id);
/// The certificate `id`, which has `number`, or none.
Result<KnownCertificate> Look(const Transaction& txn, const CertId& id,
                              const std::optional<CertNo>& number);

/// See Ledger::CheckThatHolds(), of which `chain` and `time` are; `known` is chain[0].
Result<std::optional<PublicChain>> CheckThatHolds(const Transaction& txn,
                                                  const KnownCertificate& known,
                                                  const std::vector<std::string>& chain,
                                                  UnixTime time);

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_LEDGER_KNOWN_CERTIFICATE_H_
