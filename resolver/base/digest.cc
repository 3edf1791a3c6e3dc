// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// SHA-256 by OpenSSL and the three text forms of its result.

#include "resolver/base/digest.h"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <algorithm>

#include "resolver/base/openssl_ptr.h"

namespace commresolve {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kBase32Digits = "abcdefghijklmnopqrstuvwxyz234567";
constexpr std::string_view kBase64Digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string Encode(std::string_view bytes, std::string_view digits, unsigned bits_per_digit) {
  std::string text;
  uint32_t buffer = 0;
  unsigned bits = 0;
  const uint32_t mask = (1U << bits_per_digit) - 1;
  for (const char byte : bytes) {
    buffer = (buffer << 8) | static_cast<uint8_t>(byte);
    bits += 8;
    while (bits >= bits_per_digit) {
      bits -= bits_per_digit;
      text.push_back(digits[(buffer >> bits) & mask]);
    }
    buffer &= (1U << bits) - 1;
  }
  if (bits > 0) text.push_back(digits[(buffer << (bits_per_digit - bits)) & mask]);
  return text;
}

Result<std::string> Decode(std::string_view text, std::string_view digits, unsigned bits_per_digit,
                           bool fold_case) {
  std::string bytes;
  uint32_t buffer = 0;
  unsigned bits = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const size_t digit = digits.find(fold_case ? Lower(text[i]) : text[i]);
    if (digit == std::string_view::npos) {
      return Error{Code::kInvalidArgument, "unexpected character at position " + std::to_string(i)};
    }
    buffer = (buffer << bits_per_digit) | static_cast<uint32_t>(digit);
    bits += bits_per_digit;
    if (bits >= 8) {
      bits -= 8;
      bytes.push_back(static_cast<char>((buffer >> bits) & 0xff));
      buffer &= (1U << bits) - 1;
    }
  }
  if (bits >= bits_per_digit || buffer != 0) {
    return Error{Code::kInvalidArgument, "the text is cut off or has spare bits at its end"};
  }
  return bytes;
}

std::string WithoutPrefixAndColons(std::string_view text) {
  for (const std::string_view prefix : {"sha256:", "SHA256:", "pin-sha256:"}) {
    if (text.starts_with(prefix)) {
      text.remove_prefix(prefix.size());
      break;
    }
  }
  std::string bare(text);
  if (bare.size() == 95) std::erase(bare, ':');
  return bare;
}

}  // namespace

std::array<uint8_t, 32> Sha256(std::string_view data) {
  // SHA256() looks for the algorithm anew each time, which takes as long as a kilobyte.
  static const EVP_MD* const kAlgorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  thread_local const EvpMdCtxPtr context(EVP_MD_CTX_new());
  std::array<uint8_t, 32> digest{};
  if (EVP_DigestInit_ex2(context.get(), kAlgorithm, nullptr) != 1 ||
      EVP_DigestUpdate(context.get(), data.data(), data.size()) != 1 ||
      EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) != 1) {
    SHA256(reinterpret_cast<const uint8_t*>(data.data()), data.size(), digest.data());
  }
  return digest;
}

std::string Hex(std::string_view bytes) { return Encode(bytes, kHexDigits, 4); }
std::string Base32(std::string_view bytes) { return Encode(bytes, kBase32Digits, 5); }

std::string Base64(std::string_view bytes) {
  std::string text = Encode(bytes, kBase64Digits, 6);
  text.resize((text.size() + 3) / 4 * 4, '=');
  return text;
}

Result<std::string> FromHex(std::string_view text) { return Decode(text, kHexDigits, 4, true); }

Result<std::string> FromBase32(std::string_view text) {
  return Decode(text, kBase32Digits, 5, true);
}

Result<std::string> FromBase64(std::string_view text) {
  size_t padding = 0;
  while (padding < 2 && text.ends_with('=')) {
    text.remove_suffix(1);
    ++padding;
  }
  if (padding > 0 && (text.size() + padding) % 4 != 0) {
    return Error{Code::kInvalidArgument, "wrong base64 padding"};
  }
  return Decode(text, kBase64Digits, 6, false);
}

std::string KeyText(const KeyId& key) { return Base32(key.view()); }
std::string KeyShort(const KeyId& key) { return KeyText(key).substr(0, 10); }

Result<KeyId> ParseKey(std::string_view text) {
  const std::string bare = WithoutPrefixAndColons(text);
  const auto decoded = bare.size() == 64   ? FromHex(bare)
                       : bare.size() == 52 ? FromBase32(bare)
                                           : FromBase64(bare);
  if (decoded.ok() && decoded->size() == 32) return DigestFromBytes<KeyId>(*decoded);
  return Error{Code::kInvalidArgument, "'" + std::string(text.substr(0, 100)) + "' is not a key",
               "a key is 52 base32 or 64 hex characters, or base64 as in pin-sha256"};
}

Result<CertId> ParseCertId(std::string_view text) {
  const auto decoded = FromHex(WithoutPrefixAndColons(text));
  if (decoded.ok() && decoded->size() == 32) return DigestFromBytes<CertId>(*decoded);
  return Error{Code::kInvalidArgument,
               "'" + std::string(text.substr(0, 100)) + "' is not a certificate's SHA-256"};
}

}  // namespace commresolve
