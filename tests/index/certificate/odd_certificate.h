// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Certificates whose strings, dates and extensions are chosen byte by byte.

#ifndef COMMRESOLVE_TESTS_INDEX_CERTIFICATE_ODD_CERTIFICATE_H_
#define COMMRESOLVE_TESTS_INDEX_CERTIFICATE_ODD_CERTIFICATE_H_

#include <openssl/asn1.h>
#include <openssl/objects.h>
#include <openssl/x509.h>

#include <cstdint>
#include <string>
#include <vector>

namespace commresolve::index {

struct NameValue {
  int nid = NID_commonName;
  std::string bytes;
  int type = V_ASN1_UTF8STRING;  ///< The bytes stand there as they are, whatever the type.
};

struct RawExtension {
  int nid = 0;
  std::string der;
};

struct OddOptions {
  std::vector<NameValue> subject = {};
  std::vector<NameValue> issuer = {};  ///< Empty: the subject.
  std::vector<RawExtension> extensions = {};
  std::string not_before = "20250101000000Z";
  std::string not_after = "20260101000000Z";
  bool foreign_signature = false;  ///< Signed with another key than the certificate's own.
};

/// DER. The key of all certificates of one test program is the same.
std::string MakeOdd(const OddOptions& options);

/// One DER element.
std::string Element(uint8_t identifier, const std::string& contents);
/// subjectAltName of GeneralNames that are already DER.
RawExtension Sans(const std::string& names);
inline std::string Dns(const std::string& name) { return Element(0x82, name); }
inline std::string Email(const std::string& address) { return Element(0x81, address); }
inline std::string Uri(const std::string& uri) { return Element(0x86, uri); }
inline std::string Ip(const std::string& bytes) { return Element(0x87, bytes); }

}  // namespace commresolve::index

#endif  // COMMRESOLVE_TESTS_INDEX_CERTIFICATE_ODD_CERTIFICATE_H_
