// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// HashedWords: a salted hash that stands in known_certs instead of the words of a binding.

#ifndef COMMRESOLVE_RESOLVER_TRUST_HASHED_WORDS_H_
#define COMMRESOLVE_RESOLVER_TRUST_HASHED_WORDS_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "resolver/base/result.h"
#include "resolver/keyword/fold.h"

namespace commresolve {

/// HMAC-SHA-256 over KeywordSet::ToString() with the salt as key, as OpenSSH's HashKnownHosts does
/// with SHA-1. It keeps a stolen file from being read, not from being tested against a word list.
struct HashedWords {
  static constexpr size_t kSaltBytes = 20;
  static constexpr size_t kHashBytes = 32;

  std::string salt;
  std::string hash;
  bool operator==(const HashedWords&) const = default;

  static HashedWords Of(const KeywordSet& words, std::string_view salt);
  /// With a fresh random salt. kInternal if the operating system gives no randomness.
  static Result<HashedWords> Make(const KeywordSet& words);

  /// Compares in constant time.
  [[nodiscard]] bool Matches(const KeywordSet& words) const;

  /// "|1|<base64 salt>|<base64 hash>".
  [[nodiscard]] std::string ToString() const;
  /// The inverse; kInvalidArgument for any other form, length or number than 1.
  static Result<HashedWords> Parse(std::string_view text);
};

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_TRUST_HASHED_WORDS_H_
