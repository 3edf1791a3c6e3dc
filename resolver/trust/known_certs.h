// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// known_certs: the user's bindings and rejected keys, a text file like OpenSSH's known_hosts.
// The format is docs/formats/known_certs.md; parsing is pure and fuzzed.
//
// A file with an unreadable line is refused as a whole (kCorrupt, naming the line): a lost @revoked
// line or binding would otherwise turn into a wrong answer. Comments, blank lines and their order
// survive every edit.

#ifndef COMMRESOLVE_RESOLVER_TRUST_KNOWN_CERTS_H_
#define COMMRESOLVE_RESOLVER_TRUST_KNOWN_CERTS_H_

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/base/result.h"
#include "resolver/trust/binding.h"

namespace commresolve {

inline constexpr size_t kMaxKnownCertsBytes = size_t{64} << 20;
inline constexpr size_t kMaxKnownCertsLine = 16'384;  ///< Bytes; a longer line is an error.
inline constexpr size_t kMaxKeysPerBinding = 64;

/// A key refused for every binding (`@revoked`).
struct RevokedKey {
  KeyId key;
  UnixTime since = 0;
  std::string reason;
};

/// The salted hash that stands instead of words: "|1|<base64 salt>|<base64 HMAC-SHA-256>", as
/// HashKnownHosts does. Compared in constant time.
struct HashedWords {
  std::string salt;  ///< 20 bytes.
  std::string hash;  ///< 32 bytes.
  [[nodiscard]] bool Matches(const KeywordSet& words) const;
  static HashedWords Of(const KeywordSet& words, std::string_view salt);
};

/// One binding as stored. `binding.words` is empty of meaning if `hashed` is set.
struct KnownBinding {
  std::optional<KeywordSet> words;  ///< Exactly one of words and hashed is set.
  std::optional<HashedWords> hashed;
  Binding binding;  ///< binding.words equals *words if that is set, else the placeholder "hashed".
};

/// The content of one known_certs file. A value; copies are independent.
class KnownCerts {
 public:
  /// Parses. kCorrupt names `path`, line and field.
  static Result<KnownCerts> Parse(std::string_view text, const std::string& path);
  /// The text, byte-identical to what was parsed where nothing was changed.
  [[nodiscard]] std::string ToText() const;

  /// The binding of exactly these words, with `words` filled in even if it is stored hashed.
  [[nodiscard]] std::optional<Binding> Find(const KeywordSet& words) const;
  /// Bindings whose canonical name is `host`. (A hashed line stores no name.)
  [[nodiscard]] std::vector<Binding> FindByName(std::string_view host) const;
  /// Bindings that accept `key`, hashed ones included.
  [[nodiscard]] std::vector<KnownBinding> FindByKey(const KeyId& key) const;
  [[nodiscard]] const std::vector<KnownBinding>& bindings() const { return bindings_; }
  [[nodiscard]] const std::vector<RevokedKey>& revoked() const { return revoked_; }
  [[nodiscard]] bool IsRevoked(const KeyId& key) const;

  /// Adds or replaces the binding of binding.words. With `hash` the words are stored hashed and
  /// name and reason are left out.
  void Put(const Binding& binding, bool hash);
  /// False if nothing was bound to the words.
  bool Remove(const KeywordSet& words);
  /// Adds an @revoked line, and leaves the bindings alone (IsRevoked wins over them).
  void Revoke(const RevokedKey& key);
  /// False if it was not revoked.
  bool Unrevoke(const KeyId& key);

 private:
  struct Line {  // One line of the file: text as read, and what it means.
    std::string text;
    int binding = -1;  // Index into bindings_, or -1.
    int revoked = -1;  // Index into revoked_, or -1.
  };
  void Reindex();
  std::vector<Line> lines_;
  std::vector<KnownBinding> bindings_;
  std::vector<RevokedKey> revoked_;
};

/// The file on disk. Safe to use from several processes: edits hold a lock and replace atomically.
class KnownCertsFile {
 public:
  /// `path` may not exist yet: then it is empty. Nothing is read before Load().
  explicit KnownCertsFile(std::string path) : path_(std::move(path)) {}
  [[nodiscard]] const std::string& path() const { return path_; }

  /// kCorrupt as Parse(); kUntrusted if another user may write the file; kUnavailable if
  /// unreadable.
  [[nodiscard]] Result<KnownCerts> Load() const;
  /// Loads, lets `edit` change the value, and writes it back with fsync before it returns. Nothing
  /// is written if `edit` fails or changes nothing. kBusy if the lock is held for more than 5 s.
  Status Edit(const std::function<Status(KnownCerts&)>& edit);

 private:
  std::string path_;
};

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_TRUST_KNOWN_CERTS_H_
