// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// POSIX file handling behind files.h.

#include "resolver/base/files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <thread>

namespace commresolve {
namespace {

constexpr size_t kMaxHolderBytes = 8'192;

Error SystemError(const std::string& what, const std::string& path) {
  return {Code::kUnavailable, what + " " + path + ": " + std::strerror(errno)};
}

Status WriteAll(int fd, std::string_view content, const std::string& path) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return SystemError("cannot write", path);
    content.remove_prefix(static_cast<size_t>(written));
  }
  return {};
}

std::string FolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

/// Owner, then mode: changing the owner may take bits of the mode away.
Status SetOwnerAndMode(int fd, const struct stat& like, const std::string& path) {
  if (::fchown(fd, like.st_uid, like.st_gid) != 0) return SystemError("cannot give away", path);
  if (::fchmod(fd, like.st_mode & 07777) != 0) return SystemError("cannot set the mode of", path);
  return {};
}

/// Creates a file beside `path`, writes it through to the disk and returns its name. Its mode is
/// 0600, or mode and owner are those of `like`, unless that is null.
Result<std::string> WriteBeside(const std::string& path, std::string_view content,
                                const struct stat* like) {
  std::string temporary = path + ".XXXXXX";
  const UniqueFd fd(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!fd.valid()) return SystemError("cannot create", temporary);
  Status status = WriteAll(fd.get(), content, temporary);
  if (status.ok() && like != nullptr) status = SetOwnerAndMode(fd.get(), *like, temporary);
  if (status.ok() && ::fsync(fd.get()) != 0) status = SystemError("cannot sync", temporary);
  if (status.ok()) return temporary;
  ::unlink(temporary.c_str());
  return status.error();
}

Status Replace(const std::string& path, std::string_view content, const struct stat* like) {
  const std::string folder = FolderOf(path);
  const UniqueFd folder_fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder_fd.valid()) return SystemError("cannot open", folder);
  COMMRESOLVE_ASSIGN(temporary, WriteBeside(path, content, like));
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    const Error error = SystemError("cannot replace", path);
    ::unlink(temporary.c_str());
    return error;
  }
  if (::fsync(folder_fd.get()) != 0) return SystemError("cannot sync", folder);
  return {};
}

Status SyncPath(const std::string& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) return SystemError("cannot open", path);
  if (::fsync(fd.get()) != 0) return SystemError("cannot sync", path);
  return {};
}

Status CheckPrivate(const std::string& path) {
  struct stat info{};
  if (::stat(path.c_str(), &info) != 0) return SystemError("cannot read", path);
  if (!S_ISDIR(info.st_mode)) return Error{Code::kInvalidArgument, path + " is not a folder"};
  if (info.st_uid != ::geteuid() || (info.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return Error{Code::kUntrusted, path + " can be changed by another user",
                 "chown it to yourself and chmod go-w it"};
  }
  return {};
}

/// What Take() wrote: the process, and after a line end its note.
std::string ReadHolder(int fd) {
  std::string text(kMaxHolderBytes, '\0');
  const ssize_t length = ::pread(fd, text.data(), text.size(), 0);
  text.resize(static_cast<size_t>(std::max<ssize_t>(length, 0)));
  return text;
}

std::string HolderOf(int fd) {
  const std::string text = ReadHolder(fd);
  return text.empty() ? "another process" : "process " + text.substr(0, text.find('\n'));
}

}  // namespace

Result<std::string> ReadFile(const std::string& path, size_t max_bytes) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd.valid() && errno == ENOENT) return Error{Code::kNotFound, path + " does not exist"};
  if (!fd.valid()) return SystemError("cannot open", path);
  struct stat info{};
  if (::fstat(fd.get(), &info) != 0) return SystemError("cannot read", path);
  if (!S_ISREG(info.st_mode)) return Error{Code::kInvalidArgument, path + " is not a regular file"};
  std::string content;
  char block[65536];
  while (true) {
    const ssize_t length = ::read(fd.get(), block, sizeof block);
    if (length < 0 && errno == EINTR) continue;
    if (length < 0) return SystemError("cannot read", path);
    if (length == 0) return content;
    content.append(block, static_cast<size_t>(length));
    if (content.size() > max_bytes) {
      return Error{Code::kInvalidArgument,
                   path + " is larger than " + std::to_string(max_bytes) + " bytes"};
    }
  }
}

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

Status ReplaceFile(const std::string& path, std::string_view content) {
  return Replace(path, content, nullptr);
}

Status ReplaceFileLike(const std::string& path, std::string_view content, const std::string& like) {
  struct stat info{};
  if (::stat(like.c_str(), &info) != 0) return SystemError("cannot read", like);
  return Replace(path, content, &info);
}

Status MakePrivateFolder(const std::string& path) {
  for (size_t slash = path.find('/', 1); slash != std::string::npos;
       slash = path.find('/', slash + 1)) {
    const std::string parent = path.substr(0, slash);
    if (::mkdir(parent.c_str(), S_IRWXU) != 0 && errno != EEXIST && errno != EROFS &&
        errno != EACCES) {
      return SystemError("cannot create", parent);
    }
  }
  if (::mkdir(path.c_str(), S_IRWXU) != 0 && errno != EEXIST) {
    return SystemError("cannot create", path);
  }
  return CheckPrivate(path);
}

Status PublishFolder(const std::string& from, const std::string& to) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(from, error)) {
    COMMRESOLVE_TRY(SyncPath(entry.path()));
  }
  COMMRESOLVE_TRY(SyncPath(from));
  if (::rename(from.c_str(), to.c_str()) != 0) return SystemError("cannot replace", to);
  return SyncPath(FolderOf(to));
}

Result<FileLock> FileLock::Take(const std::string& path, std::chrono::milliseconds patience,
                                std::string_view note) {
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR));
  if (!fd.valid()) return SystemError("cannot open", path);
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) return SystemError("cannot lock", path);
    if (std::chrono::steady_clock::now() >= deadline) {
      return Error{Code::kBusy, path + " is held by " + HolderOf(fd.get()),
                   "wait until it has finished, or stop it"};
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  std::string holder = std::to_string(::getpid());
  if (!note.empty()) holder.append("\n").append(note);
  if (::ftruncate(fd.get(), 0) != 0 || ::pwrite(fd.get(), holder.data(), holder.size(), 0) < 0) {
    return SystemError("cannot write", path);
  }
  return FileLock(std::move(fd));
}

std::optional<std::string> FileLock::NoteOfHolder(const std::string& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!fd.valid() || ::flock(fd.get(), LOCK_SH | LOCK_NB) == 0 || errno != EWOULDBLOCK) return {};
  const std::string text = ReadHolder(fd.get());
  const size_t line_end = text.find('\n');
  if (line_end == std::string::npos) return {};
  return text.substr(line_end + 1);
}

}  // namespace commresolve
