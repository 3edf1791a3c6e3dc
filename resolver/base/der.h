// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The few steps through DER that are needed to see a certificate's bytes as they are encoded.

#ifndef COMMRESOLVE_RESOLVER_BASE_DER_H_
#define COMMRESOLVE_RESOLVER_BASE_DER_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "resolver/base/digest.h"

namespace commresolve {

/// One element: identifier, length and content. The views point into the input.
struct DerElement {
  uint8_t identifier = 0;     ///< X.690 8.1.2; numbers above 30 are not read.
  std::string_view whole;     ///< All bytes of the element.
  std::string_view contents;  ///< The bytes after the length.
};

/// Takes the first element off `input`. Empty, with `input` unchanged, if there is none that fits
/// or its length is indefinite (X.690 10.1 forbids that in DER).
std::optional<DerElement> TakeDerElement(std::string_view* input);

/// Parts of a certificate byte for byte (RFC 5280 4.1).
struct EncodedParts {
  std::string_view issuer;
  std::string_view subject;
  std::string_view public_key;  ///< SubjectPublicKeyInfo.
};

/// The parts of the certificate that `certificate` begins with. Empty if its lengths are not DER.
std::optional<EncodedParts> PartsOf(std::string_view certificate);

/// SHA-256 of the SubjectPublicKeyInfo as the certificate encodes it. Empty as PartsOf().
std::optional<KeyId> KeyOf(std::string_view certificate);

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_BASE_DER_H_
