// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// LedgerBatch: one write transaction's worth of observations.

#ifndef COMMRESOLVE_INDEX_LEDGER_BATCH_H_
#define COMMRESOLVE_INDEX_LEDGER_BATCH_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "index/ledger/der_file.h"
#include "index/ledger/fresh_ids.h"
#include "index/ledger/known_certificate.h"
#include "index/ledger/ledger.h"
#include "index/ledger/records.h"
#include "index/ledger/transaction.h"

namespace commresolve::index {

class LedgerBatch final : public Ledger::Batch {
 public:
  static Result<std::unique_ptr<Ledger::Batch>> Begin(
      const std::shared_ptr<Environment>& environment);

  Result<Added> Add(const Observation& observation, const ParsedCertificate& certificate,
                    const PublicChain* public_chain) override;
  Result<Added> AddLightly(const Observation& observation, const PublicChain* public_chain,
                           const ChainCheck& check) override;
  Status AddWrongKey(const Endpoint& endpoint, const KeyId& expected, UnixTime time) override;
  Status Commit() override;

 private:
  /// The rows that one observation touches, written back once at its end if they changed.
  struct Work {
    CertNo number = 0;
    CertRecord certificate;
    FactsRecord facts;
    std::optional<ListingExtras> extras;  // Read only when something new was seen.
    bool proved = false;                  // By the handshake of our own that this is.
    // Rows that are new come last in their tables.
    bool fresh_certificate = false;
    bool fresh_key = false;
    bool fresh_listing = false;
    bool certificate_changed = false;
    bool facts_changed = false;
    bool extras_changed = false;
  };

  LedgerBatch(WriteTransaction txn, Totals totals)
      : txn_(std::move(txn)),
        totals_(totals),
        ders_(txn_.environment()->ders, totals.der_bytes, txn_.environment()->MaxBytes()) {}

  /// `known`: chain[0], of the bytes `der`. `certificate` may be null if it is listed.
  Result<Added> AddLeaf(const Observation& observation, std::string_view der,
                        KnownCertificate known, const ParsedCertificate* certificate,
                        const PublicChain* public_chain);
  /// Undoes the batch and remembers why, if `result` is a failure.
  template <class T>
  Result<T> OrLose(Result<T> result);
  [[nodiscard]] Status Usable() const;
  Result<KnownCertificate> LookFor(const CertId& id);

  // Certificates (batch_certificate.cc).
  /// Gives a number and a place to the certificate of the digest record.id.
  Result<CertNo> StoreDer(std::string_view der, CertRecord& record);
  Result<CertNo> StoreIssuer(std::string_view der);
  Status TakeChain(const Observation& observation, std::string_view leaf,
                   const PublicChain* public_chain, Work& work);
  Status TakeKey(const CertificateFacts& facts, Work& work);
  /// Makes the certificate stand for its key if it is better than the one that does.
  Status StandForKey(const Work& work);
  /// A certificate on record turned out to have a valid chain: its rows move to the front.
  Status MoveUp(const Work& work);
  Status TakeListing(const ParsedCertificate& parsed, UnixTime time, Work& work);
  Status JoinListing(const ParsedCertificate& parsed, Work& work);

  // Sightings (batch_sighting.cc).
  Status AddSighting(const Observation& observation, bool fresh, Work& work);
  Status AddProof(const std::string& endpoint, const ProofRecord& proof);
  Status AddPlace(const Endpoint& endpoint, const std::string& endpoint_bytes, Work& work);
  Result<SourceNo> TakeSource(const std::string& name);

  Status ReadExtras(Work& work);
  Status Save(Work& work);
  static WriteTransaction::Where End(bool last) {
    return last ? WriteTransaction::Where::kAtEnd : WriteTransaction::Where::kAnywhere;
  }

  WriteTransaction txn_;
  Totals totals_;
  DerAppender ders_;  // Ends before the transaction.
  FreshIds certificate_ids_{Table::kCertificateIds, txn_.id_filters().certificates};
  FreshIds key_ids_{Table::kKeyIds, txn_.id_filters().keys};
  FreshIds listing_ids_{Table::kListingIds, txn_.id_filters().listings};
  std::vector<ListingId> changed_;  // Some more than once.
  std::unordered_map<std::string, SourceNo> sources_;
  std::optional<Error> lost_;
  size_t fresh_ = 0;  // Certificates that this batch has listed.
  bool committed_ = false;
};

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_LEDGER_BATCH_H_
