// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// LEB128, zigzag and big-endian numbers behind byte_codec.h.

#include "resolver/base/byte_codec.h"

#include <limits>

namespace commresolve {

void ByteWriter::Varint(uint64_t value) {
  while (value >= 0x80) {
    Byte(static_cast<uint8_t>(value | 0x80));
    value >>= 7;
  }
  Byte(static_cast<uint8_t>(value));
}

void ByteWriter::Signed(int64_t value) {
  const uint64_t sign = value < 0 ? std::numeric_limits<uint64_t>::max() : 0;
  Varint((static_cast<uint64_t>(value) << 1) ^ sign);
}

void ByteWriter::Fixed16(uint16_t value) {
  Byte(static_cast<uint8_t>(value >> 8));
  Byte(static_cast<uint8_t>(value));
}

void ByteWriter::Fixed32(uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) Byte(static_cast<uint8_t>(value >> shift));
}

void ByteWriter::Fixed64(uint64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8) Byte(static_cast<uint8_t>(value >> shift));
}

void ByteWriter::Text(std::string_view text) {
  Varint(text.size());
  Raw(text);
}

void ByteReader::Fail() {
  failed_ = true;
  rest_ = {};
}

uint8_t ByteReader::Byte() {
  if (rest_.empty()) {
    Fail();
    return 0;
  }
  const auto value = static_cast<uint8_t>(rest_.front());
  rest_.remove_prefix(1);
  return value;
}

uint64_t ByteReader::Varint() {
  uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const uint8_t byte = Byte();
    if (failed_ || (shift == 63 && byte > 1)) break;
    value |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if ((byte & 0x80) == 0) return value;
  }
  Fail();
  return 0;
}

uint32_t ByteReader::Number() {
  const uint64_t value = Varint();
  if (value <= std::numeric_limits<uint32_t>::max()) return static_cast<uint32_t>(value);
  Fail();
  return 0;
}

int64_t ByteReader::Signed() {
  const uint64_t value = Varint();
  const uint64_t sign = (value & 1) != 0 ? std::numeric_limits<uint64_t>::max() : 0;
  return static_cast<int64_t>((value >> 1) ^ sign);
}

uint16_t ByteReader::Fixed16() {
  unsigned value = 0;
  for (const char byte : Raw(2)) value = value << 8 | static_cast<uint8_t>(byte);
  return static_cast<uint16_t>(value);
}

uint32_t ByteReader::Fixed32() {
  uint32_t value = 0;
  for (const char byte : Raw(4)) value = value << 8 | static_cast<uint8_t>(byte);
  return value;
}

uint64_t ByteReader::Fixed64() {
  uint64_t value = 0;
  for (const char byte : Raw(8)) value = value << 8 | static_cast<uint8_t>(byte);
  return value;
}

std::string_view ByteReader::Raw(size_t length) {
  if (length > rest_.size()) {
    Fail();
    return {};
  }
  const std::string_view bytes = rest_.substr(0, length);
  rest_.remove_prefix(length);
  return bytes;
}

std::string_view ByteReader::Text(size_t max_length) {
  const uint64_t length = Varint();
  if (length <= max_length) return Raw(static_cast<size_t>(length));
  Fail();
  return {};
}

size_t ByteReader::Count(size_t max_count) {
  const uint64_t count = Varint();
  if (count <= max_count && count <= rest_.size()) return static_cast<size_t>(count);
  Fail();
  return 0;
}

Status ByteReader::Finish(const char* what) const {
  if (failed_) return Error{Code::kCorrupt, std::string(what) + " is cut short or malformed"};
  if (!rest_.empty()) return Error{Code::kCorrupt, std::string(what) + " has bytes left over"};
  return {};
}

}  // namespace commresolve
