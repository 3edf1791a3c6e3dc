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

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "resolver/base/result.h"
#include "resolver/trust/binding.h"
#include "resolver/trust/known_certs_line.h"

namespace commresolve {

inline constexpr size_t kMaxKnownCertsBytes = size_t{64} << 20;
inline constexpr size_t kMaxKnownCertsLines = 1'000'000;  ///< Comments and blank lines included.

/// The content of one known_certs file. A value; copies are independent.
class KnownCerts {
 public:
  /// Parses. kCorrupt names `path`, line, column and field. An error too: the same words on two
  /// lines (both are named), or the same hash.
  static Result<KnownCerts> Parse(std::string_view text, const std::string& path);
  /// The text: every line that was not changed is byte-identical to what was parsed. A missing
  /// line end at the end of the file stays missing until something is changed.
  [[nodiscard]] std::string ToText() const;

  /// The binding of exactly these words, with `words` filled in even if it is stored hashed. A
  /// plain line wins over a hashed one, and the first hashed line over later ones. Costs one HMAC
  /// per hashed line if no plain line matches.
  [[nodiscard]] std::optional<Binding> Find(const KeywordSet& words) const;
  /// Bindings whose canonical name is `host`. (A hashed line stores no name.) Looks at every line.
  [[nodiscard]] std::vector<Binding> FindByName(std::string_view host) const;
  /// Bindings with `key` in `accepted`, hashed ones (without words) included. Looks at every line.
  [[nodiscard]] std::vector<Binding> FindByKey(const KeyId& key) const;
  /// The accepted keys of all bindings that accept `key`, itself included; none if none does.
  [[nodiscard]] std::vector<KeyId> KeysBoundWith(const KeyId& key) const;
  /// All bindings in the order of the file; hashed ones have no words.
  [[nodiscard]] std::vector<Binding> bindings() const;
  [[nodiscard]] std::vector<RevokedKey> revoked() const;
  [[nodiscard]] bool IsRevoked(const KeyId& key) const { return revoked_lines_.contains(key); }

  /// Adds or replaces the binding of binding.words, which must be set. With binding.hashed the
  /// words are stored hashed, and name and reason are left out. kInvalidArgument, with nothing
  /// changed, for what the format cannot hold: no key or too many, another tier than the three of a
  /// binding, a name that is not in normal form, text that is not UTF-8 or too long for a line.
  Status Put(const Binding& binding);
  /// False if nothing was bound to the words.
  bool Remove(const KeywordSet& words);
  /// Adds an @revoked line, and leaves the bindings alone (IsRevoked wins over them). A key that is
  /// revoked already keeps its line. kInvalidArgument as Put().
  Status Revoke(const RevokedKey& key);
  /// False if it was not revoked.
  bool Unrevoke(const KeyId& key);

 private:
  struct Line {
    std::string text;  // Without line end.
    KnownCertsLine meaning;
  };
  // The lines bound to `words`, the one that Find() returns first.
  [[nodiscard]] std::vector<size_t> LinesOf(const KeywordSet& words) const;
  // Notes line `number` in the tables below, or returns the line where its words or hash stand.
  std::optional<size_t> Index(size_t number);
  void Append(std::string text, KnownCertsLine meaning);
  // Removes these lines and makes the tables anew.
  void Erase(const std::vector<size_t>& numbers);

  std::vector<Line> lines_;
  bool ends_with_newline_ = true;
  std::unordered_map<std::string, size_t> plain_lines_;  // By KeywordSet::ToString().
  std::vector<size_t> hashed_lines_;                     // Ascending.
  std::unordered_map<std::string, size_t> hashes_;       // By HashedWords::ToString().
  std::unordered_multimap<KeyId, size_t> revoked_lines_;
};

/// The file on disk. Safe to use from several threads and processes: edits hold a lock and replace
/// atomically.
class KnownCertsFile {
 public:
  /// `path` may not exist yet: then it is empty. Nothing is read before Load(). The file behind a
  /// symbolic link is edited in place of the link. Edit() waits `lock_patience` for the lock.
  explicit KnownCertsFile(std::string path,
                          std::chrono::milliseconds lock_patience = std::chrono::seconds(5))
      : path_(std::move(path)), lock_patience_(lock_patience) {}
  [[nodiscard]] const std::string& path() const { return path_; }

  /// What the file says now; parsed only if it was changed since the last call. kCorrupt as
  /// Parse(), or if it is too large or not a file; kUntrusted if another user than this one or root
  /// owns the file or may change or replace it; kUnavailable if unreadable.
  [[nodiscard]] Result<std::shared_ptr<const KnownCerts>> Load() const;
  /// Loads, lets `edit` change the value, and writes it back with fsync before it returns, mode
  /// 0600; a missing folder is created with mode 0700. Nothing is written if `edit` fails or
  /// changes nothing. kBusy if the lock (`path` + ".lock") stays held.
  Status Edit(const std::function<Status(KnownCerts&)>& edit);

 private:
  /// One state of the file, as far as stat() can tell it from others.
  struct Stamp {
    uint64_t device = 0;
    uint64_t inode = 0;
    int64_t size = -1;
    int64_t modified_ns = 0;
    int64_t changed_ns = 0;
    bool operator==(const Stamp&) const = default;
  };
  static Stamp StampOf(const std::string& target);

  std::string path_;
  std::chrono::milliseconds lock_patience_;
  mutable std::mutex lock_;  // Guards what follows.
  mutable Stamp loaded_stamp_;
  mutable std::shared_ptr<const KnownCerts> loaded_;  // Null before the first Load().
};

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_TRUST_KNOWN_CERTS_H_
