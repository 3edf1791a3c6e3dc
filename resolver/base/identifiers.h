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
//   one asks OpenSSL.
// - More lenient. Whether the key can be read (a point that is not on its curve), and whether the
//   strings of a name are text, is not looked at here. See KindOfKey() and EachAttribute().
// What both take, both read alike.
//
// Everything is pure, safe for concurrent use, allocates nothing, and works in one pass over the
// bytes. Views point into the input.

#ifndef COMMRESOLVE_RESOLVER_BASE_IDENTIFIERS_H_
#define COMMRESOLVE_RESOLVER_BASE_IDENTIFIERS_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "resolver/base/clock.h"
#include "resolver/base/der_reader.h"

namespace commresolve {

/// Byte for byte as the certificate encodes them.
struct Identifiers {
  std::string_view whole;       ///< The certificate, without bytes after it.
  std::string_view issuer;      ///< Name; see EachAttribute().
  std::string_view subject;     ///< Name.
  std::string_view public_key;  ///< SubjectPublicKeyInfo.
  UnixTime not_before = 0;
  UnixTime not_after = 0;
  std::string_view extensions;  ///< All of them; see EachExtension().
  /// What the extension's OCTET STRING holds. Empty if the certificate has no such extension; it
  /// is not looked into.
  std::optional<std::string_view> subject_alt_name;  ///< See EachAlternativeName().
  std::optional<std::string_view> basic_constraints;
  std::optional<std::string_view> extended_key_usage;
};

/// Reads the certificate that `der` begins with. Empty if it is none, or one of those that are left
/// to OpenSSL (above).
std::optional<Identifiers> ReadIdentifiers(std::string_view der);

/// A key that OpenSSL reads, as far as algorithm and sizes tell.
enum class KeyKind : uint8_t {
  kOther,  ///< Nothing is known about it.
  kRsa,    ///< RSA of 512 to 16384 bits.
  kEc,     ///< A point in uncompressed form, on P-256, P-384 or P-521 or beside it.
  kEd25519,
};
KeyKind KindOfKey(std::string_view public_key);

/// basicConstraints as an extension holds it: whether it says CA:TRUE. Empty if it does not decode
/// or is no shortest encoding.
std::optional<bool> ReadBasicConstraints(std::string_view extension);

/// extendedKeyUsage as an extension holds it: whether it allows neither serverAuth nor any usage.
/// Empty if it does not decode or names no usage.
std::optional<bool> ReadClientOnly(std::string_view extension);

/// Calls `visit(id, value)` for every extension, in order, until it returns false: the contents of
/// its OBJECT IDENTIFIER, and what its OCTET STRING holds. False if `visit` said so or one of
/// `extensions` is none.
template <class Visit>
bool EachExtension(std::string_view extensions, Visit visit) {
  for (DerReader list(extensions); !list.empty();) {
    std::string_view extension;
    if (!list.Next(kDerSequence, &extension)) return false;
    DerReader reader(extension);
    std::string_view id;
    std::string_view critical = "x";
    std::string_view value;
    if (!reader.Next(kDerObjectId, &id) || !IsDerObjectId(id)) return false;
    if (reader.Peek() == kDerBoolean && !reader.Next(kDerBoolean, &critical)) return false;
    if (critical.size() != 1 || !reader.Next(kDerOctetString, &value) || !reader.empty() ||
        !visit(id, value)) {
      return false;
    }
  }
  return true;
}

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
inline constexpr uint8_t kGeneralEmail = 0x81;
inline constexpr uint8_t kGeneralDns = 0x82;
inline constexpr uint8_t kGeneralUri = 0x86;
inline constexpr uint8_t kGeneralIp = 0x87;

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

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_BASE_IDENTIFIERS_H_
