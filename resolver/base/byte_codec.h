// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// ByteWriter and ByteReader: the few encodings that stored and sent records are made of.

#ifndef COMMRESOLVE_RESOLVER_BASE_BYTE_CODEC_H_
#define COMMRESOLVE_RESOLVER_BASE_BYTE_CODEC_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "resolver/base/result.h"

namespace commresolve {

class ByteWriter {
 public:
  ByteWriter() = default;
  /// With room for so many bytes.
  explicit ByteWriter(size_t room) { bytes_.reserve(room); }
  void Byte(uint8_t value) { bytes_.push_back(static_cast<char>(value)); }
  /// LEB128: seven bits a byte, lowest first.
  void Varint(uint64_t value);
  /// Zigzag, then Varint: times before 1970 stay short.
  void Signed(int64_t value);
  /// Big-endian, so that bytewise order is numeric order.
  void Fixed16(uint16_t value);
  void Fixed32(uint32_t value);
  void Fixed64(uint64_t value);
  void Raw(std::string_view bytes) { bytes_.append(bytes); }
  /// Length as Varint, then the bytes.
  void Text(std::string_view text);

  [[nodiscard]] const std::string& bytes() const { return bytes_; }
  [[nodiscard]] std::string Take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

/// Reads what ByteWriter wrote. After the first item that does not fit, every further read yields
/// zero or nothing; ask Finish() once at the end. Views point into the input.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  uint8_t Byte();
  uint64_t Varint();
  /// A Varint that fits in 32 bits.
  uint32_t Number();
  int64_t Signed();
  uint16_t Fixed16();
  uint32_t Fixed32();
  uint64_t Fixed64();
  std::string_view Raw(size_t length);
  std::string_view Text(size_t max_length);
  /// A count of items that take at least one byte each; more than bytes are left is a failure.
  size_t Count(size_t max_count);

  /// Marks the input as unusable.
  void Fail();
  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] size_t left() const { return rest_.size(); }
  /// kCorrupt, naming `what`, unless every byte was read and fitted.
  [[nodiscard]] Status Finish(const char* what) const;

 private:
  std::string_view rest_;
  bool failed_ = false;
};

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_BASE_BYTE_CODEC_H_
