// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Accept, count, hand over.

#include "grpc/daemon/rpc_listener.h"

#include <grpcpp/grpcpp.h>
#include <grpcpp/server_posix.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <thread>
#include <vector>

#include "grpc/nss_endpoint/listener.h"

namespace commresolve::daemon {
namespace {

// Out of descriptors, accepting again at once would spin.
constexpr int kAcceptPauseMs = 50;

/// A connection that gRPC has, and closes without telling.
struct HandedOver {
  int fd = -1;
  dev_t device = 0;
  ino_t inode = 0;
  uid_t user = 0;

  /// The number may belong to another file by now.
  [[nodiscard]] bool IsOpen() const {
    struct stat info{};
    return ::fstat(fd, &info) == 0 && info.st_dev == device && info.st_ino == inode;
  }
};

}  // namespace

class RpcListener::Impl {
 public:
  Impl(Listener listener, UniqueFd wake, grpc::Server& server)
      : listener_(std::move(listener)),
        wake_(std::move(wake)),
        server_(server),
        thread_([this] { Run(); }) {}
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    stopping_ = true;
    const uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(wake_.get(), &one, sizeof one);
    thread_.join();
  }

 private:
  void Run() {
    bool pausing = false;
    while (!stopping_) {
      pollfd waiting[] = {{wake_.get(), POLLIN, 0}, {listener_.fd(), POLLIN, 0}};
      ::poll(waiting, pausing ? 1 : 2, pausing ? kAcceptPauseMs : -1);
      if (stopping_) return;
      UniqueFd fd(::accept4(listener_.fd(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
      pausing = !fd.valid() && errno != EAGAIN && errno != EINTR && errno != ECONNABORTED;
      if (fd.valid()) HandOver(std::move(fd));
    }
  }

  void HandOver(UniqueFd fd) {
    ucred peer{};
    socklen_t size = sizeof peer;
    struct stat info{};
    if (::getsockopt(fd.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0 ||
        ::fstat(fd.get(), &info) != 0) {
      return;
    }
    std::erase_if(open_, [](const HandedOver& connection) { return !connection.IsOpen(); });
    const auto of_user = std::ranges::count(open_, peer.uid, &HandedOver::user);
    if (open_.size() >= kMostConnections ||
        of_user >= static_cast<std::ptrdiff_t>(kMostConnectionsOfUser)) {
      return;
    }
    open_.push_back({fd.get(), info.st_dev, info.st_ino, peer.uid});
    grpc::AddInsecureChannelFromFd(&server_, fd.Release());
  }

  Listener listener_;
  UniqueFd wake_;
  grpc::Server& server_;
  std::vector<HandedOver> open_;  // Of the thread.
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

RpcListener::RpcListener(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RpcListener::~RpcListener() = default;

Result<std::unique_ptr<RpcListener>> RpcListener::Start(const std::string& path, mode_t mode,
                                                        grpc::Server& server) {
  COMMRESOLVE_ASSIGN(listener, Listener::Bind(path, mode, SOCK_STREAM));
  UniqueFd wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!wake.valid()) return Error{Code::kUnavailable, "no descriptor for " + path};
  return std::unique_ptr<RpcListener>(
      new RpcListener(std::make_unique<Impl>(std::move(listener), std::move(wake), server)));
}

}  // namespace commresolve::daemon
