// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One line of known_certs, read and written (docs/formats/known_certs.md). Pure.

#ifndef COMMRESOLVE_RESOLVER_TRUST_KNOWN_CERTS_LINE_H_
#define COMMRESOLVE_RESOLVER_TRUST_KNOWN_CERTS_LINE_H_

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "resolver/base/result.h"
#include "resolver/trust/binding.h"
#include "resolver/trust/hashed_words.h"

namespace commresolve {

inline constexpr size_t kMaxKnownCertsLine = 16'384;  ///< Bytes; a longer line is an error.
inline constexpr size_t kMaxKeysPerBinding = 64;      ///< In `keys`, and as many in `rejected`.

/// A key refused for every binding (`@revoked`).
struct RevokedKey {
  KeyId key;
  UnixTime since = 0;
  std::string reason;
  bool operator==(const RevokedKey&) const = default;
};

/// A binding as it stands in the file: exactly one of binding.words and hash is set.
struct BindingLine {
  Binding binding;
  std::optional<HashedWords> hash;
  bool operator==(const BindingLine&) const = default;
};

/// What a line says; monostate for a blank line or a comment.
using KnownCertsLine = std::variant<std::monostate, BindingLine, RevokedKey>;

/// Reads a line without its line end. kCorrupt, naming column (bytes from 1) and field.
Result<KnownCertsLine> ParseKnownCertsLine(std::string_view line);

/// The canonical text. Only text that ParseKnownCertsLine() reads back as `line` is valid: the
/// caller checks, since a binding can hold what no line can.
std::string FormatBindingLine(const BindingLine& line);
std::string FormatRevokedLine(const RevokedKey& key);

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_TRUST_KNOWN_CERTS_LINE_H_
