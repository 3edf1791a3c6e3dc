// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Publisher: keeps the snapshot of names true to the bindings and proofs.

#ifndef COMMRESOLVE_GRPC_DAEMON_PUBLISHER_H_
#define COMMRESOLVE_GRPC_DAEMON_PUBLISHER_H_

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "grpc/engine/engine.h"
#include "grpc/snapshot/snapshot.h"

namespace commresolve::daemon {

/// Writes at most once a second, when a record has changed; and every minute, because a snapshot
/// ends two minutes after it was made, so that one of a daemon that died is believed no longer. The
/// empty file beside it, its name with `.changed`, is written when the answers are others, for
/// whoever tells a cache.
class Publisher {
 public:
  struct Counts {
    uint64_t published = 0;
    uint64_t failed = 0;
    size_t names = 0;     ///< In the last snapshot.
    size_t refused = 0;   ///< Records that it could not hold.
    std::string problem;  ///< Why the last attempt failed; empty if it did not.
  };

  /// `path` is that of the snapshot; its folder exists. `engine` is borrowed.
  Publisher(Engine& engine, std::string path);
  /// Stops; the snapshot stays.
  ~Publisher();

  /// Something may have changed.
  void Wake();
  [[nodiscard]] Counts counts() const;

 private:
  void Run();
  Status Publish();

  Engine& engine_;
  const std::string path_;
  mutable std::mutex lock_;  // Guards what follows, to counts_.
  std::condition_variable wake_;
  bool stop_ = false;
  bool woken_ = true;
  Counts counts_;
  std::vector<SnapshotRecord> last_;  // Of the publisher's thread, like the next two.
  uint64_t generation_ = 0;
  UnixTime created_ = 0;  // Of the last snapshot.
  std::thread thread_;
};

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_DAEMON_PUBLISHER_H_
