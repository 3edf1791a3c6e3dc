// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// DerReader: strict steps through DER that cost a few nanoseconds each.

#ifndef COMMRESOLVE_RESOLVER_BASE_DER_READER_H_
#define COMMRESOLVE_RESOLVER_BASE_DER_READER_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "resolver/base/der.h"

namespace commresolve {

// Identifier octets (X.690 8.1.2).
inline constexpr uint8_t kDerBoolean = 0x01;
inline constexpr uint8_t kDerInteger = 0x02;
inline constexpr uint8_t kDerBitString = 0x03;
inline constexpr uint8_t kDerOctetString = 0x04;
inline constexpr uint8_t kDerNull = 0x05;
inline constexpr uint8_t kDerObjectId = 0x06;
inline constexpr uint8_t kDerUtcTime = 0x17;
inline constexpr uint8_t kDerGeneralizedTime = 0x18;
inline constexpr uint8_t kDerSequence = 0x30;
inline constexpr uint8_t kDerSet = 0x31;

/// Reads elements one after the other. Unlike TakeDerElement() it refuses lengths that are not the
/// shortest (X.690 10.1) and elements of 16 MiB and more. Nothing is copied or allocated; what it
/// yields points into the input. After a refusal the place is as it was.
class DerReader {
 public:
  explicit DerReader(std::string_view input)
      : at_(input.data()), end_(input.data() + input.size()) {}

  [[nodiscard]] bool empty() const { return at_ == end_; }
  /// The identifier of the next element; 0, which no element has here, at the end.
  [[nodiscard]] uint8_t Peek() const { return empty() ? 0 : static_cast<uint8_t>(*at_); }

  /// The next element, whatever it is.
  bool Next(DerElement* element);
  /// The next element if it has this identifier.
  bool Next(uint8_t identifier, DerElement* element) {
    return Peek() == identifier && Next(element);
  }
  /// Its contents alone.
  bool Next(uint8_t identifier, std::string_view* contents) {
    DerElement element;
    if (!Next(identifier, &element)) return false;
    *contents = element.contents;
    return true;
  }

 private:
  [[nodiscard]] size_t Byte(size_t i) const { return static_cast<uint8_t>(at_[i]); }

  const char* at_;
  const char* end_;
};

inline bool DerReader::Next(DerElement* element) {
  constexpr size_t kHighTagNumber = 0x1f;
  const auto left = static_cast<size_t>(end_ - at_);
  if (left < 2 || Byte(0) == 0 || (Byte(0) & kHighTagNumber) == kHighTagNumber) return false;
  size_t header = 2;
  size_t length = Byte(1);
  if (length >= 0x80) {
    size_t shortest = 0x80;
    if (length == 0x81 && left >= 3) {
      length = Byte(2);
      header = 3;
    } else if (length == 0x82 && left >= 4) {
      length = Byte(2) << 8 | Byte(3);
      header = 4;
      shortest = 0x100;
    } else if (length == 0x83 && left >= 5) {
      length = Byte(2) << 16 | Byte(3) << 8 | Byte(4);
      header = 5;
      shortest = 0x10000;
    } else {
      return false;
    }
    if (length < shortest) return false;
  }
  if (length > left - header) return false;
  element->identifier = static_cast<uint8_t>(Byte(0));
  element->whole = {at_, header + length};
  element->contents = {at_ + header, length};
  at_ += header + length;
  return true;
}

/// True if these contents are an INTEGER: at least one byte, and no more than needed (X.690 8.3.2).
inline bool IsDerInteger(std::string_view contents) {
  if (contents.empty()) return false;
  if (contents.size() == 1) return true;
  const auto first = static_cast<uint8_t>(contents[0]);
  const bool negative = (static_cast<uint8_t>(contents[1]) & 0x80) != 0;
  return negative ? first != 0xff : first != 0;
}

/// True if these contents are an OBJECT IDENTIFIER (X.690 8.19.2).
inline bool IsDerObjectId(std::string_view contents) {
  bool begins = true;
  for (const char c : contents) {
    const auto byte = static_cast<uint8_t>(c);
    if (begins && byte == 0x80) return false;
    begins = (byte & 0x80) == 0;
  }
  return begins && !contents.empty();
}

/// True if these contents are a BIT STRING as far as its first byte says (X.690 8.6.2).
inline bool IsDerBitString(std::string_view contents) {
  return !contents.empty() && static_cast<uint8_t>(contents[0]) <= 7;
}

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_BASE_DER_READER_H_
