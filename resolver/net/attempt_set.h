// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// AttemptSet: the attempts that are under way, their sockets watched by epoll and their deadlines.

#ifndef COMMRESOLVE_RESOLVER_NET_ATTEMPT_SET_H_
#define COMMRESOLVE_RESOLVER_NET_ATTEMPT_SET_H_

#include <chrono>
#include <deque>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "resolver/base/unique_fd.h"
#include "resolver/net/attempt.h"

namespace commresolve {

using SteadyTime = std::chrono::steady_clock::time_point;

/// Used by one thread. `context` is borrowed for its lifetime.
class AttemptSet {
 public:
  /// An attempt that came to its end. If `handshake` is good, its connection is still open.
  struct Finished {
    size_t id;
    std::unique_ptr<Attempt> attempt;
    Result<Handshake> handshake;
  };

  AttemptSet(SSL_CTX* context, const Clock& clock, std::chrono::milliseconds deadline);

  /// Starts an attempt under a number of the caller's choice that no other attempt has. Fails as
  /// Attempt::Start() does; then there is no such attempt.
  Status Start(size_t id, const Endpoint& endpoint);

  /// Waits until an attempt ends or `until` has come, and gives out all that have ended.
  std::vector<Finished> Wait(SteadyTime until);

  [[nodiscard]] size_t size() const { return attempts_.size(); }
  [[nodiscard]] bool empty() const { return attempts_.empty(); }
  /// The numbers of those under way, in no order.
  [[nodiscard]] std::vector<size_t> UnderWay() const;

 private:
  void Advance(size_t id, std::vector<Finished>& finished);
  void Expire(SteadyTime now, std::vector<Finished>& finished);

  SSL_CTX* context_;
  const Clock& clock_;
  std::chrono::milliseconds deadline_;
  UniqueFd poller_;
  std::unordered_map<size_t, std::unique_ptr<Attempt>> attempts_;
  // All attempts have the same patience, so they expire in the order of their start.
  std::deque<std::pair<SteadyTime, size_t>> deadlines_;
};

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_NET_ATTEMPT_SET_H_
