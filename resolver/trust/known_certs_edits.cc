// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Edits under the lock of the file.

#include "resolver/trust/known_certs_edits.h"

namespace commresolve {
namespace {

Result<std::vector<KeyId>> KeysMeant(const KnownCerts& known, const WordsOrKey& what) {
  if (const auto* key = std::get_if<KeyId>(&what)) return std::vector<KeyId>{*key};
  const auto& words = std::get<KeywordSet>(what);
  const auto binding = known.Find(words);
  if (binding) return binding->accepted;
  return Error{Code::kNotFound, "'" + words.ToString() + "' is neither a whole key nor bound words",
               "commresolve known lists what is bound"};
}

}  // namespace

Status UnbindWords(KnownCertsFile& file, const KeywordSet& words) {
  return file.Edit([&words](KnownCerts& known) -> Status {
    if (known.Remove(words)) return {};
    return Error{Code::kNotFound, "'" + words.ToString() + "' is not bound"};
  });
}

Result<std::vector<KeyId>> RevokeKeys(KnownCertsFile& file, const WordsOrKey& what, UnixTime now,
                                      const std::string& reason, bool undo) {
  std::vector<KeyId> keys;
  const Status edited = file.Edit([&](KnownCerts& known) -> Status {
    COMMRESOLVE_ASSIGN(meant, KeysMeant(known, what));
    keys = std::move(meant);
    for (const KeyId& key : keys) {
      if (!undo) {
        COMMRESOLVE_TRY(known.Revoke({key, now, reason}));
      } else if (!known.Unrevoke(key)) {
        return Error{Code::kNotFound, "key " + KeyShort(key) + " is not revoked"};
      }
    }
    return {};
  });
  if (!edited.ok()) return edited.error();
  return keys;
}

}  // namespace commresolve
