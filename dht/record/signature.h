// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Signatures of records: Ed25519, ECDSA on P-256 and P-384, and RSA for statements that need not
// fit into one packet.
//
// Every signature has one encoding. Ed25519 (RFC 8032): 64 bytes. ECDSA, with SHA-256 on P-256 and
// SHA-384 on P-384: r and s, big-endian, each as long as the group's order, and s at most half of
// it; otherwise anybody could turn a signature into a second one. RSA of 2048 to 8192 bits: PSS
// with SHA-256, MGF1 with SHA-256 and a salt of 32 bytes, as long as the modulus.
//
// Keys are DER SubjectPublicKeyInfos, because their SHA-256 is what a key is called.

#ifndef COMMRESOLVE_DHT_RECORD_SIGNATURE_H_
#define COMMRESOLVE_DHT_RECORD_SIGNATURE_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "dht/record/ids.h"
#include "resolver/base/openssl_ptr.h"
#include "resolver/base/result.h"

namespace commresolve::dht {

inline constexpr size_t kEd25519SignatureBytes = 64;
/// The longest key of a statement: RSA of 8192 bits.
inline constexpr size_t kMaxSpkiBytes = 1'100;

/// The SubjectPublicKeyInfo of `key`.
std::string SpkiOf(const Ed25519Key& key);
/// The inverse; empty if `spki` is of another algorithm.
std::optional<Ed25519Key> Ed25519KeyOf(std::string_view spki);

/// How many bytes a signature of this key has, if the key is so small that it and its signature fit
/// into a record: Ed25519, P-256 or P-384 with an uncompressed point. 0 for every other.
size_t SmallSignatureBytes(std::string_view spki);

/// A private key. Safe for concurrent use; moves, does not copy.
class SigningKey {
 public:
  /// Ed25519 from its 32 secret bytes (RFC 8032 5.1.5). kInternal if OpenSSL fails.
  static Result<SigningKey> FromSeed(const std::array<uint8_t, 32>& seed);
  /// Any private key of the algorithms above; kInvalidArgument for another one, or null.
  static Result<SigningKey> FromPrivateKey(EvpPkeyPtr key);

  /// The public half.
  [[nodiscard]] const std::string& spki() const { return spki_; }
  [[nodiscard]] const KeyId& id() const { return id_; }
  /// kInternal if OpenSSL fails.
  [[nodiscard]] Result<std::string> Sign(std::string_view message) const;

 private:
  SigningKey(EvpPkeyPtr key, std::string spki);

  EvpPkeyPtr key_;
  std::string spki_;
  KeyId id_;
};

/// kInvalidArgument if `spki` is no key of the algorithms above, or `signature` is not its
/// signature of `message` in the one encoding. Costs one signature check.
Status VerifySignature(std::string_view spki, std::string_view message, std::string_view signature);

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_RECORD_SIGNATURE_H_
