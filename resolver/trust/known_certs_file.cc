// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// known_certs on disk: who may write it, locking, atomic replacement.

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ctime>
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

Status CheckTrusted(const std::string& path) {
  const std::string target = Target(path);
  std::error_code failure;
  if (std::filesystem::is_symlink(path, failure) && !std::filesystem::exists(path, failure)) {
    return Error{Code::kUnavailable, path + " is a link to a file that does not exist",
                 "put the file back, or remove the link"};
  }
  // The folders first: if they are private, the file cannot be exchanged after it was looked at.
  for (const std::string& checked : {FolderOf(path), FolderOf(target), target}) {
    COMMRESOLVE_TRY(CheckWriters(checked));
  }
  return {};
}

Result<std::string> ReadTrusted(const std::string& path) {
  COMMRESOLVE_TRY(CheckTrusted(path));
  const std::string target = Target(path);
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

int64_t Nanoseconds(const timespec& time) {
  return int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

/// True if a change from now on will get another time than `changed_ns`, whatever the clock of the
/// file system ticks in.
bool Settled(int64_t changed_ns) {
  timespec now{};
  if (::clock_gettime(CLOCK_REALTIME, &now) != 0) return false;
  constexpr int64_t kCoarsestTick = 2'000'000'000;
  return changed_ns != 0 && Nanoseconds(now) - changed_ns > kCoarsestTick;
}

}  // namespace

KnownCertsFile::Stamp KnownCertsFile::StampOf(const std::string& target) {
  struct stat info{};
  if (::stat(target.c_str(), &info) != 0) return {};
  return {info.st_dev, info.st_ino, info.st_size, Nanoseconds(info.st_mtim),
          Nanoseconds(info.st_ctim)};
}

Result<std::shared_ptr<const KnownCerts>> KnownCertsFile::Load() const {
  const std::scoped_lock guard(lock_);
  // The very file whose content was trusted when it was read. Another owner, mode or file would
  // have another stamp.
  if (loaded_ != nullptr && StampOf(path_) == loaded_stamp_) return loaded_;
  COMMRESOLVE_TRY(CheckTrusted(path_));
  const Stamp before = StampOf(Target(path_));
  COMMRESOLVE_ASSIGN(text, ReadTrusted(path_));
  COMMRESOLVE_ASSIGN(known, KnownCerts::Parse(text, path_));
  auto loaded = std::make_shared<const KnownCerts>(std::move(known));
  loaded_ = Settled(before.changed_ns) ? loaded : nullptr;
  loaded_stamp_ = before;
  return loaded;
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
