// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// OpenSSL's EVP interface behind signature.h.

#include "dht/record/signature.h"

#include <openssl/obj_mac.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <utility>

#include "dht/record/ecdsa.h"

namespace commresolve::dht {
namespace {

using EvpPkeyCtxPtr = std::unique_ptr<EVP_PKEY_CTX, OpensslDeleter<EVP_PKEY_CTX_free>>;

// What stands before the key itself in a SubjectPublicKeyInfo (RFC 8410 4, RFC 5480 2). These three
// are matched byte for byte, so that no second encoding of the same key is taken.
constexpr std::string_view kEd25519Head("\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12);
constexpr std::string_view kP256Head(
    "\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07"
    "\x03\x42\x00\x04",
    27);
constexpr std::string_view kP384Head(
    "\x30\x76\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x22\x03\x62\x00"
    "\x04",
    24);
constexpr EcdsaGroup kP256Group{NID_X9_62_prime256v1, 32};
constexpr EcdsaGroup kP384Group{NID_secp384r1, 48};
constexpr int kLeastRsaBits = 2'048;
constexpr int kMostRsaBits = 8'192;

const uint8_t* Bytes(std::string_view text) {
  return reinterpret_cast<const uint8_t*>(text.data());
}

bool IsKey(std::string_view spki, std::string_view head, size_t key_bytes) {
  return spki.size() == head.size() + key_bytes && spki.starts_with(head);
}

enum class Algorithm : uint8_t { kEd25519, kP256, kP384, kRsa };

std::optional<Algorithm> SmallAlgorithm(std::string_view spki) {
  if (IsKey(spki, kEd25519Head, 32)) return Algorithm::kEd25519;
  if (IsKey(spki, kP256Head, 64)) return Algorithm::kP256;
  if (IsKey(spki, kP384Head, 96)) return Algorithm::kP384;
  return std::nullopt;
}

bool IsRsa(const EVP_PKEY* key) {
  const int bits = EVP_PKEY_get_bits(key);
  return EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA && bits >= kLeastRsaBits && bits <= kMostRsaBits;
}

std::optional<Algorithm> AlgorithmOf(std::string_view spki, const EVP_PKEY* key) {
  if (auto small = SmallAlgorithm(spki)) return small;
  if (IsRsa(key)) return Algorithm::kRsa;
  return std::nullopt;
}

const EcdsaGroup* GroupOf(Algorithm algorithm) {
  if (algorithm == Algorithm::kP256) return &kP256Group;
  return algorithm == Algorithm::kP384 ? &kP384Group : nullptr;
}

const EVP_MD* HashOf(Algorithm algorithm) {
  if (algorithm == Algorithm::kEd25519) return nullptr;
  return algorithm == Algorithm::kP384 ? EVP_sha384() : EVP_sha256();
}

bool SetPadding(Algorithm algorithm, EVP_PKEY_CTX* context) {
  if (algorithm != Algorithm::kRsa) return true;
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1;
}

Error OpensslFailed(const char* what) {
  return {Code::kInternal, std::string(what) + ": " + TakeOpensslError()};
}

std::string SpkiOf(EVP_PKEY* key) {
  uint8_t* der = nullptr;
  const int size = i2d_PUBKEY(key, &der);
  if (size <= 0) return {};
  std::string spki(reinterpret_cast<char*>(der), static_cast<size_t>(size));
  OPENSSL_free(der);
  return spki;
}

/// The key that `spki` is, if it is in DER as OpenSSL would write it.
EvpPkeyPtr ReadSpki(std::string_view spki) {
  const uint8_t* at = Bytes(spki);
  EvpPkeyPtr key(d2i_PUBKEY(nullptr, &at, static_cast<long>(spki.size())));
  if (key != nullptr && SpkiOf(key.get()) != spki) key.reset();
  return key;
}

}  // namespace

std::string SpkiOf(const Ed25519Key& key) {
  std::string spki(kEd25519Head);
  spki.append(key.begin(), key.end());
  return spki;
}

std::optional<Ed25519Key> Ed25519KeyOf(std::string_view spki) {
  if (SmallAlgorithm(spki) != Algorithm::kEd25519) return std::nullopt;
  Ed25519Key key;
  std::copy(spki.begin() + kEd25519Head.size(), spki.end(), key.begin());
  return key;
}

size_t SmallSignatureBytes(std::string_view spki) {
  const auto algorithm = SmallAlgorithm(spki);
  if (!algorithm) return 0;
  const EcdsaGroup* group = GroupOf(*algorithm);
  return group == nullptr ? kEd25519SignatureBytes : 2 * group->order_bytes;
}

SigningKey::SigningKey(EvpPkeyPtr key, std::string spki)
    : key_(std::move(key)), spki_(std::move(spki)), id_{Sha256(spki_)} {}

Result<SigningKey> SigningKey::FromSeed(const std::array<uint8_t, 32>& seed) {
  EvpPkeyPtr key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()));
  if (key == nullptr) return OpensslFailed("Ed25519 key");
  return FromPrivateKey(std::move(key));
}

