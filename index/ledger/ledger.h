// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Ledger: the durable record of certificates, observations and proofs (LMDB, and a file of DER).
// Evidence, not opinion.
//
// Every committed batch survives kill -9 and power loss without repair. Any number of processes may
// read at any time and never wait; LMDB lets one process write at a time and makes others wait for
// the length of one batch. The search index is derived from the ledger through the queue of changed
// listings (ChangedListings), so it can always catch up. The layout is docs/formats/ledger.md.
//
// Safe for concurrent use by any number of threads, batches included: a second thread's Begin,
// ForgetChanged or SetMeta waits for the first one's batch. A process after fork() opens its own.

#ifndef COMMRESOLVE_INDEX_LEDGER_LEDGER_H_
#define COMMRESOLVE_INDEX_LEDGER_LEDGER_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "index/certificate/certificate_cache.h"
#include "index/ledger/listing.h"
#include "index/sources/observation.h"
#include "resolver/base/result.h"
#include "resolver/candidate.h"

namespace commresolve::index {

/// For so long a chain check that failed is not made again for the same chain.
inline constexpr UnixTime kChainCheckLasts = 86'400;

/// What one Add() did.
enum class Added : uint8_t {
  kNew,    ///< A certificate not seen before.
  kKnown,  ///< Known; its last-seen (and endpoint) were brought up to date.
};

/// How to open a ledger.
struct LedgerOptions {
  /// The largest size that each of its two files may grow to; 0 for 64 GiB (1 GiB on 32-bit
  /// machines). They are as large as their content.
  size_t max_bytes = 0;
};

/// Whether another writer waits for the one who writes.
enum class Waiting : uint8_t {
  kNobody,
  kSomebody,
  kUnknown,  ///< The file that tells it (docs/formats/ledger.md) cannot be used.
};

struct LedgerCounts {
  uint64_t certificates = 0;        ///< Leaves that are listed.
  uint64_t chain_certificates = 0;  ///< Stored only as issuers.
  uint64_t keys = 0;
  uint64_t endpoints = 0;  ///< Distinct (ip, port).
  uint64_t listings = 0;
  uint64_t observations = 0;  ///< Distinct (certificate, endpoint or none, source).
  uint64_t bytes = 0;         ///< Size of the files in use.
};

/// What Check() found.
struct LedgerCheck {
  uint64_t rows = 0;                  ///< Looked at.
  uint64_t problem_count = 0;         ///< 0 if all is well.
  std::vector<std::string> problems;  ///< The first 100, each a sentence naming table and row.
};

class Environment;

class Ledger {
 public:
  /// Opens or creates the environment in folder `path` (0700, files 0600). Readers left behind by
  /// dead processes are cleared. kUnavailable if it cannot be opened, kCorrupt if it is no ledger
  /// or of another format, kBusy if this process has it open already.
  static Result<std::unique_ptr<Ledger>> Open(const std::string& path,
                                              const LedgerOptions& options = {});
  ~Ledger();

  /// A group of observations that becomes durable as a whole. Dropping it undoes it. Begun, used
  /// and dropped by one thread. Other writers, in this process or another, wait meanwhile: keep it
  /// to a thousand or so observations, or ask OthersWait(). Once a call has failed with anything
  /// but kInvalidArgument the batch is lost, what was committed before is not, and every further
  /// call says the same.
  class Batch {
   public:
    virtual ~Batch() = default;
    /// Adds one server certificate. `certificate` is the parsed chain[0]; `public_chain` the
    /// outcome of checking the chain at observation.time, or null if it was not checked. The same
    /// observation twice changes nothing. A valid check on record stays; the chain that was sent
    /// is kept with the check, at most 16 issuers. Of one certificate at one endpoint, the first 16
    /// sources are kept. kInvalidArgument, with nothing changed, if the observation has no
    /// certificate, an endpoint without port or a source that is no word, or `certificate` is
    /// another one. kUnavailable if the disk or the ledger is full.
    virtual Result<Added> Add(const Observation& observation, const ParsedCertificate& certificate,
                              const PublicChain* public_chain) = 0;
    /// Makes the check of a chain.
    using ChainCheck = std::function<Result<PublicChain>()>;
    /// Add with no more work than it takes: a certificate that is not listed is parsed
    /// (ParseInBulk), unless observation.certificate is that already. `public_chain` as above, but
    /// where it is null `check` makes it, unless one on record holds (Ledger::CheckThatHolds; what
    /// was added to this batch is on record). An error of `check`, and kInvalidArgument of a
    /// certificate that cannot be parsed, change nothing.
    virtual Result<Added> AddLightly(const Observation& observation,
                                     const PublicChain* public_chain, const ChainCheck& check) = 0;
    /// See EvidenceStore::RecordWrongKey. Nothing to note if the key was never seen there.
    virtual Status AddWrongKey(const Endpoint& endpoint, const KeyId& expected, UnixTime time) = 0;
    /// Makes it durable (fdatasync, of either file) before it returns.
    virtual Status Commit() = 0;
  };
  /// Waits for other writers. kInternal if this thread has a batch open.
  Result<std::unique_ptr<Batch>> Begin();
  /// Whether somebody waits in Begin, ForgetChanged or SetMeta, in any process. For the thread that
  /// has a batch open: anybody else may see one who is about to write.
  [[nodiscard]] Waiting OthersWait() const;
  /// Between two batches: returns when nobody waits to write any more, or after `most`. Without it
  /// the next Begin would nearly always be faster than those who wait.
  void LetOthersWrite(std::chrono::milliseconds most) const;

