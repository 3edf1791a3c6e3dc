// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Walks DER elements with explicit bounds.

#include "resolver/base/der.h"

#include <array>
#include <cstddef>

namespace commresolve {
namespace {

constexpr uint8_t kSequence = 0x30;
constexpr uint8_t kVersion = 0xa0;  // [0] EXPLICIT
constexpr uint8_t kHighTagNumber = 0x1f;
constexpr uint8_t kLongForm = 0x80;
constexpr size_t kMaxLengthBytes = 4;

}  // namespace

std::optional<DerElement> TakeDerElement(std::string_view* input) {
  const std::string_view data = *input;
  if (data.size() < 2) return std::nullopt;
  const auto identifier = static_cast<uint8_t>(data[0]);
  if ((identifier & kHighTagNumber) == kHighTagNumber) return std::nullopt;
  size_t header = 2;
  size_t length = static_cast<uint8_t>(data[1]);
  if (length >= kLongForm) {
    const size_t count = length - kLongForm;
    if (count == 0 || count > kMaxLengthBytes || count > data.size() - header) return std::nullopt;
    length = 0;
    for (const char byte : data.substr(header, count)) {
      length = length << 8 | static_cast<uint8_t>(byte);
    }
    header += count;
  }
  if (length > data.size() - header) return std::nullopt;
  input->remove_prefix(header + length);
  return DerElement{identifier, data.substr(0, header + length), data.substr(header, length)};
}

std::optional<EncodedParts> PartsOf(std::string_view certificate) {
  const std::optional<DerElement> outer = TakeDerElement(&certificate);
  if (!outer || outer->identifier != kSequence) return std::nullopt;
  std::string_view contents = outer->contents;
  const std::optional<DerElement> signed_part = TakeDerElement(&contents);
  if (!signed_part || signed_part->identifier != kSequence) return std::nullopt;
  contents = signed_part->contents;
  if (!contents.empty() && static_cast<uint8_t>(contents[0]) == kVersion) {
    if (!TakeDerElement(&contents)) return std::nullopt;
  }
  // serialNumber, signature, issuer, validity, subject, subjectPublicKeyInfo
  std::array<std::string_view, 6> elements;
  for (std::string_view& element : elements) {
    const std::optional<DerElement> taken = TakeDerElement(&contents);
    if (!taken) return std::nullopt;
    element = taken->whole;
  }
  return EncodedParts{elements[2], elements[4], elements[5]};
}

std::optional<KeyId> KeyOf(std::string_view certificate) {
  const std::optional<EncodedParts> parts = PartsOf(certificate);
  if (!parts) return std::nullopt;
  return KeyId{Sha256(parts->public_key)};
}

}  // namespace commresolve
