// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Who may write a user's file, locking, atomic replacement.

#include "resolver/base/user_file.h"

#include <sys/stat.h>

#include <filesystem>
#include <system_error>

#include "resolver/base/files.h"

namespace commresolve {
namespace {

std::string FolderOf(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

Status EnsureFolder(const std::string& folder) {
  struct stat info{};
  if (::stat(folder.c_str(), &info) == 0) return {};
  return MakePrivateFolder(folder);
}

}  // namespace

std::string TargetOfUserFile(const std::string& path) {
  std::error_code failure;
  const std::filesystem::path real = std::filesystem::canonical(path, failure);
  return failure ? path : real.string();
}

Status CheckUserFile(const std::string& path) {
  const std::string target = TargetOfUserFile(path);
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

Result<std::string> ReadUserFile(const std::string& path, size_t max_bytes) {
  COMMRESOLVE_TRY(CheckUserFile(path));
  auto text = ReadFile(TargetOfUserFile(path), max_bytes);
  if (text.ok()) return text;
  if (text.error().code == Code::kNotFound) return std::string();
  Error error = text.error();
  if (error.code == Code::kInvalidArgument) error.code = Code::kCorrupt;
  return error;
}

Status EditUserFile(const std::string& path, size_t max_bytes, std::chrono::milliseconds patience,
                    const std::function<Result<std::string>(const std::string& before)>& edit) {
  COMMRESOLVE_TRY(EnsureFolder(FolderOf(path)));
  COMMRESOLVE_ASSIGN(lock, FileLock::Take(path + ".lock", patience));
  COMMRESOLVE_ASSIGN(before, ReadUserFile(path, max_bytes));
  COMMRESOLVE_ASSIGN(after, edit(before));
  if (after == before) return {};
  return ReplaceFile(TargetOfUserFile(path), after);
}

}  // namespace commresolve
