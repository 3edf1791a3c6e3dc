// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// DerWriter: DER from its end to its beginning, so that each length is known when it is written.

#ifndef COMMRESOLVE_TESTS_BENCH_DER_WRITER_H_
#define COMMRESOLVE_TESTS_BENCH_DER_WRITER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace commresolve::bench {

/// What is written first comes last. Ends the program if it runs out of space.
class DerWriter {
 public:
  // X.690 8.1.2.
  static constexpr uint8_t kBoolean = 0x01;
  static constexpr uint8_t kInteger = 0x02;
  static constexpr uint8_t kBitString = 0x03;
  static constexpr uint8_t kOctetString = 0x04;
  static constexpr uint8_t kUtf8String = 0x0c;
  static constexpr uint8_t kPrintableString = 0x13;
  static constexpr uint8_t kIa5String = 0x16;
  static constexpr uint8_t kUtcTime = 0x17;
  static constexpr uint8_t kGeneralizedTime = 0x18;
  static constexpr uint8_t kSequence = 0x30;
  static constexpr uint8_t kSet = 0x31;

  void Bytes(std::string_view bytes) {
    if (bytes.size() > at_) std::abort();
    at_ -= bytes.size();
    std::memcpy(buffer_.data() + at_, bytes.data(), bytes.size());
  }
  void Byte(uint8_t byte) {
    const char c = static_cast<char>(byte);
    Bytes({&c, 1});
  }
  /// Bytes written so far.
  [[nodiscard]] size_t size() const { return buffer_.size() - at_; }
  /// Puts identifier and length in front of all that was written since size() was `from`.
  void Close(uint8_t identifier, size_t from) {
    const size_t length = size() - from;
    Byte(static_cast<uint8_t>(length & 0xff));
    if (length > 0xff) Byte(static_cast<uint8_t>(length >> 8));
    if (length > 0x7f) Byte(length > 0xff ? 0x82 : 0x81);
    Byte(identifier);
  }
  void Element(uint8_t identifier, std::string_view contents) {
    const size_t from = size();
    Bytes(contents);
    Close(identifier, from);
  }
  /// Valid until the next write.
  [[nodiscard]] std::string_view written() const { return {buffer_.data() + at_, size()}; }

 private:
  static constexpr size_t kSpace = size_t{32} << 10;  // Lengths of three bytes never occur.
  std::array<char, kSpace> buffer_;                   // Only what was written is read.
  size_t at_ = kSpace;
};

}  // namespace commresolve::bench

#endif  // COMMRESOLVE_TESTS_BENCH_DER_WRITER_H_
