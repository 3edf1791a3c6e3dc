// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One key, and a statement for each certificate's key.

#include "grpc/sharing/publishing_key.h"

#include <filesystem>
#include <utility>

#include "dht/peer/secret_file.h"
#include "resolver/base/files.h"
#include "resolver/trust/observers.h"

namespace commresolve::daemon {

Status PublishingKey::Load() {
  std::error_code failure;
  const auto kind = std::filesystem::symlink_status(path_, failure).type();
  if (kind == std::filesystem::file_type::not_found) return {};
  const auto loaded = LoadOrMake();
  return loaded.ok() ? Status() : Status(loaded.error());
}

Result<dht::Ed25519Key> PublishingKey::LoadOrMake() {
  const std::lock_guard guard(lock_);
  if (key_) return raw_;
  COMMRESOLVE_TRY(MakePrivateFolder(std::filesystem::path(path_).parent_path()));
  COMMRESOLVE_ASSIGN(seed, dht::LoadOrMakeSecret(path_));
  COMMRESOLVE_ASSIGN(key, dht::SigningKey::FromSeed(seed));
  const auto raw = dht::Ed25519KeyOf(key.spki());
  if (!raw) return Error{Code::kInternal, path_ + ": the key made of it is none"};
  raw_ = *raw;
  key_ = std::make_unique<const dht::SigningKey>(std::move(key));
  return raw_;
}

std::string PublishingKey::text() const {
  const std::lock_guard guard(lock_);
  return key_ ? ObserverText({raw_}) : "";
}

Result<dht::Delegation> PublishingKey::Read(const std::string& path, UnixTime now) {
  if (!path.starts_with('/') || path.find('\n') != std::string::npos) {
    return Error{Code::kInvalidArgument, "'" + path + "' is no absolute path of a statement"};
  }
  COMMRESOLVE_ASSIGN(own, LoadOrMake());
  const auto refused = [&](Code code, const std::string& message) {
    return Error{code, message,
                 "make one: commresolve dht delegate --key CERT-KEY.pem --to " +
                     ObserverText({own}) + " --out " + path};
  };
  const auto bytes = ReadFile(path, dht::kMaxDelegationBytes);
  if (!bytes.ok()) return refused(bytes.error().code, bytes.error().message);
  const auto subject = dht::ClaimedSubject(*bytes);
  if (!subject) return refused(Code::kInvalidArgument, path + " holds no statement");
  const auto read = dht::ReadDelegation(*subject, *bytes, now);
  if (!read.ok()) return refused(Code::kInvalidArgument, path + ": " + read.error().message);
  if (read->publishing_key != own) {
    return refused(Code::kUntrusted, path + " names another publishing key");
  }
  const std::lock_guard guard(lock_);
  dht::Delegation& known = statements_[*subject];
  if (read->sequence >= known.sequence) known = *read;
  return *read;
}

const dht::SigningKey* PublishingKey::SignerFor(const KeyId& owner, UnixTime now) const {
  const std::lock_guard guard(lock_);
  const auto known = statements_.find(owner);
  if (!key_ || known == statements_.end()) return nullptr;
  return dht::Speaks(owner, raw_, known->second, now) ? key_.get() : nullptr;
}

}  // namespace commresolve::daemon
