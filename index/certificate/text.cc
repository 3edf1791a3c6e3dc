// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// ASN.1 string types to UTF-8 by OpenSSL; character classes by ICU.

#include "index/certificate/text.h"

#include <openssl/asn1.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <cstdint>
#include <memory>

#include "index/certificate/certificate.h"
#include "resolver/base/openssl_ptr.h"

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

/// True if the bytes of such a string are ASCII where they are below 0x80.
bool ExtendsAscii(int tag) {
  return tag == V_ASN1_UTF8STRING || tag == V_ASN1_PRINTABLESTRING || tag == V_ASN1_IA5STRING ||
         tag == V_ASN1_T61STRING || tag == V_ASN1_NUMERICSTRING;
}

// Without early return, so that the compiler takes many bytes at once.
bool IsAscii(std::string_view text) {
  unsigned char bits = 0;
  for (const char c : text) bits |= static_cast<unsigned char>(c);
  return bits < 0x80;
}

bool IsPrintableAscii(std::string_view text) {
  unsigned char odd = 0;
  for (const char c : text) odd |= static_cast<unsigned char>(c < ' ' || c > '~');
  return odd == 0;
}

}  // namespace

bool IsAsciiString(int tag, std::string_view bytes) { return ExtendsAscii(tag) && IsAscii(bytes); }

std::optional<std::string> DecodeString(int tag, std::string_view bytes) {
  if (IsAsciiString(tag, bytes)) return std::string(bytes);
  const std::unique_ptr<ASN1_STRING, OpensslDeleter<ASN1_STRING_free>> string(
      ASN1_STRING_type_new(tag));
  unsigned char* utf8 = nullptr;
  int length = -1;
  if (string != nullptr &&
      ASN1_STRING_set(string.get(), bytes.data(), static_cast<int>(bytes.size())) == 1) {
    length = ASN1_STRING_to_UTF8(&utf8, string.get());
  }
  if (length < 0) {
    ERR_clear_error();
    return std::nullopt;
  }
  std::string text(reinterpret_cast<const char*>(utf8), static_cast<size_t>(length));
  OPENSSL_free(utf8);
  return text;
}

CleanText Clean(std::string_view text) {
  if (text.size() <= kMaxFieldBytes && IsPrintableAscii(text)) return {std::string(text), false};
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
