// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// PublishingKey: the Ed25519 key of this machine that signs owner records for certificates' keys
// which cannot, or shall not, sign them here; and the statements that let it.

#ifndef COMMRESOLVE_GRPC_SHARING_PUBLISHING_KEY_H_
#define COMMRESOLVE_GRPC_SHARING_PUBLISHING_KEY_H_

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "dht/record/delegation.h"

namespace commresolve::daemon {

/// Safe for concurrent use.
class PublishingKey {
 public:
  /// Its file is `path`, in a private folder that may not exist yet.
  explicit PublishingKey(std::string path) : path_(std::move(path)) {}

  /// The key of the file, if there is one. As dht::LoadOrMakeSecret().
  Status Load();
  /// The same, made if there is none. Also as MakePrivateFolder().
  Result<dht::Ed25519Key> LoadOrMake();
  /// As people give it to others (base32); empty if it was not loaded or made.
  [[nodiscard]] std::string text() const;

  /// Reads the statement in the file at `path`. From then on the key may sign for its subject,
  /// unless one with a greater sequence was read before. kInvalidArgument for a path that is not
  /// absolute or holds a line end, and for a file without a statement that holds at `now`;
  /// kUntrusted if it names another publishing key; kNotFound and kUnavailable as ReadFile(). The
  /// hint of each is the command that makes the statement.
  Result<dht::Delegation> Read(const std::string& path, UnixTime now);

  /// Valid as long as this object; null unless a statement that holds at `now` lets it sign for
  /// `owner`.
  [[nodiscard]] const dht::SigningKey* SignerFor(const KeyId& owner, UnixTime now) const;

 private:
  const std::string path_;
  mutable std::mutex lock_;                     // Guards what follows.
  std::unique_ptr<const dht::SigningKey> key_;  // Stays once it is there, and so does
  dht::Ed25519Key raw_{};                       // its public half.
  std::map<KeyId, dht::Delegation> statements_;
};

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_SHARING_PUBLISHING_KEY_H_
