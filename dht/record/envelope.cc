// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Opening, checking and sealing of envelopes.

#include "dht/record/envelope.h"

#include <limits>

#include "dht/record/field_reader.h"

namespace commresolve::dht {
namespace {

bool ByOwner(RecordType type) {
  return type == RecordType::kOwner || type == RecordType::kRollover;
}

std::string SignedMessage(RecordType type, const DhtKey& key, std::string_view signed_part) {
  std::string message(KindOf(type).context);
  message += '\0';
  message.append(key.begin(), key.end());
  message += signed_part;
  return message;
}

Error Refused(RecordType type, const std::string& why) {
  return {Code::kInvalidArgument, std::string(KindOf(type).name) + ": " + why};
}

/// Reads the signer and returns how long its signature is.
size_t ReadSigner(RecordType type, FieldReader& reader, Envelope* envelope) {
  const uint8_t kind = reader.U8("signer kind");
  const bool known = ByOwner(type) ? kind == 2 || kind == 3 : kind == 1;
  if (!known) reader.Refuse("signer kind", "none that this type of record has");
  envelope->kind = static_cast<SignerKind>(kind);
  if (envelope->kind != SignerKind::kOwnKey) {
    envelope->spki = SpkiOf(reader.Array<32>("signer"));
    if (envelope->kind == SignerKind::kPublishingKey) {
      envelope->subject = KeyId{reader.Array<32>("subject")};
      const KeyId signer{Sha256(envelope->spki)};
      if (envelope->subject == signer) reader.Refuse("signer kind", "the subject itself");
    }
    return kEd25519SignatureBytes;
  }
  envelope->spki = reader.Raw(reader.U8("signer size"), "signer");
  const size_t signature_bytes = SmallSignatureBytes(envelope->spki);
  if (signature_bytes == 0) reader.Refuse("signer", "not Ed25519, P-256 or P-384");
  envelope->subject = KeyId{Sha256(envelope->spki)};
  return signature_bytes;
}

}  // namespace

std::optional<Ed25519Key> Envelope::delegate() const {
  return kind == SignerKind::kOwnKey ? std::nullopt : Ed25519KeyOf(spki);
}

Result<Envelope> OpenEnvelope(RecordType type, std::string_view payload) {
  if (payload.size() > kMaxRecordBytes) return Refused(type, "size: more than 559 bytes");
  FieldReader reader(payload);
  Envelope envelope;
  if (reader.U8("version") != kRecordVersion) reader.Refuse("version", "not 0xC1");
  const auto wanted = static_cast<uint8_t>(type);
  if (reader.U8("type") != wanted) reader.Refuse("type", "that of another record");
  envelope.header.sequence = reader.U32("sequence");
  envelope.header.expires = reader.Time("expires");
  const size_t signature_bytes = ReadSigner(type, reader, &envelope);
  if (reader.left() < signature_bytes) reader.Refuse("signature", "cut short");
  if (reader.ok()) {
    envelope.body = reader.Raw(reader.left() - signature_bytes, "body");
    envelope.signature = reader.Raw(signature_bytes, "signature");
    envelope.signed_part = payload.substr(0, payload.size() - signature_bytes);
  }
  COMMRESOLVE_TRY(reader.Finish(KindOf(type).name));
  return envelope;
}

Status VerifyEnvelope(RecordType type, const DhtKey& key, const Envelope& envelope) {
  if (envelope.subject && key != SubjectKey(type, *envelope.subject)) {
    return Refused(type, "key: not where the records about this subject lie");
  }
  const Status verified = VerifySignature(
      envelope.spki, SignedMessage(type, key, envelope.signed_part), envelope.signature);
  if (!verified.ok()) return verified.error().Within(KindOf(type).name);
  return {};
}

Result<std::string> Seal(RecordType type, const DhtKey& key, const Header& header,
                         const std::optional<KeyId>& subject, std::string_view body,
                         const SigningKey& signer) {
  COMMRESOLVE_TRY(CheckTime(header.expires, KindOf(type).name, "expires"));
  if (subject.has_value() != ByOwner(type)) return Refused(type, "signer: of the wrong kind");
  const auto delegate = Ed25519KeyOf(signer.spki());
  const bool own = subject == signer.id();
  if (own ? SmallSignatureBytes(signer.spki()) == 0 : !delegate) {
    return Refused(type, own ? "signer: the key is too large to sign records; use a publishing key"
                             : "signer: not an Ed25519 key");
  }
  ByteWriter writer;
  writer.Byte(kRecordVersion);
  writer.Byte(static_cast<uint8_t>(type));
  writer.Fixed32(header.sequence);
  writer.Fixed32(static_cast<uint32_t>(header.expires));
  if (own) {
    writer.Byte(static_cast<uint8_t>(SignerKind::kOwnKey));
    writer.Byte(static_cast<uint8_t>(signer.spki().size()));
    writer.Raw(signer.spki());
  } else {
    const SignerKind kind = subject ? SignerKind::kPublishingKey : SignerKind::kPseudonym;
    writer.Byte(static_cast<uint8_t>(kind));
    writer.Raw({reinterpret_cast<const char*>(delegate->data()), delegate->size()});
    if (subject) writer.Raw(subject->view());
  }
  writer.Raw(body);
  COMMRESOLVE_ASSIGN(signature, signer.Sign(SignedMessage(type, key, writer.bytes())));
  writer.Raw(signature);
  if (writer.bytes().size() > kMaxRecordBytes) {
    return Refused(type, "size: " + std::to_string(writer.bytes().size()) + " bytes, more than " +
                             std::to_string(kMaxRecordBytes));
  }
  return writer.Take();
}

Status CheckTime(UnixTime time, const char* record, const char* field) {
  if (time >= 0 && time <= std::numeric_limits<uint32_t>::max()) return {};
  return Error{Code::kInvalidArgument,
               std::string(record) + ": " + field + ": not between 1970 and 2106"};
}

}  // namespace commresolve::dht
