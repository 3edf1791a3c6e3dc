// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// known_certs on disk: who may write it, locking, atomic replacement.

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "resolver/base/files.h"
#include "resolver/trust/known_certs.h"

namespace commresolve {
namespace {

std::string FolderOf(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

/// The file that `path` means, behind symbolic links if there is one.
std::string Target(const std::string& path) {
  std::error_code failure;
  const std::filesystem::path real = std::filesystem::canonical(path, failure);
  return failure ? path : real.string();
}

/// kUntrusted if somebody else than this user or root can change what `path` is. A missing file or
/// folder is fine. In a sticky folder (/tmp) nobody can replace the file of another.
Status CheckWriters(const std::string& path) {
  struct stat info{};
  if (::stat(path.c_str(), &info) != 0) {
    if (errno == ENOENT) return {};
    return Error{Code::kUnavailable, "cannot read " + path + ": " + std::strerror(errno)};
  }
  const bool mine = info.st_uid == ::geteuid() || info.st_uid == 0;
  const bool shared = (info.st_mode & (S_IWGRP | S_IWOTH)) != 0;
  const bool sticky = S_ISDIR(info.st_mode) && (info.st_mode & S_ISVTX) != 0;
  if (mine && (!shared || sticky)) return {};
  return Error{Code::kUntrusted, path + " can be changed by another user",
               "chown it to yourself and chmod go-w it"};
}

Result<std::string> ReadTrusted(const std::string& path) {
  const std::string target = Target(path);
  // The folders first: if they are private, the file cannot be exchanged after it was looked at.
  for (const std::string& checked : {FolderOf(path), FolderOf(target), target}) {
    COMMRESOLVE_TRY(CheckWriters(checked));
  }
  auto text = ReadFile(target, kMaxKnownCertsBytes);
  if (text.ok()) return text;
  if (text.error().code == Code::kNotFound) return std::string();
  Error error = text.error();
  if (error.code == Code::kInvalidArgument) error.code = Code::kCorrupt;
  return error;
}

Status EnsureFolder(const std::string& folder) {
  struct stat info{};
  if (::stat(folder.c_str(), &info) == 0) return {};
  return MakePrivateFolder(folder);
}

}  // namespace

Result<KnownCerts> KnownCertsFile::Load() const {
  COMMRESOLVE_ASSIGN(text, ReadTrusted(path_));
  return KnownCerts::Parse(text, path_);
}

Status KnownCertsFile::Edit(const std::function<Status(KnownCerts&)>& edit) {
  COMMRESOLVE_TRY(EnsureFolder(FolderOf(path_)));
  COMMRESOLVE_ASSIGN(lock, FileLock::Take(path_ + ".lock", lock_patience_));
  COMMRESOLVE_ASSIGN(before, ReadTrusted(path_));
  COMMRESOLVE_ASSIGN(known, KnownCerts::Parse(before, path_));
  COMMRESOLVE_TRY(edit(known));
  const std::string after = known.ToText();
  if (after == before) return {};
  if (const auto readable = KnownCerts::Parse(after, path_); !readable.ok()) {
    return Error{Code::kInvalidArgument, "the edit makes " + readable.error().message};
  }
  return ReplaceFile(Target(path_), after);
}

}  // namespace commresolve
