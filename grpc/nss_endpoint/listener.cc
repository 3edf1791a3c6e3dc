// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Binds beside the path and renames, so that programs meet the old socket or the new one.

#include "grpc/nss_endpoint/listener.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace commresolve {
namespace {

constexpr int kBacklog = 256;

Error SystemError(const char* what, const std::string& path) {
  return {Code::kUnavailable, what + (" " + path) + ": " + std::strerror(errno)};
}

UniqueFd NewSocket(int type) {
  return UniqueFd(::socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

/// False if the path is too long for a socket address.
bool SetPath(const std::string& path, sockaddr_un* address) {
  *address = {};
  address->sun_family = AF_UNIX;
  if (path.size() >= sizeof address->sun_path) return false;
  path.copy(address->sun_path, path.size());
  return true;
}

bool SomebodyListens(const sockaddr_un& address, int type) {
  const UniqueFd fd = NewSocket(type);
  const int connected =
      ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
  return connected == 0 || errno == EAGAIN;
}

int IntOption(int fd, int option) {
  int value = -1;
  socklen_t size = sizeof value;
  return ::getsockopt(fd, SOL_SOCKET, option, &value, &size) == 0 ? value : -1;
}

}  // namespace

Result<Listener> Listener::Bind(const std::string& path, mode_t mode, int type) {
  sockaddr_un address;
  sockaddr_un beside_address;
  const std::string beside = path + "." + std::to_string(::getpid());
  if (!SetPath(path, &address) || !SetPath(beside, &beside_address)) {
    return Error{Code::kUnavailable, path + " is too long for a socket"};
  }
  if (SomebodyListens(address, type)) {
    return Error{Code::kBusy, "another process listens at " + path, "stop it first"};
  }
  Listener listener(NewSocket(type));
  if (!listener.fd_.valid()) return SystemError("cannot create", path);
  ::unlink(beside.c_str());
  if (::bind(listener.fd(), reinterpret_cast<sockaddr*>(&beside_address), sizeof beside_address) !=
      0) {
    return SystemError("cannot bind", beside);
  }
  struct stat info{};
  if (::chmod(beside.c_str(), mode) != 0 || ::listen(listener.fd(), kBacklog) != 0 ||
      ::stat(beside.c_str(), &info) != 0 || ::rename(beside.c_str(), path.c_str()) != 0) {
    const Error error = SystemError("cannot listen at", path);
    ::unlink(beside.c_str());
    return error;
  }
  listener.path_ = path;
  listener.device_ = info.st_dev;
  listener.inode_ = info.st_ino;
  return listener;
}

Result<Listener> Listener::Adopt(UniqueFd fd) {
  if (IntOption(fd.get(), SO_TYPE) != SOCK_SEQPACKET || IntOption(fd.get(), SO_DOMAIN) != AF_UNIX ||
      IntOption(fd.get(), SO_ACCEPTCONN) != 1) {
    return Error{Code::kInvalidArgument,
                 "the inherited descriptor is no listening Unix socket of type SOCK_SEQPACKET",
                 "the socket unit needs ListenSequentialPacket="};
  }
  const int flags = ::fcntl(fd.get(), F_GETFL);
  if (flags < 0 || ::fcntl(fd.get(), F_SETFL, flags | O_NONBLOCK) != 0 ||
      ::fcntl(fd.get(), F_SETFD, FD_CLOEXEC) != 0) {
    return SystemError("cannot take over", "the inherited socket");
  }
  return Listener(std::move(fd));
}

Listener::~Listener() {
  if (!fd_.valid() || path_.empty()) return;
  struct stat info{};
  if (::lstat(path_.c_str(), &info) == 0 && info.st_dev == device_ && info.st_ino == inode_) {
    ::unlink(path_.c_str());
  }
}

}  // namespace commresolve
