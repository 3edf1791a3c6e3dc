// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The few steps through DER that are needed to see a certificate's bytes as they are encoded.

#ifndef COMMRESOLVE_INDEX_CERTIFICATE_DER_H_
#define COMMRESOLVE_INDEX_CERTIFICATE_DER_H_

#include <cstdint>
#include <optional>
#include <string_view>

namespace commresolve::index {

/// One element: identifier, length and content. The views point into the input.
struct DerElement {
  uint8_t identifier = 0;     ///< X.690 8.1.2; numbers above 30 are not read.
  std::string_view whole;     ///< All bytes of the element.
  std::string_view contents;  ///< The bytes after the length.
};

/// Takes the first element off `input`. Empty, with `input` unchanged, if there is none that fits
/// or its length is indefinite (X.690 10.1 forbids that in DER).
std::optional<DerElement> TakeDerElement(std::string_view* input);

/// The SubjectPublicKeyInfo of the certificate that `certificate` begins with, byte for byte.
std::optional<std::string_view> EncodedPublicKey(std::string_view certificate);

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_CERTIFICATE_DER_H_
