// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// socket() and connect().

#include "cli/doctor/unix_socket.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>

namespace commresolve::cli {

Result<UniqueFd> ConnectUnix(const std::string& path, int type) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return Error{Code::kInvalidArgument, path + " is too long for a socket"};
  }
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  UniqueFd fd(::socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (fd.valid() &&
      ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    return fd;
  }
  return Error{errno == ENOENT ? Code::kNotFound : Code::kUnavailable,
               path + ": " + std::strerror(errno)};
}

bool SomebodyListens(const std::string& path) { return ConnectUnix(path, SOCK_STREAM).ok(); }

}  // namespace commresolve::cli
