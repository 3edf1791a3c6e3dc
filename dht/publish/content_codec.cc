// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The bytes of contents in the queue.

#include "dht/publish/content.h"
#include "dht/record/endpoint_codec.h"
#include "dht/record/field_reader.h"

namespace commresolve::dht {
namespace {

constexpr uint8_t kFormat = 1;

template <size_t N>
void WriteArray(const std::array<uint8_t, N>& bytes, ByteWriter& writer) {
  writer.Raw({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

void WriteTime(UnixTime time, ByteWriter& writer) { writer.Fixed32(static_cast<uint32_t>(time)); }

void Write(const PostingSet& set, ByteWriter& writer) {
  WriteArray(set.key, writer);
  writer.Byte(static_cast<uint8_t>(set.entries.size()));
  for (const WordEntry& entry : set.entries) {
    WriteName(entry.word, writer);
    writer.Byte(entry.signpost ? 1 : 0);
    if (entry.signpost) {
      writer.Byte(entry.signpost->shards);
      writer.Fixed32(entry.signpost->listings);
    } else {
      WriteArray(entry.posting.key, writer);
      writer.Byte(entry.posting.score);
      writer.Fixed32(entry.posting.sketch);
    }
  }
}

PostingSet ReadSet(FieldReader& reader) {
  PostingSet set;
  set.key = reader.Array<20>("key");
  const uint8_t count = reader.U8("entry count");
  for (uint8_t i = 0; i < count && reader.ok(); ++i) {
    WordEntry& entry = set.entries.emplace_back();
    entry.word = ReadName(reader);
    const uint8_t kind = reader.U8("entry kind");
    if (kind > 1) reader.Refuse("entry kind", "unknown");
    if (kind == 1) {
      const uint8_t shards = reader.U8("shards");
      entry.signpost = Signpost{shards, reader.U32("listings")};
    } else {
      entry.posting.key = reader.Array<16>("entry key");
      entry.posting.score = reader.U8("score");
      entry.posting.sketch = reader.U32("sketch");
    }
  }
  return set;
}

void Write(const OwnerRecord& record, ByteWriter& writer) {
  writer.Raw(record.subject.view());
  WriteTime(record.valid_from, writer);
  writer.Byte(static_cast<uint8_t>(record.names.size()));
  for (const std::string& name : record.names) WriteName(name, writer);
  writer.Byte(static_cast<uint8_t>(record.endpoints.size()));
  for (const Endpoint& endpoint : record.endpoints) {
    WritePlace(endpoint, writer);
    WriteName(endpoint.server_name, writer);
  }
}

OwnerRecord ReadOwnerContent(FieldReader& reader) {
  OwnerRecord record;
  record.subject = KeyId{reader.Array<32>("subject")};
  record.valid_from = reader.Time("valid from");
  const uint8_t names = reader.U8("name count");
  for (uint8_t i = 0; i < names && reader.ok(); ++i) record.names.push_back(ReadName(reader));
  const uint8_t endpoints = reader.U8("endpoint count");
  for (uint8_t i = 0; i < endpoints && reader.ok(); ++i) {
    Endpoint endpoint = ReadPlace(reader);
    endpoint.server_name = ReadName(reader);
    record.endpoints.push_back(std::move(endpoint));
  }
  return record;
}

void Write(const Observation& record, ByteWriter& writer) {
  writer.Raw(record.subject.view());
  WriteTime(record.first_seen, writer);
  WriteTime(record.last_seen, writer);
  writer.Byte(static_cast<uint8_t>(record.region));
  WritePlace(record.endpoint, writer);
  WriteName(record.endpoint.server_name, writer);
}

Observation ReadObservationContent(FieldReader& reader) {
  Observation record;
  record.subject = KeyId{reader.Array<32>("subject")};
  record.first_seen = reader.Time("first seen");
  record.last_seen = reader.Time("last seen");
  record.region = static_cast<Region>(reader.U8("region"));
  if (record.region > kLastRegion) reader.Refuse("region", "unknown");
  record.endpoint = ReadPlace(reader);
  record.endpoint.server_name = ReadName(reader);
  return record;
}

void Write(const Rollover& record, ByteWriter& writer) {
  writer.Raw(record.old_key.view());
  WriteTime(record.valid_from, writer);
  writer.Byte(static_cast<uint8_t>(record.new_keys.size()));
  for (const KeyId& key : record.new_keys) writer.Raw(key.view());
}

Rollover ReadRolloverContent(FieldReader& reader) {
  Rollover record;
  record.old_key = KeyId{reader.Array<32>("old key")};
  record.valid_from = reader.Time("valid from");
  const uint8_t count = reader.U8("new key count");
  for (uint8_t i = 0; i < count && reader.ok(); ++i) {
    record.new_keys.push_back(KeyId{reader.Array<32>("new key")});
  }
  return record;
}

}  // namespace

std::string Content::Encode() const {
  ByteWriter writer;
  writer.Byte(kFormat);
  std::visit([&](const auto& what) { Write(what, writer); }, what_);
  return writer.Take();
}

Result<Content> Content::Decode(RecordType type, std::string_view bytes) {
  FieldReader reader(bytes);
  if (reader.U8("format") != kFormat) reader.Refuse("format", "unknown");
  What what;
  switch (type) {
    case RecordType::kPosting:
      what = ReadSet(reader);
      break;
    case RecordType::kOwner:
      what = ReadOwnerContent(reader);
      break;
    case RecordType::kObservation:
      what = ReadObservationContent(reader);
      break;
    case RecordType::kRollover:
      what = ReadRolloverContent(reader);
      break;
  }
  const Status whole = reader.Finish(KindOf(type).name);
  if (!whole.ok()) return Error{Code::kCorrupt, "in the queue: " + whole.error().message};
  return Content(std::move(what));
}

}  // namespace commresolve::dht
