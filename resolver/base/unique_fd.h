// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A file descriptor that closes itself.

#ifndef COMMRESOLVE_RESOLVER_BASE_UNIQUE_FD_H_
#define COMMRESOLVE_RESOLVER_BASE_UNIQUE_FD_H_

#include <unistd.h>

#include <utility>

namespace commresolve {

/// Owns a descriptor; -1 means none. Movable, not copyable.
class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept {
    if (this != &other) Reset(std::exchange(other.fd_, -1));
    return *this;
  }
  ~UniqueFd() { Reset(); }

  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool valid() const { return fd_ >= 0; }
  [[nodiscard]] int Release() { return std::exchange(fd_, -1); }
  void Reset(int fd = -1) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = fd;
  }

 private:
  int fd_ = -1;
};

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_BASE_UNIQUE_FD_H_
