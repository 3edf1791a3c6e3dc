// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One datagram.

#include "grpc/daemon/service_manager.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace commresolve::daemon {
namespace {

/// A variable that holds a whole number above 0.
std::optional<uint64_t> NumberIn(const char* name) {
  const char* text = std::getenv(name);
  if (text == nullptr) return std::nullopt;
  uint64_t value = 0;
  const std::string_view view(text);
  const auto [end, error] = std::from_chars(view.data(), view.data() + view.size(), value);
  if (error != std::errc() || end != view.data() + view.size() || value == 0) return std::nullopt;
  return value;
}

}  // namespace

bool NotifyServiceManager(const std::string& state) {
  const char* path = std::getenv("NOTIFY_SOCKET");
  if (path == nullptr || (path[0] != '/' && path[0] != '@')) return false;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const size_t length = std::strlen(path);
  if (length >= sizeof address.sun_path) return false;
  std::memcpy(address.sun_path, path, length);
  if (path[0] == '@') address.sun_path[0] = '\0';
  const UniqueFd fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!fd.valid()) return false;
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length);
  return ::sendto(fd.get(), state.data(), state.size(), MSG_NOSIGNAL,
                  reinterpret_cast<const sockaddr*>(&address),
                  size) == static_cast<ssize_t>(state.size());
}

UniqueFd InheritedSocket(const std::string& name) {
  constexpr int kFirst = 3;
  const auto pid = NumberIn("LISTEN_PID");
  const auto count = NumberIn("LISTEN_FDS");
  const char* names = std::getenv("LISTEN_FDNAMES");
  if (pid != static_cast<uint64_t>(::getpid()) || !count || names == nullptr) return UniqueFd();
  std::string_view rest(names);
  for (uint64_t i = 0; i < *count; ++i) {
    const size_t colon = rest.find(':');
    const int fd = kFirst + static_cast<int>(i);
    // Taken already if it is not open any more, or is one of ours by now.
    if (rest.substr(0, colon) == name && (::fcntl(fd, F_GETFD) & FD_CLOEXEC) == 0) {
      ::fcntl(fd, F_SETFD, FD_CLOEXEC);
      return UniqueFd(fd);
    }
    if (colon == std::string_view::npos) break;
    rest.remove_prefix(colon + 1);
  }
  return UniqueFd();
}

std::optional<std::chrono::milliseconds> WatchdogInterval() {
  const auto pid = NumberIn("WATCHDOG_PID");
  const auto interval = NumberIn("WATCHDOG_USEC");
  if (!interval || (pid && *pid != static_cast<uint64_t>(::getpid()))) return std::nullopt;
  return std::chrono::milliseconds(*interval / 2'000);
}

}  // namespace commresolve::daemon
