// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// HKDF by OpenSSL.

#include "dht/record/pseudonym.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <memory>
#include <string>

#include "resolver/base/byte_codec.h"

namespace commresolve::dht {
namespace {

using EvpKdfPtr = std::unique_ptr<EVP_KDF, OpensslDeleter<EVP_KDF_free>>;
using EvpKdfCtxPtr = std::unique_ptr<EVP_KDF_CTX, OpensslDeleter<EVP_KDF_CTX_free>>;

constexpr std::string_view kContext = "commresolve dht pseudonym v1";

}  // namespace

Result<SigningKey> PseudonymAt(const std::array<uint8_t, 32>& secret, UnixTime now) {
  if (now < 0) return Error{Code::kInvalidArgument, "pseudonym: the time is before 1970"};
  ByteWriter info;
  info.Raw(kContext);
  info.Byte(0);
  info.Fixed64(static_cast<uint64_t>(now / kPseudonymPeriod));
  std::string hash = "SHA256";
  std::string info_bytes = info.Take();
  std::array<uint8_t, 32> input = secret;
  const OSSL_PARAM params[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, hash.data(), 0),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, input.data(), input.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info_bytes.data(), info_bytes.size()),
      OSSL_PARAM_construct_end()};
  const EvpKdfPtr kdf(EVP_KDF_fetch(nullptr, "HKDF", nullptr));
  const EvpKdfCtxPtr context(kdf == nullptr ? nullptr : EVP_KDF_CTX_new(kdf.get()));
  std::array<uint8_t, 32> seed{};
  const bool derived =
      context != nullptr && EVP_KDF_derive(context.get(), seed.data(), seed.size(), params) == 1;
  OPENSSL_cleanse(input.data(), input.size());
  if (!derived) return Error{Code::kInternal, "pseudonym: " + TakeOpensslError()};
  auto key = SigningKey::FromSeed(seed);
  OPENSSL_cleanse(seed.data(), seed.size());
  return key;
}

}  // namespace commresolve::dht
