// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// HMAC-SHA-256 by OpenSSL behind hashed_words.h.

#include "resolver/trust/hashed_words.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <array>

#include "resolver/base/digest.h"

namespace commresolve {
namespace {

const uint8_t* Bytes(std::string_view text) {
  return reinterpret_cast<const uint8_t*>(text.data());
}

std::string Hmac(std::string_view key, std::string_view message) {
  std::array<uint8_t, HashedWords::kHashBytes> code{};
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), Bytes(message), message.size(),
       code.data(), nullptr);
  return {code.begin(), code.end()};
}

}  // namespace

HashedWords HashedWords::Of(const KeywordSet& words, std::string_view salt) {
  return {std::string(salt), Hmac(salt, words.ToString())};
}

Result<HashedWords> HashedWords::Make(const KeywordSet& words) {
  std::array<uint8_t, kSaltBytes> salt{};
  if (RAND_bytes(salt.data(), static_cast<int>(salt.size())) != 1) {
    return Error{Code::kInternal, "no random bytes for a salt"};
  }
  return Of(words, {reinterpret_cast<const char*>(salt.data()), salt.size()});
}

bool HashedWords::Matches(const KeywordSet& words) const {
  const std::string other = Hmac(salt, words.ToString());
  return other.size() == hash.size() && CRYPTO_memcmp(other.data(), hash.data(), hash.size()) == 0;
}

std::string HashedWords::ToString() const { return "|1|" + Base64(salt) + "|" + Base64(hash); }

Result<HashedWords> HashedWords::Parse(std::string_view text) {
  const Error error{Code::kInvalidArgument, "the hash is not of the form |1|<salt>|<hash>"};
  constexpr std::string_view kPrefix = "|1|";
  if (!text.starts_with(kPrefix)) return error;
  text.remove_prefix(kPrefix.size());
  const size_t bar = text.find('|');
  if (bar == std::string_view::npos) return error;
  auto salt = FromBase64(text.substr(0, bar));
  auto hash = FromBase64(text.substr(bar + 1));
  if (!salt.ok() || !hash.ok()) return error;
  if (salt->size() != kSaltBytes || hash->size() != kHashBytes) return error;
  return HashedWords{*std::move(salt), *std::move(hash)};
}

}  // namespace commresolve