  // Reading. Each call sees one consistent state; nothing returned points into the ledger.

  [[nodiscard]] Result<LedgerCounts> Counts() const;
  /// A number that grows with every commit, of any process: as long as it stays, all reading gives
  /// what it gave. Costs next to nothing.
  [[nodiscard]] uint64_t LastChange() const;
  /// The DER of a certificate, listed or stored as issuer; kNotFound.
  [[nodiscard]] Result<std::string> Certificate(const CertId& id) const;
  /// What was parsed lately.
  CertificateCache& parsed_certificates() const { return parsed_; }
  /// The check on record of `chain`, which is not empty, if it need not be made again for `time`:
  /// it was made for a time less than kChainCheckLasts away, and is valid or of the same chain.
  [[nodiscard]] Result<std::optional<PublicChain>> CheckThatHolds(
      const std::vector<std::string>& chain, UnixTime time) const;
  /// Everything known about a key, from the certificate that stands for it (KeyRecord) and its
  /// endpoints. An endpoint has wrong_at only if no proof of the key there is newer than it.
  /// Empty if the key is unknown. That it is a key that can be used, only a handshake tells.
  [[nodiscard]] Result<std::optional<Candidate>> FindKey(const KeyId& key) const;
  /// Keys whose KeyText starts with `prefix`, at most `limit`. kInvalidArgument if it has less than
  /// 4 or more than 52 characters or is no base32.
  [[nodiscard]] Result<std::vector<KeyId>> KeysByPrefix(const std::string& prefix,
                                                        size_t limit) const;
  /// Keys seen at `ip`, at any port if `port` is 0, at most `limit`.
  [[nodiscard]] Result<std::vector<KeyId>> KeysAt(const IpAddress& ip, uint16_t port,
                                                  size_t limit) const;
  /// The listings that hold a certificate of `key`.
  [[nodiscard]] Result<std::vector<ListingId>> ListingsOf(const KeyId& key) const;

  [[nodiscard]] Result<std::optional<Listing>> GetListing(ListingId id) const;
  [[nodiscard]] Result<std::optional<ListingFacts>> Facts(ListingId id) const;
  /// One state of the ledger, for several reads that cost less together. Used by one thread, which
  /// drops it before it asks the ledger anything else: a file that another process has enlarged
  /// could not be taken up meanwhile.
  class Snapshot {
   public:
    virtual ~Snapshot() = default;
    [[nodiscard]] virtual Result<std::optional<ListingFacts>> Facts(ListingId id) const = 0;
    /// Borrowed until the snapshot is dropped. `issuers`: with them.
    [[nodiscard]] virtual Result<std::optional<ListingTexts>> Texts(ListingId id,
                                                                    bool issuers) const = 0;
  };
  [[nodiscard]] Result<std::unique_ptr<Snapshot>> ReadSnapshot() const;
  /// Reads the facts of a listing, or its texts, and forgets them: what a snapshot is about to be
  /// asked is in memory then. For other threads while that one waits, which is why it does nothing
  /// where it would have to wait for the snapshot to be dropped.
  enum class LookAt : uint8_t { kFacts, kTexts };
  void LookAhead(ListingId id, LookAt what) const;
  /// The keys of a listing's certificates, those with a valid public chain
  /// first, then the newest certificate first, at most `limit`, and how many
  /// there are in all.
  struct ListingKeys {
    std::vector<KeyId> keys;
    size_t total = 0;
    std::vector<CertId> certificates;  ///< At most 64, in the same order.
  };
  [[nodiscard]] Result<ListingKeys> KeysOf(ListingId id, size_t limit) const;
  /// Calls `visit` for every listing from `from` on in id order until it returns false. Reads in
  /// slices, so that a slow visitor keeps no old state alive: listings added meanwhile are visited
  /// too.
  Status EachListing(ListingId from, const std::function<bool(const Listing&)>& visit) const;
  /// The highest number that a listing has; 0 if there are none.
  [[nodiscard]] Result<ListingId> LastListing() const;

  // The queue from ledger to search index.

  /// The oldest at most `limit` entries, none after `last`, of the queue of listings whose search
  /// document has to be written again: new ones, and those with a new issuer, port, protocol or
  /// public chain.
  struct Changed {
    uint64_t up_to = 0;  ///< Pass to ForgetChanged once the index has them durably; 0 if none.
    std::vector<ListingId> listings;  ///< Distinct.
  };
  [[nodiscard]] Result<Changed> ChangedListings(size_t limit, uint64_t last = UINT64_MAX) const;
  /// Removes the entries up to `up_to`; those that are gone already do not matter.
  Status ForgetChanged(uint64_t up_to);
  [[nodiscard]] Result<uint64_t> ChangedCount() const;

  /// Small named values that must change atomically (the search index's generation). Empty if
  /// unset. Names have 1 to 100 bytes.
  [[nodiscard]] Result<std::string> GetMeta(const std::string& name) const;
  Status SetMeta(const std::string& name, const std::string& value);

  /// Looks at every row of every table: each decodes, refers to rows that exist and is referred to,
  /// each DER has the digest it is filed under, and the counts are right. Reads for minutes in a
  /// large ledger, as of one moment. Fails only if it cannot read at all.
  [[nodiscard]] Result<LedgerCheck> Check() const;

 private:
  explicit Ledger(std::shared_ptr<Environment> environment);
  std::shared_ptr<Environment> environment_;
  mutable CertificateCache parsed_;
};

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_LEDGER_LEDGER_H_
