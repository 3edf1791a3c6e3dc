// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Files that must not be lost or read by others: bounded reads, atomic replace, private folders,
// locks.

#ifndef COMMRESOLVE_RESOLVER_BASE_FILES_H_
#define COMMRESOLVE_RESOLVER_BASE_FILES_H_

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "resolver/base/result.h"
#include "resolver/base/unique_fd.h"

namespace commresolve {

/// Reads a whole file of at most `max_bytes`. kNotFound if it does not exist, kInvalidArgument if
/// it is larger or not a regular file, kUnavailable if it cannot be read.
Result<std::string> ReadFile(const std::string& path, size_t max_bytes);

/// kUntrusted if somebody else than this user or root owns `path` or may write to it. A missing
/// file or folder is fine. In a sticky folder (/tmp) nobody can replace the file of another.
Status CheckWriters(const std::string& path);

/// Replaces `path` by `content` so that a crash at any instant leaves the old or the new file
/// whole: temporary file beside it (mode 0600), fsync, rename, fsync of the folder. kUnavailable on
/// any failure, with the old file untouched; only if that last fsync fails is the new file there
/// and not sure to survive a crash. Threads and processes may replace the same file at once.
Status ReplaceFile(const std::string& path, std::string_view content);

/// As ReplaceFile(), but the new file has owner, group and mode of the file `like`, which may be
/// `path` itself. kUnavailable also if they may not be given.
Status ReplaceFileLike(const std::string& path, std::string_view content, const std::string& like);

/// Creates `path` and its missing parents, each with mode 0700. Existing folders are left alone,
/// but `path` itself is refused (kUntrusted) if another user owns it or can write in it.
Status MakePrivateFolder(const std::string& path);

/// Renames the folder `from`, which holds files only, to `to`, so that a crash at any instant
/// leaves either name with the whole content: every file is synced first. Both lie in one folder;
/// `to` must not exist, or be an empty folder. kUnavailable.
Status PublishFolder(const std::string& from, const std::string& to);

/// An exclusive flock() on a file of mode 0600 that is created when missing; released on
/// destruction or by the death of the process. The file stays.
class FileLock {
 public:
  /// Tries until `patience` has passed. kBusy names the process that holds it ("held by process
  /// 123"). `note` is what NoteOfHolder() tells others meanwhile: one line.
  static Result<FileLock> Take(const std::string& path, std::chrono::milliseconds patience,
                               std::string_view note = "");
  /// The note of the process that holds the lock; nothing if nobody does, or if this user cannot
  /// read the file. Is in the way of a Take() for a moment: give that some patience.
  static std::optional<std::string> NoteOfHolder(const std::string& path);

 private:
  explicit FileLock(UniqueFd fd) : fd_(std::move(fd)) {}
  UniqueFd fd_;
};

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_BASE_FILES_H_
