// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads the proof out of an SSL object.

#include "resolver/net/proof.h"

#include <algorithm>
#include <string_view>

#include "resolver/base/der.h"

namespace commresolve {
namespace {

/// Empty on failure.
std::string Der(const X509* certificate) {
  const int size = i2d_X509(certificate, nullptr);
  if (size <= 0) return {};
  std::string der(static_cast<size_t>(size), '\0');
  auto* at = reinterpret_cast<unsigned char*>(der.data());
  return i2d_X509(certificate, &at) == size ? der : std::string();
}

/// True if the key of the certificate took part in the handshake.
bool AuthenticatesWithCertificate(const SSL_CIPHER* cipher) {
  if (cipher == nullptr) return false;
  switch (SSL_CIPHER_get_auth_nid(cipher)) {
    case NID_auth_null:
    case NID_auth_psk:
    case NID_auth_srp:
      return false;
    default:
      return true;
  }
}

Error NoProof(const char* reason) {
  return {Code::kInvalidArgument, std::string("the handshake proves no key: ") + reason};
}

}  // namespace

Result<Handshake> DescribeProof(const SSL& ssl) {
  if (SSL_session_reused(&ssl) != 0) return NoProof("the session was resumed");
  const SSL_CIPHER* cipher = SSL_get_current_cipher(&ssl);
  if (!AuthenticatesWithCertificate(cipher)) return NoProof("the cipher suite is anonymous");
  const STACK_OF(X509)* chain = SSL_get_peer_cert_chain(&ssl);
  const int count = chain == nullptr ? 0 : std::min(sk_X509_num(chain), kMaxChain);
  if (count == 0) return NoProof("the server sent no certificate");

  Handshake handshake;
  for (int i = 0; i < count; ++i) handshake.chain.push_back(Der(sk_X509_value(chain, i)));
  if (std::ranges::count(handshake.chain, "") != 0) {
    return NoProof("a certificate cannot be encoded");
  }
  const std::optional<KeyId> key = KeyOf(handshake.chain.front());
  if (!key) return NoProof("the certificate is not DER");
  handshake.key = *key;
  handshake.tls_version = SSL_get_version(&ssl);
  handshake.cipher = SSL_CIPHER_get_name(cipher);
  return handshake;
}

}  // namespace commresolve
