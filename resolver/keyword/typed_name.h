// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// TypedName: what a person or program may type where a host name is expected (docs/names.md).

#ifndef COMMRESOLVE_RESOLVER_KEYWORD_TYPED_NAME_H_
#define COMMRESOLVE_RESOLVER_KEYWORD_TYPED_NAME_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include "resolver/base/digest.h"
#include "resolver/base/result.h"
#include "resolver/keyword/fold.h"

namespace commresolve {

/// A DNS name carried by a bound certificate, in the normal form of host_name.h.
struct DnsName {
  std::string host;
};

/// Exactly one of: keywords ("debian bugs", "debian-bugs", "debian-bugs.cert.alt"), a key
/// ("<base32>.key.cert.alt", or a key as ParseKey reads it), a DNS name ("bugs.debian.org").
using TypedName = std::variant<KeywordSet, KeyId, DnsName>;

inline constexpr size_t kMaxTypedNameBytes = 1'024;  ///< Longer text is refused.

/// Reads `text`; `suffix` is the domain of our names without dot in front ("cert.alt"). Under the
/// suffix, in whatever case or Unicode spelling it is written, only "<word>(-<word>)*" and
/// "<base32>.key" are names, and only if they can be written as DNS labels; anything else there is
/// kInvalidArgument, so that it can never be taken for a DNS name. Outside it, text with blanks or
/// without a dot is keywords, and text with a dot is a host name or kInvalidArgument.
Result<TypedName> ParseTypedName(std::string_view text, std::string_view suffix);

/// True if `text` claims to be a name under `suffix`, in whatever case or Unicode spelling.
bool IsUnderSuffix(std::string_view text, std::string_view suffix);

/// The name of `words` under `suffix`: "bugs-debian.cert.alt" (IDN words as A-labels), which
/// ParseTypedName reads as `words` again. Empty if the words cannot stand in one DNS label.
std::string NameOfWords(const KeywordSet& words, std::string_view suffix);
/// "<base32>.key.cert.alt".
std::string NameOfKey(const KeyId& key, std::string_view suffix);

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_KEYWORD_TYPED_NAME_H_
