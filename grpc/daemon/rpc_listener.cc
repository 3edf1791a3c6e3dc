// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Accept, count, hand over.

#include "grpc/daemon/rpc_listener.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <optional>
#include <thread>
#include <vector>

#include "grpc/nss_endpoint/listener.h"
#include "resolver/endpoint.h"

namespace commresolve::daemon {
namespace {

// Out of descriptors, accepting again at once would spin.
constexpr int kAcceptPauseMs = 50;
constexpr int kTcpBacklog = 64;

/// A connection that gRPC has, and closes without telling.
struct HandedOver {
  int fd = -1;
  dev_t device = 0;
  ino_t inode = 0;
  std::string peer = {};  // A user, or an address.

  /// The number may belong to another file by now.
  [[nodiscard]] bool IsOpen() const {
    struct stat info{};
    return ::fstat(fd, &info) == 0 && info.st_dev == device && info.st_ino == inode;
  }
};

/// Who is at the other end; empty if that cannot be told.
std::string PeerOf(int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getpeername(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) return "";
  if (address.ss_family == AF_INET) {
    const auto& ip = reinterpret_cast<const sockaddr_in&>(address).sin_addr;
    return {reinterpret_cast<const char*>(&ip), sizeof ip};
  }
  if (address.ss_family == AF_INET6) {
    // One household has a /64.
    const auto& ip = reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
    return {reinterpret_cast<const char*>(&ip), sizeof ip / 2};
  }
  ucred peer{};
  size = sizeof peer;
  if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return "";
  return std::to_string(peer.uid);
}

Result<UniqueFd> ListenTcp(const IpAddress& ip, uint16_t port) {
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(port);
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(port);
  const sockaddr* address = nullptr;
  socklen_t size = 0;
  if (ip.is_v6()) {
    ip.bytes().copy(reinterpret_cast<char*>(&v6.sin6_addr), sizeof v6.sin6_addr);
    address = reinterpret_cast<const sockaddr*>(&v6);
    size = sizeof v6;
  } else {
    ip.bytes().copy(reinterpret_cast<char*>(&v4.sin_addr), sizeof v4.sin_addr);
    address = reinterpret_cast<const sockaddr*>(&v4);
    size = sizeof v4;
  }
  UniqueFd fd(::socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int on = 1;
  if (!fd.valid() || ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      ::bind(fd.get(), address, size) != 0 || ::listen(fd.get(), kTcpBacklog) != 0) {
    return Error{Code::kUnavailable,
                 "cannot listen at " + ip.ToString() + ": " + std::strerror(errno),
                 "see that the address is this machine's and the port is free"};
  }
  return fd;
}

uint16_t PortOf(int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  if (address.ss_family == AF_INET) {
    return ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
  }
  if (address.ss_family != AF_INET6) return 0;
  return ntohs(reinterpret_cast<const sockaddr_in6&>(address).sin6_port);
}

struct Limits {
  size_t all;
  size_t of_peer;
};

Result<UniqueFd> NewWake() {
  UniqueFd wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (wake.valid()) return wake;
  return Error{Code::kUnavailable, "no descriptor is left to listen"};
}

}  // namespace

class RpcListener::Impl {
 public:
  Impl(std::optional<Listener> listener, UniqueFd tcp, UniqueFd wake, Limits limits,
       TakeConnection take)
      : listener_(std::move(listener)),
        tcp_(std::move(tcp)),
        wake_(std::move(wake)),
        limits_(limits),
        take_(std::move(take)),
        thread_([this] { Run(); }) {}
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    stopping_ = true;
    const uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(wake_.get(), &one, sizeof one);
    thread_.join();
  }
  [[nodiscard]] int fd() const { return listener_ ? listener_->fd() : tcp_.get(); }

 private:
  void Run() {
    bool pausing = false;
    while (!stopping_) {
      pollfd waiting[] = {{wake_.get(), POLLIN, 0}, {fd(), POLLIN, 0}};
      ::poll(waiting, pausing ? 1 : 2, pausing ? kAcceptPauseMs : -1);
      if (stopping_) return;
      UniqueFd accepted(::accept4(fd(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
      pausing = !accepted.valid() && errno != EAGAIN && errno != EINTR && errno != ECONNABORTED;
      if (accepted.valid()) HandOver(std::move(accepted));
    }
  }

  void HandOver(UniqueFd accepted) {
    std::string peer = PeerOf(accepted.get());
    struct stat info{};
    if (peer.empty() || ::fstat(accepted.get(), &info) != 0) return;
    std::erase_if(open_, [](const HandedOver& connection) { return !connection.IsOpen(); });
    const auto of_peer = std::ranges::count(open_, peer, &HandedOver::peer);
    if (open_.size() >= limits_.all || static_cast<size_t>(of_peer) >= limits_.of_peer) return;
    open_.push_back({accepted.get(), info.st_dev, info.st_ino, std::move(peer)});
    take_(std::move(accepted));
  }

  std::optional<Listener> listener_;  // Or else:
  UniqueFd tcp_;
  UniqueFd wake_;
  const Limits limits_;
  const TakeConnection take_;
  std::vector<HandedOver> open_;  // Of the thread.
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

RpcListener::RpcListener(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RpcListener::~RpcListener() = default;

uint16_t RpcListener::port() const { return PortOf(impl_->fd()); }

Result<std::unique_ptr<RpcListener>> RpcListener::Start(const std::string& path, mode_t mode,
                                                        TakeConnection take) {
  COMMRESOLVE_ASSIGN(listener, Listener::Bind(path, mode, SOCK_STREAM));
  COMMRESOLVE_ASSIGN(wake, NewWake());
  const Limits limits{kMostConnections, kMostConnectionsOfUser};
  return std::unique_ptr<RpcListener>(new RpcListener(std::make_unique<Impl>(
      std::move(listener), UniqueFd(), std::move(wake), limits, std::move(take))));
}

Result<std::unique_ptr<RpcListener>> RpcListener::StartTcp(const std::string& listen,
                                                           TakeConnection take) {
  COMMRESOLVE_ASSIGN(where, ParseHostPort(listen));
  COMMRESOLVE_ASSIGN(ip, IpAddress::Parse(where.host));
  COMMRESOLVE_ASSIGN(tcp, ListenTcp(ip, where.port));
  COMMRESOLVE_ASSIGN(wake, NewWake());
  const Limits limits{kMostTcpConnections, kMostTcpConnectionsOfAddress};
  return std::unique_ptr<RpcListener>(new RpcListener(std::make_unique<Impl>(
      std::nullopt, std::move(tcp), std::move(wake), limits, std::move(take))));
}

}  // namespace commresolve::daemon
