// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a user can take back in known_certs: a binding, a key.

#ifndef COMMRESOLVE_RESOLVER_TRUST_KNOWN_CERTS_EDITS_H_
#define COMMRESOLVE_RESOLVER_TRUST_KNOWN_CERTS_EDITS_H_

#include <string>
#include <variant>
#include <vector>

#include "resolver/base/clock.h"
#include "resolver/trust/known_certs.h"

namespace commresolve {

/// What can be bound, and the keys that need no binding.
using WordsOrKey = std::variant<KeywordSet, KeyId>;

/// kNotFound if the words were not bound; otherwise as KnownCertsFile::Edit().
Status UnbindWords(KnownCertsFile& file, const KeywordSet& words);

/// Revokes a key, or all accepted keys of bound words, from `now` on; with `undo` takes that back.
/// All or none of them. Returns the keys. kNotFound if the words are not bound, or with `undo` if a
/// key is not revoked; otherwise as KnownCertsFile::Edit().
Result<std::vector<KeyId>> RevokeKeys(KnownCertsFile& file, const WordsOrKey& what, UnixTime now,
                                      const std::string& reason, bool undo);

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_TRUST_KNOWN_CERTS_EDITS_H_
