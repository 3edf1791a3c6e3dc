// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// SigpipeGuard: writes to pipes that nobody reads fail with EPIPE instead of killing the program.

#ifndef COMMRESOLVE_RESOLVER_NET_SIGPIPE_GUARD_H_
#define COMMRESOLVE_RESOLVER_NET_SIGPIPE_GUARD_H_

#include <csignal>

namespace commresolve {

/// Blocks SIGPIPE in this thread while it lives, and swallows one that came meanwhile.
class SigpipeGuard {
 public:
  SigpipeGuard() {
    sigemptyset(&sigpipe_);
    sigaddset(&sigpipe_, SIGPIPE);
    was_pending_ = IsPending();
    pthread_sigmask(SIG_BLOCK, &sigpipe_, &before_);
  }
  SigpipeGuard(const SigpipeGuard&) = delete;
  SigpipeGuard& operator=(const SigpipeGuard&) = delete;
  ~SigpipeGuard() {
    if (!was_pending_ && IsPending()) {
      const timespec at_once{};
      sigtimedwait(&sigpipe_, nullptr, &at_once);
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

 private:
  [[nodiscard]] static bool IsPending() {
    sigset_t pending;
    sigpending(&pending);
    return sigismember(&pending, SIGPIPE) == 1;
  }

  sigset_t sigpipe_{};
  sigset_t before_{};
  bool was_pending_ = false;
};

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_NET_SIGPIPE_GUARD_H_
