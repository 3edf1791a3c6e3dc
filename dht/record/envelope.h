// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Envelope: what stands around the body of every record: version, type, sequence number, expiry,
// signer, and at the end the signature. docs/formats/dht-record.md has it byte by byte.
//
// A signature covers a context string of the type, the DHT key, and every byte before it. So a
// record under another key, or taken for another type, is invalid. Pure; safe for concurrent use.

#ifndef COMMRESOLVE_DHT_RECORD_ENVELOPE_H_
#define COMMRESOLVE_DHT_RECORD_ENVELOPE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "dht/record/ids.h"
#include "dht/record/signature.h"

namespace commresolve::dht {

/// First byte of every record.
inline constexpr uint8_t kRecordVersion = 0xC1;

/// What a record of any type says of itself.
struct Header {
  /// Of two records of one signer under one key the greater holds; see Freshest. Whoever uses the
  /// seconds since 1970 has to remember nothing.
  uint32_t sequence = 0;
  UnixTime expires = 0;  ///< From then on it says nothing. Before the year 2106.
  auto operator<=>(const Header&) const = default;
};

/// Who signed a record. The numbers stand in records.
enum class SignerKind : uint8_t {
  kPseudonym = 1,      ///< An Ed25519 key that stands for whoever uses it.
  kOwnKey = 2,         ///< The key that the record is about.
  kPublishingKey = 3,  ///< An Ed25519 key that speaks for it; see delegation.h.
};

/// A record taken apart. Views point into the payload.
struct Envelope {
  Header header;
  SignerKind kind = SignerKind::kPseudonym;
  std::string spki;              ///< Of the signer.
  std::optional<KeyId> subject;  ///< The key that an owner speaks about; empty for a pseudonym.
  std::string_view body;
  std::string_view signed_part;  ///< Everything before the signature.
  std::string_view signature;

  /// The key of a pseudonym or publishing key. Empty if the record's own key signed.
  [[nodiscard]] std::optional<Ed25519Key> delegate() const;
};

/// Takes `payload` apart; the signature is not checked. kInvalidArgument, naming the field, if it
/// is empty or longer than kMaxRecordBytes, of another version or type, or its signer is malformed
/// or of a kind that the type does not have.
Result<Envelope> OpenEnvelope(RecordType type, std::string_view payload);

/// kInvalidArgument unless the signature holds for this type and key, and, if an owner speaks, the
/// key is the one of his records. Costs one signature check.
Status VerifyEnvelope(RecordType type, const DhtKey& key, const Envelope& envelope);

/// The signed record. With `subject`, an owner's: signed by that key itself, if `signer` is it and
/// small enough, else by `signer` as publishing key. Without, a pseudonym's.
/// kInvalidArgument if `signer` may not sign so, expiry does not fit into 4 bytes, or the record
/// would be longer than kMaxRecordBytes.
Result<std::string> Seal(RecordType type, const DhtKey& key, const Header& header,
                         const std::optional<KeyId>& subject, std::string_view body,
                         const SigningKey& signer);

/// kInvalidArgument, naming `field`, unless `time` fits into the 4 bytes that records have for it.
Status CheckTime(UnixTime time, const char* record, const char* field);

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_RECORD_ENVELOPE_H_
