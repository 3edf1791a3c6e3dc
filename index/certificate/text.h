// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Strings of a certificate as UTF-8 that is safe to store and to print.

#ifndef COMMRESOLVE_INDEX_CERTIFICATE_TEXT_H_
#define COMMRESOLVE_INDEX_CERTIFICATE_TEXT_H_

#include <openssl/asn1.h>

#include <optional>
#include <string>
#include <string_view>

namespace commresolve::index {

/// One string after cleaning.
struct CleanText {
  std::string text;  ///< At most kMaxFieldBytes; see FieldText.
  bool cut = false;  ///< There was more.
};

/// The UTF-8 of `string`, uncleaned. Empty if its type or bytes are no text.
std::optional<std::string> DecodeString(const ASN1_STRING& string);

/// Replaces what is unsafe and invalid UTF-8, and cuts at kMaxFieldBytes, never inside a character.
CleanText Clean(std::string_view text);

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_CERTIFICATE_TEXT_H_
