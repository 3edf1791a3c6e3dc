// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A listening SOCK_SEQPACKET Unix socket: made at a path, or taken over from a service manager.

#ifndef COMMRESOLVE_GRPC_NSS_ENDPOINT_LISTENER_H_
#define COMMRESOLVE_GRPC_NSS_ENDPOINT_LISTENER_H_

#include <sys/socket.h>
#include <sys/stat.h>

#include <string>

#include "resolver/base/result.h"
#include "resolver/base/unique_fd.h"

namespace commresolve {

/// Removes the socket that it made, unless another one stands in its place by then.
class Listener {
 public:
  /// `type` is SOCK_SEQPACKET or SOCK_STREAM. kBusy if somebody listens at `path`.
  static Result<Listener> Bind(const std::string& path, mode_t mode, int type = SOCK_SEQPACKET);
  /// kInvalidArgument if `fd` is no listening SOCK_SEQPACKET socket.
  static Result<Listener> Adopt(UniqueFd fd);
  ~Listener();
  Listener(Listener&&) noexcept = default;
  Listener& operator=(Listener&&) = delete;

  [[nodiscard]] int fd() const { return fd_.get(); }

 private:
  explicit Listener(UniqueFd fd) : fd_(std::move(fd)) {}
  UniqueFd fd_;
  std::string path_;  // Empty if it is not ours to remove.
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

}  // namespace commresolve

#endif  // COMMRESOLVE_GRPC_NSS_ENDPOINT_LISTENER_H_