Result<SigningKey> SigningKey::FromPrivateKey(EvpPkeyPtr key) {
  std::string spki = key == nullptr ? std::string() : SpkiOf(key.get());
  if (spki.empty() || !AlgorithmOf(spki, key.get())) {
    return Error{Code::kInvalidArgument,
                 "the key is not Ed25519, ECDSA on P-256 or P-384, or RSA of 2048 to 8192 bits"};
  }
  return SigningKey(std::move(key), std::move(spki));
}

Result<std::string> SigningKey::Sign(std::string_view message) const {
  const Algorithm algorithm = *AlgorithmOf(spki_, key_.get());
  const EvpMdCtxPtr context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* key_context = nullptr;  // Belongs to `context`.
  size_t size = 0;
  if (context == nullptr ||
      EVP_DigestSignInit(context.get(), &key_context, HashOf(algorithm), nullptr, key_.get()) !=
          1 ||
      !SetPadding(algorithm, key_context) ||
      EVP_DigestSign(context.get(), nullptr, &size, Bytes(message), message.size()) != 1) {
    return OpensslFailed("signature");
  }
  std::string signature(size, '\0');
  if (EVP_DigestSign(context.get(), reinterpret_cast<uint8_t*>(signature.data()), &size,
                     Bytes(message), message.size()) != 1) {
    return OpensslFailed("signature");
  }
  signature.resize(size);
  if (const EcdsaGroup* group = GroupOf(algorithm)) signature = FixedFromDer(*group, signature);
  if (signature.empty()) return OpensslFailed("signature");
  return signature;
}

Status VerifySignature(std::string_view spki, std::string_view message,
                       std::string_view signature) {
  const EvpPkeyPtr key = spki.size() > kMaxSpkiBytes ? nullptr : ReadSpki(spki);
  const auto algorithm = key == nullptr ? std::nullopt : AlgorithmOf(spki, key.get());
  if (!algorithm) {
    static_cast<void>(TakeOpensslError());
    return Error{Code::kInvalidArgument, "signer: not a key that can sign records"};
  }
  std::string encoded(signature);
  if (const EcdsaGroup* group = GroupOf(*algorithm)) encoded = DerFromFixed(*group, signature);
  const EvpMdCtxPtr context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* key_context = nullptr;  // Belongs to `context`.
  if (context != nullptr && !encoded.empty() &&
      EVP_DigestVerifyInit(context.get(), &key_context, HashOf(*algorithm), nullptr, key.get()) ==
          1 &&
      SetPadding(*algorithm, key_context) &&
      EVP_DigestVerify(context.get(), Bytes(encoded), encoded.size(), Bytes(message),
                       message.size()) == 1) {
    return {};
  }
  static_cast<void>(TakeOpensslError());
  return Error{Code::kInvalidArgument, "signature: does not verify"};
}

}  // namespace commresolve::dht
