// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One datagram.

#include "grpc/daemon/service_manager.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "resolver/base/unique_fd.h"

namespace commresolve::daemon {

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

std::optional<std::chrono::milliseconds> WatchdogInterval() {
  const auto number = [](const char* name) -> std::optional<uint64_t> {
    const char* text = std::getenv(name);
    if (text == nullptr) return std::nullopt;
    uint64_t value = 0;
    const std::string_view view(text);
    const auto [end, error] = std::from_chars(view.data(), view.data() + view.size(), value);
    if (error != std::errc() || end != view.data() + view.size() || value == 0) return std::nullopt;
    return value;
  };
  const auto pid = number("WATCHDOG_PID");
  const auto interval = number("WATCHDOG_USEC");
  if (!interval || (pid && *pid != static_cast<uint64_t>(::getpid()))) return std::nullopt;
  return std::chrono::milliseconds(*interval / 2'000);
}

}  // namespace commresolve::daemon
