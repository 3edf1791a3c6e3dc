// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// SHA-256 digests as two distinct types: CertId names a certificate, KeyId names a key.

#ifndef COMMRESOLVE_RESOLVER_BASE_DIGEST_H_
#define COMMRESOLVE_RESOLVER_BASE_DIGEST_H_

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "resolver/base/result.h"

namespace commresolve {

/// 32 raw bytes. `Tag` keeps certificates and keys apart at compile time. Ordered bytewise.
template <class Tag>
struct Digest {
  std::array<uint8_t, 32> bytes{};
  auto operator<=>(const Digest&) const = default;

  /// The bytes as a view, valid as long as this object; used as a database key.
  [[nodiscard]] std::string_view view() const {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
};

/// SHA-256 of a certificate's DER.
using CertId = Digest<struct CertIdTag>;
/// SHA-256 of a DER SubjectPublicKeyInfo (RFC 7469 pin, TLSA `3 1 1`). Bindings are about these.
using KeyId = Digest<struct KeyIdTag>;
/// SHA-256 of anything else.
using PlainDigest = Digest<struct PlainDigestTag>;

/// SHA-256 of `data` as raw bytes.
std::array<uint8_t, 32> Sha256(std::string_view data);

/// Lower-case hexadecimal.
std::string Hex(std::string_view bytes);
/// RFC 4648 base32, lower case, no padding: 52 characters for a digest.
std::string Base32(std::string_view bytes);
/// RFC 4648 base64 with padding, as in RFC 7469 `pin-sha256`.
std::string Base64(std::string_view bytes);
/// Strict decoders: kInvalidArgument on any other character, odd length or non-zero spare bits.
/// Hex and Base32 accept both cases; Base64 accepts padding or none.
Result<std::string> FromHex(std::string_view text);
Result<std::string> FromBase32(std::string_view text);
Result<std::string> FromBase64(std::string_view text);

/// The text form of a key in every output, file and name of this project: Base32, as it stands in
/// `<base32>.key.cert.alt`.
std::string KeyText(const KeyId& key);
/// Its first 10 characters, for tables. Never accepted as a whole key.
std::string KeyShort(const KeyId& key);

/// Reads a key as a person may paste it: KeyText, 64 hex digits (colons allowed), base64, each with
/// an optional `sha256:`, `SHA256:` or `pin-sha256:` in front. kInvalidArgument otherwise.
Result<KeyId> ParseKey(std::string_view text);
/// Reads a certificate id: 64 hex digits, colons allowed. kInvalidArgument otherwise.
Result<CertId> ParseCertId(std::string_view text);

/// Copies 32 raw bytes. kInvalidArgument if `bytes` has another length.
template <class D>
Result<D> DigestFromBytes(std::string_view bytes) {
  D digest;
  if (bytes.size() != digest.bytes.size()) {
    return Error{Code::kInvalidArgument,
                 "a digest has 32 bytes, not " + std::to_string(bytes.size())};
  }
  for (size_t i = 0; i < bytes.size(); ++i) digest.bytes[i] = static_cast<uint8_t>(bytes[i]);
  return digest;
}

}  // namespace commresolve

template <class Tag>
struct std::hash<commresolve::Digest<Tag>> {
  size_t operator()(const commresolve::Digest<Tag>& digest) const noexcept {
    return std::hash<std::string_view>{}(digest.view());
  }
};

#endif  // COMMRESOLVE_RESOLVER_BASE_DIGEST_H_
