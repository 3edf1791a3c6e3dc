// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Store: the data folder opened: ledger, search index and the writer lock, as the resolver's
// candidate source and evidence store.
//
//   <data>/known_certs        bindings (resolver/trust)
//   <data>/ledger/            LMDB
//   <data>/search/<number>/   Xapian; the ledger says which number is current
//   <data>/lock               held by the one process that imports, observes or rebuilds

#ifndef COMMRESOLVE_INDEX_STORE_H_
#define COMMRESOLVE_INDEX_STORE_H_

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "index/ledger/ledger.h"
#include "index/search/search_index.h"
#include "resolver/base/files.h"
#include "resolver/candidate_source.h"
#include "resolver/evidence_store.h"
#include "resolver/net/public_chain.h"

namespace commresolve::index {

/// Used by one thread at a time.
class Store final : public CandidateSource, public EvidenceStore {
 public:
  /// Creates the folder (0700) and the ledger when missing. Roots for chain checks come from
  /// `ca_file` (see PublicChainChecker), loaded when first needed. kUnavailable, kCorrupt,
  /// kUntrusted (a folder that others may write).
  static Result<std::unique_ptr<Store>> Open(const std::string& data_folder,
                                             const std::string& ca_file);

  /// A second store on the same ledger, for another thread. (A process opens a ledger once.)
  [[nodiscard]] std::unique_ptr<Store> Share() const;

  [[nodiscard]] const std::string& folder() const { return folder_; }
  [[nodiscard]] std::string known_certs_path() const { return folder_ + "/known_certs"; }
  Ledger& ledger() { return *ledger_; }

  /// The right to import, observe and rebuild. Somebody who only catches up has it for a moment,
  /// so waiting for `patience` helps. kBusy names the process that has it then.
  Result<FileLock> LockForWriting(
      std::chrono::milliseconds patience = std::chrono::milliseconds(2000));
  /// A writer for the current search index, creating an empty one if there is none. The caller
  /// holds the writer lock.
  Result<std::unique_ptr<SearchWriter>> OpenSearchWriter();
  /// The reader of the current search index, opened once; kNotFound if there is none yet.
  Result<SearchReader*> Search();
  /// Makes `number` the current index and removes the others. The caller holds the writer lock.
  Status SwitchSearchIndex(uint64_t number);
  /// Number of the current search index; 0 if there is none, or it has another format.
  Result<uint64_t> SearchNumber() const;
  [[nodiscard]] std::string SearchPath(uint64_t number) const;

  /// Checks `chain` against the public roots at `time`.
  Result<PublicChain> CheckChain(const std::vector<std::string>& chain, UnixTime time);
  /// Ledger::CheckThatHolds(), else CheckChain().
  Result<PublicChain> ChainOnRecordOrCheck(const std::vector<std::string>& chain, UnixTime time);

  Result<Candidates> Find(const KeywordSet& words, size_t limit) override;
  Result<std::optional<Candidate>> FindKey(const KeyId& key) override;
  Result<std::vector<KeyId>> KeysSeenAt(const IpAddress& ip, uint16_t port) override;
  Result<CertificateFacts> RecordHandshake(const Handshake& handshake) override;
  Result<PublicChain> CheckChainNow(const Handshake& handshake) override;
  Status RecordWrongKey(const Endpoint& endpoint, const KeyId& expected, UnixTime time) override;

 private:
  Store(std::string folder, std::string ca_file, std::shared_ptr<Ledger> ledger)
      : folder_(std::move(folder)), ca_file_(std::move(ca_file)), ledger_(std::move(ledger)) {}

  std::string folder_;
  std::string ca_file_;
  std::shared_ptr<Ledger> ledger_;
  std::unique_ptr<PublicChainChecker> chains_;  // Null until first used.
  std::unique_ptr<SearchReader> reader_;        // Null until first used.
  uint64_t reader_number_ = 0;                  // The index that reader_ reads.
};

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_STORE_H_
