// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reading PEM with OpenSSL.

#include "cli/key_file.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <filesystem>

#include "resolver/base/der.h"
#include "resolver/base/files.h"
#include "resolver/base/openssl_ptr.h"

namespace commresolve::cli {
namespace {

constexpr size_t kMostPemBytes = 1'048'576;

/// A passphrase is never asked for.
int NoPassphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*user*/) { return -1; }

template <class T, class Encode>
std::string DerOf(T* object, Encode encode) {
  const int size = encode(object, nullptr);
  std::string der(size > 0 ? static_cast<size_t>(size) : 0, '\0');
  auto* at = reinterpret_cast<unsigned char*>(der.data());
  return size > 0 && encode(object, &at) == size ? der : "";
}

BioPtr Open(const std::string& text) {
  return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

std::optional<KeyId> KeyOfPem(const std::string& text) {
  if (const X509Ptr found{PEM_read_bio_X509(Open(text).get(), nullptr, NoPassphrase, nullptr)}) {
    return KeyOf(DerOf(found.get(), [](X509* x, unsigned char** to) { return i2d_X509(x, to); }));
  }
  EvpPkeyPtr key(PEM_read_bio_PUBKEY(Open(text).get(), nullptr, NoPassphrase, nullptr));
  if (!key) {
    key.reset(PEM_read_bio_PrivateKey(Open(text).get(), nullptr, NoPassphrase, nullptr));
  }
  if (!key) return std::nullopt;
  const std::string spki =
      DerOf(key.get(), [](EVP_PKEY* k, unsigned char** to) { return i2d_PUBKEY(k, to); });
  if (spki.empty()) return std::nullopt;
  return KeyId{Sha256(spki)};
}

}  // namespace

std::string AbsolutePath(const std::string& path) {
  std::error_code failure;
  const auto absolute = std::filesystem::absolute(path, failure);
  return failure ? path : absolute.lexically_normal().string();
}

Result<KeyId> KeyOrKeyOfFile(const std::string& text) {
  if (const auto key = ParseKey(text); key.ok()) return *key;
  COMMRESOLVE_ASSIGN(pem, ReadFile(text, kMostPemBytes));
  const auto key = KeyOfPem(pem);
  OPENSSL_cleanse(pem.data(), pem.size());
  ERR_clear_error();
  if (key) return *key;
  return Error{Code::kInvalidArgument, text + " holds no certificate and no key in PEM"};
}

}  // namespace commresolve::cli
