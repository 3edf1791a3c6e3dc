// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// OwnKeys: the private keys with which announcements are signed, read from the user's files.

#ifndef COMMRESOLVE_GRPC_SHARING_OWN_KEYS_H_
#define COMMRESOLVE_GRPC_SHARING_OWN_KEYS_H_

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "dht/record/signature.h"

namespace commresolve::daemon {

/// The key in the PEM file at `path`. kInvalidArgument for a path that is not absolute or holds a
/// line end, a file without a private key in PEM, with a passphrase, or with a key of no kind that
/// dht::SigningKey knows; kUntrusted if others than owner and group may read the file, or others
/// than the owner write it; kNotFound and kUnavailable as ReadFile().
Result<dht::SigningKey> ReadPrivateKey(const std::string& path);
/// As ReadPrivateKey(); kInvalidArgument, with the way out as hint, also for a key that cannot sign
/// records (other than Ed25519, P-256 and P-384).
Result<dht::SigningKey> ReadSigningKey(const std::string& path);

/// Safe for concurrent use.
class OwnKeys {
 public:
  void Add(dht::SigningKey key);
  /// Valid as long as this object; null if it was not added.
  [[nodiscard]] const dht::SigningKey* Find(const KeyId& key) const;

 private:
  mutable std::mutex lock_;  // Guards what follows.
  std::map<KeyId, std::unique_ptr<const dht::SigningKey>> keys_;
};

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_SHARING_OWN_KEYS_H_
