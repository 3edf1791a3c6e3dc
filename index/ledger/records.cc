// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Encoding and decoding of each record kind; the layout is docs/formats/ledger.md.

#include "index/ledger/records.h"

#include "resolver/base/byte_codec.h"

namespace commresolve::index {
namespace {

constexpr uint8_t kFormat = 1;
// Flags of a certificate, a key, a sighting and facts.
constexpr uint8_t kChecked = 1;
constexpr uint8_t kValid = 2;
constexpr uint8_t kBestHasChain = 1;
constexpr uint8_t kBestProved = 2;
constexpr uint8_t kProved = 1;
constexpr uint8_t kWrong = 2;
constexpr uint8_t kPublicChain = 1;

constexpr size_t kMaxRecordBytes = size_t{16} << 20;
constexpr size_t kMostRecords = 128;  // Are not longer.
constexpr uint64_t kMaxOffset = uint64_t{1} << 62;
constexpr size_t kMinFieldBytes = 2;  // Its kind and the length of its text.

ByteWriter Begin(size_t room = 0) {
  ByteWriter writer(room);
  writer.Byte(kFormat);
  return writer;
}

ByteReader Open(std::string_view bytes) {
  ByteReader reader(bytes);
  if (reader.Byte() != kFormat) reader.Fail();
  return reader;
}

uint8_t ReadFlags(ByteReader& reader, uint8_t known) {
  const uint8_t flags = reader.Byte();
  if ((flags & ~known) != 0) reader.Fail();
  return flags;
}

template <class D>
D ReadDigest(ByteReader& reader) {
  D digest;
  const std::string_view bytes = reader.Raw(digest.bytes.size());
  for (size_t i = 0; i < bytes.size(); ++i) digest.bytes[i] = static_cast<uint8_t>(bytes[i]);
  return digest;
}

template <class T>
Result<T> Finish(const ByteReader& reader, T value, const char* what) {
  COMMRESOLVE_TRY(reader.Finish(what));
  return value;
}

}  // namespace

std::string EncodeCertificate(const CertRecord& record) {
  ByteWriter writer = Begin(kMostRecords);
  writer.Raw(record.id.view());
  writer.Varint(record.der.offset);
  writer.Varint(record.der.length);
  writer.Varint(record.key);
  writer.Varint(record.listing);
  writer.Signed(record.not_before);
  writer.Signed(record.not_after);
  const bool checked = record.chain.has_value();
  writer.Byte(static_cast<uint8_t>((checked ? kChecked : 0) |
                                   (checked && record.chain->valid ? kValid : 0)));
  if (checked) {
    writer.Signed(record.chain->checked_for);
    writer.Text(std::string_view(record.chain->reason).substr(0, kMaxReasonBytes));
  }
  writer.Varint(record.issuers.size());
  for (const CertNo issuer : record.issuers) writer.Varint(issuer);
  return writer.Take();
}

Result<CertRecord> DecodeCertificate(std::string_view bytes) {
  ByteReader reader = Open(bytes);
  CertRecord record;
  record.id = ReadDigest<CertId>(reader);
  record.der.offset = reader.Varint();
  record.der.length = reader.Number();
  record.key = reader.Number();
  record.listing = reader.Number();
  record.not_before = reader.Signed();
  record.not_after = reader.Signed();
  const uint8_t flags = ReadFlags(reader, kChecked | kValid);
  if ((flags & kChecked) != 0) {
    PublicChain& chain = record.chain.emplace();
    chain.valid = (flags & kValid) != 0;
    chain.checked_for = reader.Signed();
    chain.reason = reader.Text(kMaxReasonBytes);
  }
  const size_t issuers = reader.Count(kMaxIssuers);
  record.issuers.reserve(issuers);
  for (size_t i = 0; i < issuers; ++i) record.issuers.push_back(reader.Number());
  if ((record.key == 0) != (record.listing == 0) || flags == kValid) reader.Fail();
  if (record.der.length == 0 || record.der.length > kMaxCertificateBytes) reader.Fail();
  if (record.der.offset > kMaxOffset) reader.Fail();
  return Finish(reader, std::move(record), "a certificate record");
}

std::string EncodeKey(const KeyRecord& record) {
  ByteWriter writer = Begin(kMostRecords);
  writer.Raw(record.id.view());
  writer.Varint(record.best);
  writer.Signed(record.best_not_before);
  writer.Byte(static_cast<uint8_t>((record.best_has_chain ? kBestHasChain : 0) |
                                   (record.best_proved ? kBestProved : 0)));
  return writer.Take();
}

Result<KeyRecord> DecodeKey(std::string_view bytes) {
  ByteReader reader = Open(bytes);
  KeyRecord record;
  record.id = ReadDigest<KeyId>(reader);
  record.best = reader.Number();
  record.best_not_before = reader.Signed();
  const uint8_t flags = ReadFlags(reader, kBestHasChain | kBestProved);
  record.best_has_chain = (flags & kBestHasChain) != 0;
  record.best_proved = (flags & kBestProved) != 0;
  return Finish(reader, record, "a key record");
}

std::string EncodeProof(const ProofRecord& record) {
  ByteWriter writer = Begin();
  writer.Varint(record.key);
  writer.Signed(record.time);
  return writer.Take();
}

Result<ProofRecord> DecodeProof(std::string_view bytes) {
  ByteReader reader = Open(bytes);
  ProofRecord record;
  record.key = reader.Number();
  record.time = reader.Signed();
  if (record.key == 0) reader.Fail();
  return Finish(reader, record, "a proof record");
}

std::string EncodeSighting(const SightingRecord& record) {
  ByteWriter writer = Begin();
  writer.Signed(record.first_seen);
  writer.Signed(record.last_seen);
  writer.Byte(
      static_cast<uint8_t>((record.proved_at ? kProved : 0) | (record.wrong_at ? kWrong : 0)));
  if (record.proved_at) writer.Signed(*record.proved_at);
  if (record.wrong_at) writer.Signed(*record.wrong_at);
  writer.Varint(record.sources.size());
  for (const SourceNo source : record.sources) writer.Varint(source);
  return writer.Take();
}

Result<SightingRecord> DecodeSighting(std::string_view bytes) {
  ByteReader reader = Open(bytes);
  SightingRecord record;
  record.first_seen = reader.Signed();
  record.last_seen = reader.Signed();
  const uint8_t flags = ReadFlags(reader, kProved | kWrong);
  if ((flags & kProved) != 0) record.proved_at = reader.Signed();
  if ((flags & kWrong) != 0) record.wrong_at = reader.Signed();
  const size_t sources = reader.Count(kMaxSightingSources);
  record.sources.reserve(sources);
  for (size_t i = 0; i < sources; ++i) record.sources.push_back(reader.Number());
  return Finish(reader, std::move(record), "a sighting record");
}

std::string EncodeFields(const std::vector<FieldView>& fields) {
  size_t room = kMostRecords;
  for (const FieldView& field : fields) room += field.text.size() + kMinFieldBytes;
  ByteWriter writer = Begin(room);
  writer.Varint(fields.size());
  for (const FieldView& field : fields) {
    writer.Byte(static_cast<uint8_t>(field.field));
    writer.Text(field.text);
  }
  return writer.Take();
}

Result<std::vector<FieldText>> DecodeFields(std::string_view bytes) {
  COMMRESOLVE_ASSIGN(views, DecodeFieldViews(bytes));
  std::vector<FieldText> fields;
  fields.reserve(views.size());
  for (const FieldView& view : views) fields.push_back({view.field, std::string(view.text)});
  return fields;
}

Result<std::vector<FieldView>> DecodeFieldViews(std::string_view bytes) {
  ByteReader reader = Open(bytes);
  std::vector<FieldView> fields;
  const size_t count = reader.Count(kMaxRecordBytes);
  fields.reserve(std::min(count, bytes.size() / kMinFieldBytes));
  for (size_t i = 0; i < count && !reader.failed(); ++i) {
    const uint8_t field = reader.Byte();
    if (field >= static_cast<uint8_t>(Field::kIssuer)) reader.Fail();
    fields.emplace_back(static_cast<Field>(field), reader.Text(kMaxRecordBytes));
  }
  return Finish(reader, std::move(fields), "a listing's text");
}

std::string EncodeExtras(const ListingExtras& extras) {
  ByteWriter writer = Begin(kMostRecords);
  writer.Varint(extras.issuers.size());
  for (const std::string& issuer : extras.issuers) writer.Text(issuer);
  writer.Varint(extras.ports.size());
  for (const uint16_t port : extras.ports) writer.Varint(port);
  writer.Varint(extras.protocols.size());
  for (const Protocol protocol : extras.protocols) writer.Byte(static_cast<uint8_t>(protocol));
  return writer.Take();
}

Result<ListingExtras> DecodeExtras(std::string_view bytes) {
  ByteReader reader = Open(bytes);
  ListingExtras extras;
  const size_t issuers = reader.Count(kMaxListingIssuers);
  for (size_t i = 0; i < issuers; ++i) extras.issuers.emplace(reader.Text(kMaxRecordBytes));
  const size_t ports = reader.Count(kMaxListingPorts);
  for (size_t i = 0; i < ports; ++i) {
    const uint32_t port = reader.Number();
    if (port > UINT16_MAX) reader.Fail();
    extras.ports.insert(static_cast<uint16_t>(port));
  }
  const size_t protocols = reader.Count(UINT8_MAX);
  for (size_t i = 0; i < protocols; ++i) {
    const uint8_t protocol = reader.Byte();
    if (protocol > static_cast<uint8_t>(Protocol::kQuic)) reader.Fail();
    extras.protocols.insert(static_cast<Protocol>(protocol));
  }
  return Finish(reader, std::move(extras), "a listing's extras");
}

std::string EncodeFacts(const FactsRecord& record) {
  ByteWriter writer = Begin(kMostRecords);
  writer.Byte(record.facts.public_chain ? kPublicChain : 0);
  writer.Signed(record.facts.not_after);
  writer.Signed(record.facts.first_seen);
  writer.Signed(record.facts.last_seen);
  writer.Signed(record.facts.proved_at);
  writer.Varint(record.facts.observations);
  writer.Varint(record.certificates);
  writer.Varint(record.keys);
  return writer.Take();
}

Result<FactsRecord> DecodeFacts(std::string_view bytes) {
  ByteReader reader = Open(bytes);
  FactsRecord record;
  record.facts.public_chain = ReadFlags(reader, kPublicChain) != 0;
  record.facts.not_after = reader.Signed();
  record.facts.first_seen = reader.Signed();
  record.facts.last_seen = reader.Signed();
  record.facts.proved_at = reader.Signed();
  record.facts.observations = reader.Number();
  record.certificates = reader.Number();
  record.keys = reader.Number();
  return Finish(reader, record, "a listing's facts");
}

std::string EncodeTotals(const Totals& totals) {
  ByteWriter writer = Begin();
  for (const uint64_t value :
       {totals.certificates, totals.chain_certificates, totals.keys, totals.endpoints,
        totals.listings, totals.observations, totals.last_change, totals.der_bytes,
        uint64_t{totals.last_certificate}, uint64_t{totals.last_key}, uint64_t{totals.last_listing},
        uint64_t{totals.last_source}}) {
    writer.Varint(value);
  }
  return writer.Take();
}

Result<Totals> DecodeTotals(std::string_view bytes) {
  ByteReader reader = Open(bytes);
  Totals totals;
  for (uint64_t* value :
       {&totals.certificates, &totals.chain_certificates, &totals.keys, &totals.endpoints,
        &totals.listings, &totals.observations, &totals.last_change, &totals.der_bytes}) {
    *value = reader.Varint();
  }
  for (uint32_t* value :
       {&totals.last_certificate, &totals.last_key, &totals.last_listing, &totals.last_source}) {
    *value = reader.Number();
  }
  return Finish(reader, totals, "the totals");
}

std::string EncodeNumber(uint32_t number) {
  ByteWriter writer = Begin();
  writer.Fixed32(number);
  return writer.Take();
}

Result<uint32_t> DecodeNumber(std::string_view bytes) {
  ByteReader reader = Open(bytes);
  const uint32_t number = reader.Fixed32();
  if (number == 0) reader.Fail();
  return Finish(reader, number, "a row number");
}

std::string EncodeText(std::string_view text) {
  ByteWriter writer = Begin();
  writer.Raw(text);
  return writer.Take();
}

Result<std::string> DecodeText(std::string_view bytes) {
  ByteReader reader = Open(bytes);
  std::string text(reader.Raw(reader.left()));
  return Finish(reader, std::move(text), "a text record");
}

}  // namespace commresolve::index
