// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The records of the ledger as values, and their bytes.
//
// Pure. Every record begins with a format byte. Decode* takes any bytes, allocates no more than a
// small multiple of them, and returns kCorrupt for what Encode* would not have written.

#ifndef COMMRESOLVE_INDEX_LEDGER_RECORDS_H_
#define COMMRESOLVE_INDEX_LEDGER_RECORDS_H_

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "index/certificate/certificate.h"
#include "index/ledger/listing.h"
#include "resolver/base/digest.h"
#include "resolver/base/result.h"
#include "resolver/candidate.h"

namespace commresolve::index {

// Rows are numbered from 1 in the order in which they were added; 0 means none.
using CertNo = uint32_t;
using KeyNo = uint32_t;
using SourceNo = uint32_t;

inline constexpr size_t kMaxReasonBytes = 200;  ///< Of PublicChain::reason.
inline constexpr size_t kMaxIssuers = 16;       ///< Certificates of one chain after the leaf.
inline constexpr size_t kMaxListingIssuers = 16;
inline constexpr size_t kMaxListingPorts = 64;
inline constexpr size_t kMaxSightingSources = 16;

/// Where the DER of a certificate lies in the ledger's DerFile.
struct DerPlace {
  uint64_t offset = 0;
  uint32_t length = 0;  ///< From 1 to kMaxCertificateBytes.
  bool operator==(const DerPlace&) const = default;
};

/// What is known of a certificate besides its DER. One that was only seen as issuer has no key and
/// no listing.
struct CertRecord {
  CertId id;
  DerPlace der;
  KeyNo key = 0;
  ListingId listing = 0;
  UnixTime not_before = 0;
  UnixTime not_after = 0;
  std::optional<PublicChain> chain;
  std::vector<CertNo> issuers;  ///< As sent after it.

  [[nodiscard]] bool listed() const { return listing != 0; }
  [[nodiscard]] bool has_chain() const { return chain && chain->valid; }
};

struct KeyRecord {
  KeyId id;
  /// The certificate that stands for the key. Anybody can make a certificate around a public key,
  /// so one with a valid public chain comes before all others, then one that the owner of the key
  /// has shown in a handshake with us, and only among equals the newest.
  CertNo best = 0;
  UnixTime best_not_before = 0;
  bool best_has_chain = false;
  bool best_proved = false;
  bool operator==(const KeyRecord&) const = default;
  [[nodiscard]] bool WorseThan(const KeyRecord& other) const {
    return std::tuple(best_has_chain, best_proved, best_not_before) <
           std::tuple(other.best_has_chain, other.best_proved, other.best_not_before);
  }
};

/// What handshakes of our own showed is recorded within this many seconds of them.
inline constexpr int64_t kMostRecordingDelay = 120;

/// True if the time on record, of a handshake of our own, is so long after that of the one being
/// recorded that the clock was ahead then. Else the name would have no proof until that time comes,
/// and one too many when it has come.
inline bool IsFromWrongClock(UnixTime on_record, UnixTime recording) {
  return on_record - kMostRecordingDelay > recording;
}

/// The last handshake of our own at an endpoint.
struct ProofRecord {
  KeyNo key = 0;  ///< That was proved there.
  UnixTime time = 0;
  bool operator==(const ProofRecord&) const = default;
};

/// One certificate at one endpoint, or without one.
struct SightingRecord {
  UnixTime first_seen = 0;
  UnixTime last_seen = 0;
  std::optional<UnixTime> proved_at;
  std::optional<UnixTime> wrong_at;
  std::vector<SourceNo> sources;  ///< Distinct, in order of arrival.
  bool operator==(const SightingRecord&) const = default;
};

/// The part of a listing that grows: small, and read only when something new was seen.
struct ListingExtras {
  std::set<std::string> issuers;
  std::set<uint16_t> ports;
  std::set<Protocol> protocols;
  bool operator==(const ListingExtras&) const = default;
};

struct FactsRecord {
  ListingFacts facts;
  uint32_t certificates = 0;
  uint32_t keys = 0;  ///< Distinct.
  bool operator==(const FactsRecord&) const = default;
};

/// Sums over the whole ledger, so that no count needs a scan, and the last numbers given out.
struct Totals {
  uint64_t certificates = 0;
  uint64_t chain_certificates = 0;
  uint64_t keys = 0;
  uint64_t endpoints = 0;
  uint64_t listings = 0;
  uint64_t observations = 0;
  uint64_t last_change = 0;
  uint64_t der_bytes = 0;  ///< Of the DerFile.
  CertNo last_certificate = 0;
  KeyNo last_key = 0;
  ListingId last_listing = 0;
  SourceNo last_source = 0;
  bool operator==(const Totals&) const = default;
};

std::string EncodeCertificate(const CertRecord& record);
std::string EncodeKey(const KeyRecord& record);
std::string EncodeProof(const ProofRecord& record);
std::string EncodeSighting(const SightingRecord& record);
std::string EncodeFields(const std::vector<FieldView>& fields);
std::string EncodeExtras(const ListingExtras& extras);
std::string EncodeFacts(const FactsRecord& record);
std::string EncodeTotals(const Totals& totals);
std::string EncodeNumber(uint32_t number);
std::string EncodeText(std::string_view text);

Result<CertRecord> DecodeCertificate(std::string_view bytes);
Result<KeyRecord> DecodeKey(std::string_view bytes);
Result<ProofRecord> DecodeProof(std::string_view bytes);
Result<SightingRecord> DecodeSighting(std::string_view bytes);
Result<std::vector<FieldText>> DecodeFields(std::string_view bytes);
/// The same; they point into `bytes`.
Result<std::vector<FieldView>> DecodeFieldViews(std::string_view bytes);
Result<ListingExtras> DecodeExtras(std::string_view bytes);
Result<FactsRecord> DecodeFacts(std::string_view bytes);
Result<Totals> DecodeTotals(std::string_view bytes);
/// A row number, from 1.
Result<uint32_t> DecodeNumber(std::string_view bytes);
Result<std::string> DecodeText(std::string_view bytes);

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_LEDGER_RECORDS_H_
