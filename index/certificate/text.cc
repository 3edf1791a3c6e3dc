// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// ASN.1 string types to UTF-8 by OpenSSL; character classes by ICU.

#include "index/certificate/text.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <cstdint>

#include "index/certificate/certificate.h"

namespace commresolve::index {
namespace {

constexpr UChar32 kReplacement = 0xfffd;
constexpr UChar32 kByteOrderMark = 0xfeff;

UChar32 Safe(UChar32 character) {
  if (character == '\t' || character == '\n' || character == '\r') return ' ';
  if (character == kByteOrderMark) return kReplacement;
  switch (u_charType(character)) {
    case U_CONTROL_CHAR:
    case U_LINE_SEPARATOR:
    case U_PARAGRAPH_SEPARATOR:
      return kReplacement;
    default:
      return u_hasBinaryProperty(character, UCHAR_BIDI_CONTROL) != 0 ? kReplacement : character;
  }
}

}  // namespace

std::optional<std::string> DecodeString(const ASN1_STRING& string) {
  unsigned char* utf8 = nullptr;
  const int length = ASN1_STRING_to_UTF8(&utf8, &string);
  if (length < 0) {
    ERR_clear_error();
    return std::nullopt;
  }
  std::string text(reinterpret_cast<const char*>(utf8), static_cast<size_t>(length));
  OPENSSL_free(utf8);
  return text;
}

CleanText Clean(std::string_view text) {
  const icu::UnicodeString characters = icu::UnicodeString::fromUTF8(text);
  CleanText clean;
  for (int32_t i = 0; i < characters.length(); i = characters.moveIndex32(i, 1)) {
    std::string safe;
    icu::UnicodeString(Safe(characters.char32At(i))).toUTF8String(safe);
    if (clean.text.size() + safe.size() > kMaxFieldBytes) {
      clean.cut = true;
      return clean;
    }
    clean.text += safe;
  }
  return clean;
}

}  // namespace commresolve::index
