// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Certificates out of PKCS#7 (RFC 2315), and out of files of raw DER.

#ifndef COMMRESOLVE_INDEX_SOURCES_PKCS7_H_
#define COMMRESOLVE_INDEX_SOURCES_PKCS7_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/base/result.h"

namespace commresolve::index {

inline constexpr size_t kMaxPkcs7Bytes = size_t{16} << 20;

/// The DER of the certificates in a SignedData, in the order in which they stand there.
/// kInvalidArgument if it is none, holds none, or has more than kMaxPkcs7Bytes.
Result<std::vector<std::string>> CertificatesOfPkcs7(std::string_view ber);

/// The certificates of a file of DER: those of a PKCS#7, or the whole as one certificate.
std::vector<std::string> CertificatesOfDer(std::string der);

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_SOURCES_PKCS7_H_
