// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Big-endian keys, so that bytewise order is the order of types and times.

#include "dht/publish/queue_rows.h"

#include <algorithm>

#include "resolver/base/byte_codec.h"

namespace commresolve::dht {
namespace {

constexpr uint8_t kFormat = 1;

uint64_t Sortable(UnixTime time) { return static_cast<uint64_t>(std::max<UnixTime>(time, 0)); }

Stream ReadStream(uint16_t type, ByteReader& reader) {
  Stream stream;
  const auto known = RecordTypeOf(type);
  if (!known) reader.Fail();
  stream.type = known.value_or(RecordType::kOwner);
  const std::string_view id = reader.Raw(stream.id.bytes.size());
  std::ranges::copy(id, stream.id.bytes.begin());
  return stream;
}

}  // namespace

std::string EntryPrefix(RecordType type) {
  ByteWriter row;
  row.Fixed16(static_cast<uint16_t>(type));
  return row.Take();
}

std::string EntryRow(const Stream& stream) {
  return EntryPrefix(stream.type).append(stream.id.view());
}

Result<Stream> ParseEntryRow(std::string_view row) {
  ByteReader reader(row);
  const uint16_t type = reader.Fixed16();
  const Stream stream = ReadStream(type, reader);
  COMMRESOLVE_TRY(reader.Finish("an entry's key in the queue"));
  return stream;
}

std::string DuePrefix(RecordType type, UnixTime due) {
  ByteWriter row;
  row.Fixed16(static_cast<uint16_t>(type));
  row.Fixed64(Sortable(due));
  return row.Take();
}

std::string DueRow(const Stream& stream, UnixTime due) {
  return DuePrefix(stream.type, due).append(stream.id.view());
}

Result<DueEntry> ParseDueRow(std::string_view row) {
  ByteReader reader(row);
  const uint16_t type = reader.Fixed16();
  const auto due = static_cast<UnixTime>(reader.Fixed64());
  const Stream stream = ReadStream(type, reader);
  COMMRESOLVE_TRY(reader.Finish("a key of what is due in the queue"));
  return DueEntry{stream, due};
}

std::string EncodeState(const EntryState& state) {
  ByteWriter writer;
  writer.Byte(kFormat);
  writer.Fixed32(state.sequence);
  writer.Varint(Sortable(state.due));
  writer.Varint(Sortable(state.confirmed_at));
  writer.Varint(Sortable(state.expires));
  writer.Varint(state.replicas);
  writer.Varint(state.failures);
  return writer.Take();
}

Result<EntryState> DecodeState(std::string_view bytes) {
  ByteReader reader(bytes);
  if (reader.Byte() != kFormat) reader.Fail();
  EntryState state;
  state.sequence = reader.Fixed32();
  state.due = static_cast<UnixTime>(reader.Varint());
  state.confirmed_at = static_cast<UnixTime>(reader.Varint());
  state.expires = static_cast<UnixTime>(reader.Varint());
  state.replicas = reader.Number();
  state.failures = reader.Number();
  COMMRESOLVE_TRY(reader.Finish("an entry's state in the queue"));
  return state;
}

}  // namespace commresolve::dht
