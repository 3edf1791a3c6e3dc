// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The parts of a certificate that name somebody, read from its DER without a decoder: what a bulk
// import can afford for each of a million certificates.
//
// How it compares with OpenSSL's d2i_X509, and why:
// - Stricter. Refused here and taken there: lengths that are not the shortest, times in other forms
//   than RFC 5280 4.1.2.5 has, an empty or unusual relative name, one of the three extensions
//   standing there twice, elements of 16 MiB and more. Such certificates are rare; whoever meets
//   one asks ParseCertificate().
// - More lenient. Whether the key can be read (a point that is not on its curve), and whether the
//   strings of a name are text, is not looked at here. See IsPlainKey() and EachAttribute().
// What both take, both read alike.
//
// Everything is pure, safe for concurrent use, allocates nothing, and works in one pass over the
// bytes. Views point into the input.

#ifndef COMMRESOLVE_INDEX_CERTIFICATE_IDENTIFIERS_H_
#define COMMRESOLVE_INDEX_CERTIFICATE_IDENTIFIERS_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "resolver/base/clock.h"
#include "resolver/base/der_reader.h"

namespace commresolve::index {

/// Byte for byte as the certificate encodes them.
struct Identifiers {
  std::string_view whole;       ///< The certificate, without bytes after it.
  std::string_view issuer;      ///< Name; see EachAttribute().
  std::string_view subject;     ///< Name.
  std::string_view public_key;  ///< SubjectPublicKeyInfo.
  UnixTime not_before = 0;
  UnixTime not_after = 0;
  /// What the extension's OCTET STRING holds. Empty if the certificate has no such extension; it
  /// is not looked into.
  std::optional<std::string_view> subject_alt_name;  ///< See EachAlternativeName().
  std::optional<std::string_view> basic_constraints;
  std::optional<std::string_view> extended_key_usage;
};

/// Reads the certificate that `der` begins with. Empty if it is none, or one of those that are left
/// to ParseCertificate() (above).
std::optional<Identifiers> ReadIdentifiers(std::string_view der);

/// True if `public_key` is an RSA key of 512 to 16384 bits, an Ed25519 key, or a point on P-256,
/// P-384 or P-521 in uncompressed form, as far as algorithm and sizes tell. OpenSSL reads such a
/// key, unless the point is not on the curve.
bool IsPlainKey(std::string_view public_key);

/// basicConstraints as an extension holds it: whether it says CA:TRUE. Empty if it does not decode
/// or is no shortest encoding.
std::optional<bool> ReadBasicConstraints(std::string_view extension);

/// extendedKeyUsage as an extension holds it: whether it allows neither serverAuth nor any usage.
/// Empty if it does not decode or names no usage.
std::optional<bool> ReadClientOnly(std::string_view extension);

/// Calls `visit(type, tag, bytes)` for every attribute of a Name, in order, until it returns false:
/// the contents of its OBJECT IDENTIFIER, the identifier octet of its value, and the value's bytes.
/// False if `visit` said so or `name` is no Name.
template <class Visit>
bool EachAttribute(std::string_view name, Visit visit) {
  std::string_view contents;
  DerReader outer(name);
  if (!outer.Next(kDerSequence, &contents)) return false;
  for (DerReader relative_names(contents); !relative_names.empty();) {
    std::string_view attributes;
    if (!relative_names.Next(kDerSet, &attributes) || attributes.empty()) return false;
    for (DerReader set(attributes); !set.empty();) {
      std::string_view attribute;
      if (!set.Next(kDerSequence, &attribute)) return false;
      DerReader pair(attribute);
      std::string_view type;
      DerElement value;
      if (!pair.Next(kDerObjectId, &type) || !IsDerObjectId(type) || !pair.Next(&value) ||
          !pair.empty() || !visit(type, value.identifier, value.contents)) {
        return false;
      }
    }
  }
  return true;
}

// Identifier octets of a GeneralName (RFC 5280 4.2.1.6).
inline constexpr uint8_t kRfc822Name = 0x81;
inline constexpr uint8_t kDnsName = 0x82;
inline constexpr uint8_t kUri = 0x86;
inline constexpr uint8_t kIpAddress = 0x87;

/// Calls `visit(tag, bytes)` for every GeneralName of a subjectAltName as an extension holds it, in
/// order, until it returns false. False if `visit` said so or `extension` is none.
template <class Visit>
bool EachAlternativeName(std::string_view extension, Visit visit) {
  std::string_view contents;
  DerReader outer(extension);
  if (!outer.Next(kDerSequence, &contents) || !outer.empty()) return false;
  for (DerReader names(contents); !names.empty();) {
    DerElement name;
    if (!names.Next(&name) || !visit(name.identifier, name.contents)) return false;
  }
  return true;
}

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_CERTIFICATE_IDENTIFIERS_H_
