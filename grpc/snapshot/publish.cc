// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Puts a snapshot in the place of the one before.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "grpc/snapshot/snapshot.h"
#include "resolver/base/unique_fd.h"

namespace commresolve {
namespace {

Error SystemError(const char* what, const std::string& path, int error) {
  return {Code::kUnavailable, what + (" " + path) + ": " + std::strerror(error)};
}

Status Fill(int fd, std::string_view bytes, const std::string& path) {
  // Without the space the write fails here, and not later under a program that reads.
  if (!bytes.empty()) {
    const int error = ::posix_fallocate(fd, 0, static_cast<off_t>(bytes.size()));
    if (error != 0) return SystemError("cannot reserve space for", path, error);
  }
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return SystemError("cannot write", path, errno);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  if (::fchmod(fd, S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH) != 0) {
    return SystemError("cannot open to everybody", path, errno);
  }
  return {};
}

}  // namespace

Status PublishSnapshot(const std::string& path, std::string_view bytes) {
  // Always the same name, so that killed writers do not fill the folder.
  const std::string temporary = path + ".new";
  if (::unlink(temporary.c_str()) != 0 && errno != ENOENT) {
    return SystemError("cannot remove", temporary, errno);
  }
  const UniqueFd fd(
      ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (!fd.valid()) return SystemError("cannot create", temporary, errno);
  Status status = Fill(fd.get(), bytes, temporary);
  if (status.ok() && ::rename(temporary.c_str(), path.c_str()) != 0) {
    status = SystemError("cannot replace", path, errno);
  }
  if (!status.ok()) ::unlink(temporary.c_str());
  return status;
}

}  // namespace commresolve
