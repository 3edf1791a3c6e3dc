// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reading PEM with OpenSSL.

#include "grpc/sharing/own_keys.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <sys/stat.h>

#include <utility>

#include "resolver/base/files.h"

namespace commresolve::daemon {
namespace {

constexpr size_t kMostPemBytes = 65'536;

Status CheckReaders(const std::string& path) {
  COMMRESOLVE_TRY(CheckWriters(path));
  struct stat info{};
  if (::stat(path.c_str(), &info) != 0 || (info.st_mode & S_IRWXO) == 0) return {};
  return Error{Code::kUntrusted, path + " can be read by everybody", "chmod o= it"};
}

/// A passphrase is never asked for: nobody is there.
int NoPassphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*user*/) { return -1; }

}  // namespace

Result<dht::SigningKey> ReadPrivateKey(const std::string& path) {
  if (!path.starts_with('/') || path.find('\n') != std::string::npos) {
    return Error{Code::kInvalidArgument, "'" + path + "' is no absolute path of a key file"};
  }
  COMMRESOLVE_TRY(CheckReaders(path));
  COMMRESOLVE_ASSIGN(text, ReadFile(path, kMostPemBytes));
  const BioPtr bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  EvpPkeyPtr key(bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, NoPassphrase, nullptr)
                     : nullptr);
  OPENSSL_cleanse(text.data(), text.size());
  ERR_clear_error();
  if (!key) {
    return Error{Code::kInvalidArgument, path + " holds no private key in PEM without passphrase"};
  }
  auto signer = dht::SigningKey::FromPrivateKey(std::move(key));
  if (signer.ok()) return signer;
  return Error{Code::kInvalidArgument, path + ": a key of this kind cannot sign statements",
               "Ed25519, ECDSA on P-256 or P-384, and RSA of 2048 to 8192 bits can"};
}

Result<dht::SigningKey> ReadSigningKey(const std::string& path) {
  COMMRESOLVE_ASSIGN(signer, ReadPrivateKey(path));
  if (dht::SmallSignatureBytes(signer.spki()) != 0) return signer;
  return Error{Code::kInvalidArgument, path + ": a key of this kind cannot sign announcements",
               "Ed25519, and ECDSA on P-256 or P-384 can; others let a publishing key speak for "
               "them: commresolve dht delegate --help"};
}

void OwnKeys::Add(dht::SigningKey key) {
  const KeyId id = key.id();
  const std::lock_guard guard(lock_);
  keys_.try_emplace(id, std::make_unique<const dht::SigningKey>(std::move(key)));
}

const dht::SigningKey* OwnKeys::Find(const KeyId& key) const {
  const std::lock_guard guard(lock_);
  const auto found = keys_.find(key);
  return found == keys_.end() ? nullptr : found->second.get();
}

}  // namespace commresolve::daemon
