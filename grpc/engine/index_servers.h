// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// IndexServers: the indexes of other machines, asked all at once. What they say is believed by
// nobody.

#ifndef COMMRESOLVE_GRPC_ENGINE_INDEX_SERVERS_H_
#define COMMRESOLVE_GRPC_ENGINE_INDEX_SERVERS_H_

#include <functional>
#include <string>
#include <vector>

#include "grpc/engine/deadline.h"
#include "index/finder.h"

namespace commresolve::daemon {

/// The most rows that an index server is asked for.
inline constexpr size_t kMaxRowsOfServer = 1'000;

/// What one of them said.
struct IndexServerAnswer {
  std::string index_server;  ///< Its name in the settings.
  /// Its first rows, as it sent them. kUnavailable if it cannot be reached, kDeadlineExceeded,
  /// kUntrusted if it proved another key or refuses this daemon, kBusy, kInterrupted after End(),
  /// and kCorrupt if what it sent cannot be read or is more than was asked for. Messages hold
  /// nothing that it sent.
  Result<index::SearchRows> found;
};

/// Implementations are safe for concurrent use.
class IndexServers {
 public:
  virtual ~IndexServers() = default;

  /// Asks each for its first `count` rows, calls `meanwhile`, and returns when all have answered,
  /// or a moment after `deadline`: one answer for each, in the order of the settings.
  virtual std::vector<IndexServerAnswer> Ask(const std::string& query, size_t count,
                                             Deadline deadline,
                                             const std::function<void()>& meanwhile) = 0;
  /// Ends what is under way, and every later question at once: with kInterrupted.
  virtual void End() = 0;
};

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_ENGINE_INDEX_SERVERS_H_
