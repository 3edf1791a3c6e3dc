// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Percent-encoding for known_certs: what could be misread, by the parser or by an eye, is "%xx".

#ifndef COMMRESOLVE_RESOLVER_TRUST_PERCENT_TEXT_H_
#define COMMRESOLVE_RESOLVER_TRUST_PERCENT_TEXT_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "resolver/base/result.h"

namespace commresolve {

/// Which characters stand as themselves. Never an invisible one, a control or a direction mark.
enum class RawText : uint8_t {
  kWord,    ///< Letters, marks and digits of any script.
  kPhrase,  ///< Also blanks, punctuation and symbols, but neither '"' nor '%'.
};

/// Encodes the UTF-8 bytes of every other character, and bytes that are not UTF-8, as "%xx".
std::string PercentEncode(std::string_view text, RawText raw);

/// The inverse. kInvalidArgument, naming the position, for a character that must be encoded, a bad
/// escape, or a result that is not UTF-8.
Result<std::string> PercentDecode(std::string_view text, RawText raw);

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_TRUST_PERCENT_TEXT_H_
