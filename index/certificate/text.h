// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Strings of a certificate as UTF-8 that is safe to store and to print.

#ifndef COMMRESOLVE_INDEX_CERTIFICATE_TEXT_H_
#define COMMRESOLVE_INDEX_CERTIFICATE_TEXT_H_

#include <optional>
#include <string>
#include <string_view>

namespace commresolve::index {

/// One string after cleaning.
struct CleanText {
  std::string text;  ///< At most kMaxFieldBytes; see FieldText.
  bool cut = false;  ///< There was more.
};

/// True if DecodeString() would give the bytes as they are, because all are ASCII.
bool IsAsciiString(int tag, std::string_view bytes);

/// The UTF-8, uncleaned, of a string of the universal type `tag` (V_ASN1_*). Empty if its type or
/// its bytes are no text.
std::optional<std::string> DecodeString(int tag, std::string_view bytes);

/// Replaces what is unsafe and invalid UTF-8, and cuts at kMaxFieldBytes, never inside a character.
CleanText Clean(std::string_view text);

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_CERTIFICATE_TEXT_H_
