// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Ledger: the durable record of certificates, observations and proofs (LMDB). Evidence, not
// opinion.
//
// Every committed batch survives kill -9 and power loss without repair. Any number of processes may
// read at any time and never wait; LMDB lets one process write at a time and makes others wait for
// the length of one batch. The search index is derived from the ledger through the queue of changed
// listings (TakeChanged), so it can always catch up. The layout is docs/formats/ledger.md.

#ifndef COMMRESOLVE_INDEX_LEDGER_LEDGER_H_
#define COMMRESOLVE_INDEX_LEDGER_LEDGER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "index/certificate/certificate.h"
#include "index/ledger/listing.h"
#include "index/sources/observation.h"
#include "resolver/base/result.h"
#include "resolver/candidate.h"

namespace commresolve::index {

/// What one Add() did.
enum class Added : uint8_t {
  kNew,    ///< A certificate not seen before.
  kKnown,  ///< Known; its last-seen (and endpoint) were brought up to date.
};

struct LedgerCounts {
  uint64_t certificates = 0;        ///< Leaves that are listed.
  uint64_t chain_certificates = 0;  ///< Stored only as issuers.
  uint64_t keys = 0;
  uint64_t endpoints = 0;  ///< Distinct (ip, port).
  uint64_t listings = 0;
  uint64_t observations = 0;
  uint64_t bytes = 0;  ///< Size of the file in use.
};

class Ledger {
 public:
  /// Opens or creates the environment in folder `path` (0700, files 0600). Readers left behind by
  /// dead processes are cleared. kUnavailable if it cannot be opened, kCorrupt if it is no ledger
  /// or of a newer format.
  static Result<std::unique_ptr<Ledger>> Open(const std::string& path);
  ~Ledger();

  /// A group of observations that becomes durable as a whole. Dropping it undoes it. One at a time
  /// per process; used by one thread.
  class Batch {
   public:
    virtual ~Batch() = default;
    /// Adds one server certificate. `certificate` is the parsed chain[0]; `public_chain` the
    /// outcome of checking the chain at observation.time, or null if it was not checked. The same
    /// observation twice changes nothing but last-seen. kUnavailable if the disk or map is full:
    /// the batch is lost, what was committed before is not.
    virtual Result<Added> Add(const Observation& observation, const ParsedCertificate& certificate,
                              const PublicChain* public_chain) = 0;
    /// See EvidenceStore::RecordWrongKey.
    virtual Status AddWrongKey(const Endpoint& endpoint, const KeyId& expected, UnixTime time) = 0;
    /// Makes it durable (fdatasync) before it returns.
    virtual Status Commit() = 0;
  };
  Result<std::unique_ptr<Batch>> Begin();

  // Reading. Each call sees one consistent state; nothing returned points into the ledger.

  [[nodiscard]] Result<LedgerCounts> Counts() const;
  /// The DER of a certificate, listed or stored as issuer; kNotFound.
  [[nodiscard]] Result<std::string> Certificate(const CertId& id) const;
  /// True if a chain check is on record for the certificate (so that an import need not repeat it).
  [[nodiscard]] Result<std::optional<PublicChain>> ChainOf(const CertId& id) const;
  /// Everything known about a key, from its newest certificate and all its endpoints.
  [[nodiscard]] Result<std::optional<Candidate>> FindKey(const KeyId& key) const;
  /// Keys whose KeyText starts with `prefix` (at least 4 characters), at most `limit`.
  [[nodiscard]] Result<std::vector<KeyId>> KeysByPrefix(const std::string& prefix,
                                                        size_t limit) const;
  /// Keys seen at `ip`, at any port if `port` is 0, at most `limit`.
  [[nodiscard]] Result<std::vector<KeyId>> KeysAt(const IpAddress& ip, uint16_t port,
                                                  size_t limit) const;
  /// The listings that hold a certificate of `key`.
  [[nodiscard]] Result<std::vector<ListingId>> ListingsOf(const KeyId& key) const;

  [[nodiscard]] Result<std::optional<Listing>> GetListing(ListingId id) const;
  [[nodiscard]] Result<std::optional<ListingFacts>> Facts(ListingId id) const;
  /// The keys of a listing's certificates, newest certificate first, at most `limit`, and how many
  /// there are in all.
  struct ListingKeys {
    std::vector<KeyId> keys;
    size_t total = 0;
    std::vector<CertId> certificates;  ///< At most 64, newest first.
  };
  [[nodiscard]] Result<ListingKeys> KeysOf(ListingId id, size_t limit) const;
  /// Calls `visit` for every listing in id order until it returns false.
  Status EachListing(const std::function<bool(const Listing&)>& visit) const;

  // The queue from ledger to search index.

  /// The oldest at most `limit` entries of the queue of listings whose text changed.
  struct Changed {
    uint64_t up_to = 0;               ///< Pass to ForgetChanged once the index has them durably.
    std::vector<ListingId> listings;  ///< Distinct.
  };
  [[nodiscard]] Result<Changed> ChangedListings(size_t limit) const;
  Status ForgetChanged(uint64_t up_to);
  [[nodiscard]] Result<uint64_t> ChangedCount() const;

  /// Small named values that must change atomically (the search index's generation). Empty if
  /// unset.
  [[nodiscard]] Result<std::string> GetMeta(const std::string& name) const;
  Status SetMeta(const std::string& name, const std::string& value);

 private:
  struct Impl;
  explicit Ledger(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_LEDGER_LEDGER_H_
