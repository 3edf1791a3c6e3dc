// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Percent-encoding by ICU's character classes.

#include "resolver/trust/percent_text.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "resolver/base/digest.h"

namespace commresolve {
namespace {

/// The character at `at`, which moves behind it; negative if the bytes there are not UTF-8.
UChar32 NextCharacter(std::string_view text, size_t& at) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  UChar32 character = 0;
  U8_NEXT(bytes, at, text.size(), character);
  return character;
}

bool StandsRaw(UChar32 character, RawText raw) {
  if (character < 0 || character == '"' || character == '%') return false;
  if (character == ' ') return raw == RawText::kPhrase;
  if (u_hasBinaryProperty(character, UCHAR_DEFAULT_IGNORABLE_CODE_POINT)) return false;
  uint32_t classes = U_GC_L_MASK | U_GC_M_MASK | U_GC_N_MASK;
  if (raw == RawText::kPhrase) classes |= U_GC_P_MASK | U_GC_S_MASK;
  return (U_GET_GC_MASK(character) & classes) != 0;
}

bool IsUtf8(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    if (NextCharacter(text, at) < 0) return false;
  }
  return true;
}

Error At(size_t position, const char* what) {
  return {Code::kInvalidArgument, std::string(what) + " at position " + std::to_string(position),
          "write it as %xx, its UTF-8 bytes in hex"};
}

}  // namespace

std::string PercentEncode(std::string_view text, RawText raw) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const size_t begin = at;
    const bool as_is = StandsRaw(NextCharacter(text, at), raw);
    if (as_is) out.append(text.substr(begin, at - begin));
    for (size_t i = begin; !as_is && i < at; ++i) out.append("%").append(Hex(text.substr(i, 1)));
  }
  return out;
}

Result<std::string> PercentDecode(std::string_view text, RawText raw) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const size_t begin = at;
    if (text[at] == '%') {
      const auto byte = FromHex(text.substr(at + 1, 2));
      if (!byte.ok() || byte->size() != 1) return At(begin, "a '%' without two hex digits");
      out += *byte;
      at += 3;
      continue;
    }
    if (!StandsRaw(NextCharacter(text, at), raw))
      return At(begin, "a character that may not stand");
    out.append(text.substr(begin, at - begin));
  }
  if (!IsUtf8(out)) return Error{Code::kInvalidArgument, "it is not UTF-8"};
  return out;
}

}  // namespace commresolve
