// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reading it, or making it once.

#include "dht/peer/secret_file.h"

#include <openssl/rand.h>

#include <algorithm>
#include <string_view>

#include "resolver/base/digest.h"
#include "resolver/base/files.h"
#include "resolver/base/user_file.h"

namespace commresolve::dht {
namespace {

constexpr size_t kMostBytes = 128;

Result<Secret> MakeSecret() {
  Secret secret{};
  if (RAND_bytes(secret.data(), static_cast<int>(secret.size())) != 1) {
    return Error{Code::kInternal, "OpenSSL has no random numbers"};
  }
  return secret;
}

Result<Secret> ParseSecret(std::string_view text, const std::string& path) {
  const Error refusal{Code::kCorrupt, path + ": not 64 hexadecimal digits and a line end",
                      "remove it: then you publish under new pseudonyms"};
  if (!text.ends_with('\n')) return refusal;
  const auto bytes = FromHex(text.substr(0, text.size() - 1));
  Secret secret{};
  if (!bytes.ok() || bytes->size() != secret.size()) return refusal;
  std::ranges::copy(*bytes, secret.begin());
  return secret;
}

}  // namespace

Result<Secret> LoadOrMakeSecret(const std::string& path) {
  COMMRESOLVE_ASSIGN(text, ReadUserFile(path, kMostBytes));
  if (!text.empty()) return ParseSecret(text, path);
  COMMRESOLVE_ASSIGN(secret, MakeSecret());
  const std::string_view bytes(reinterpret_cast<const char*>(secret.data()), secret.size());
  COMMRESOLVE_TRY(ReplaceFile(path, Hex(bytes) + "\n"));
  return secret;
}

}  // namespace commresolve::dht
