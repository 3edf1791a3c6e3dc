// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Version, type, sequence, times, publishing key, the signer's key, signature.

#include "dht/record/delegation.h"

#include "dht/record/envelope.h"
#include "dht/record/field_reader.h"

namespace commresolve::dht {
namespace {

constexpr const char* kName = "delegation";
constexpr std::string_view kContext = "commresolve dht delegation v1";
constexpr uint8_t kTypeByte = 0x80;  ///< Beyond the types of records.

Error Refused(const char* why) { return {Code::kInvalidArgument, std::string(kName) + ": " + why}; }

std::string SignedMessage(std::string_view signed_part) {
  std::string message(kContext);
  message += '\0';
  message += signed_part;
  return message;
}

Status Check(const Delegation& delegation) {
  COMMRESOLVE_TRY(CheckTime(delegation.valid_from, kName, "valid from"));
  COMMRESOLVE_TRY(CheckTime(delegation.valid_until, kName, "valid until"));
  const int64_t length = delegation.valid_until - delegation.valid_from;
  if (length <= 0) return Refused("valid until: not after valid from");
  if (length > kLongestDelegation) return Refused("valid until: more than 400 days");
  return {};
}

/// Reads it; what was signed ends where `signature` begins.
struct Parts {
  Delegation delegation;
  std::string_view spki;
  std::string_view signed_part;
  std::string_view signature;
};

Result<Parts> PartsOf(std::string_view statement) {
  if (statement.size() > kMaxDelegationBytes) return Refused("size: more than 4096 bytes");
  FieldReader reader(statement);
  Parts parts;
  Delegation& delegation = parts.delegation;
  if (reader.U8("version") != kRecordVersion) reader.Refuse("version", "not 0xC1");
  if (reader.U8("type") != kTypeByte) reader.Refuse("type", "not 0x80");
  delegation.sequence = reader.U32("sequence");
  delegation.valid_from = reader.Time("valid from");
  delegation.valid_until = reader.Time("valid until");
  delegation.publishing_key = reader.Array<32>("publishing key");
  parts.spki = reader.Raw(reader.U16("signer size"), "signer");
  parts.signed_part = statement.substr(0, statement.size() - reader.left());
  parts.signature = reader.Raw(reader.left(), "signature");
  COMMRESOLVE_TRY(reader.Finish(kName));
  COMMRESOLVE_TRY(Check(delegation));
  delegation.subject.bytes = Sha256(parts.spki);
  return parts;
}

bool HoldsAt(const Delegation& delegation, UnixTime now) {
  return delegation.valid_from <= now + kClockSkew && delegation.valid_until > now - kClockSkew;
}

}  // namespace

Result<std::string> WriteDelegation(const Delegation& delegation, const SigningKey& signer) {
  COMMRESOLVE_TRY(Check(delegation));
  ByteWriter writer;
  writer.Byte(kRecordVersion);
  writer.Byte(kTypeByte);
  writer.Fixed32(delegation.sequence);
  writer.Fixed32(static_cast<uint32_t>(delegation.valid_from));
  writer.Fixed32(static_cast<uint32_t>(delegation.valid_until));
  const Ed25519Key& key = delegation.publishing_key;
  writer.Raw({reinterpret_cast<const char*>(key.data()), key.size()});
  writer.Fixed16(static_cast<uint16_t>(signer.spki().size()));
  writer.Raw(signer.spki());
  COMMRESOLVE_ASSIGN(signature, signer.Sign(SignedMessage(writer.bytes())));
  writer.Raw(signature);
  return writer.Take();
}

Result<Delegation> ReadDelegation(const KeyId& subject, std::string_view statement, UnixTime now) {
  COMMRESOLVE_ASSIGN(parts, PartsOf(statement));
  if (parts.delegation.subject != subject) return Refused("signer: another key than the subject");
  if (!HoldsAt(parts.delegation, now)) return Refused("valid until: not valid now");
  const Status verified =
      VerifySignature(parts.spki, SignedMessage(parts.signed_part), parts.signature);
  if (!verified.ok()) return verified.error().Within(kName);
  return parts.delegation;
}

std::optional<KeyId> ClaimedSubject(std::string_view statement) {
  const auto parts = PartsOf(statement);
  if (!parts.ok()) return std::nullopt;
  return parts->delegation.subject;
}

bool Speaks(const KeyId& subject, const std::optional<Ed25519Key>& publishing_key,
            const std::optional<Delegation>& delegation, UnixTime now) {
  if (!publishing_key) return true;
  return delegation && delegation->subject == subject &&
         delegation->publishing_key == *publishing_key && HoldsAt(*delegation, now);
}

}  // namespace commresolve::dht
