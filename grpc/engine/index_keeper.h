// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// IndexKeeper: a thread that brings the search index up to what the ledger holds.

#ifndef COMMRESOLVE_GRPC_ENGINE_INDEX_KEEPER_H_
#define COMMRESOLVE_GRPC_ENGINE_INDEX_KEEPER_H_

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "index/store.h"

namespace commresolve::daemon {

/// Looks at once when woken, and every second for what other processes have recorded.
class IndexKeeper {
 public:
  explicit IndexKeeper(std::unique_ptr<index::Store> store);
  /// Stops; what is not indexed yet is indexed next time.
  ~IndexKeeper();

  void Wake();
  /// Why the last attempt failed; empty if it did not.
  [[nodiscard]] std::string problem() const;

 private:
  void Run();
  void CatchUp();

  std::unique_ptr<index::Store> store_;
  std::atomic<bool> stop_{false};
  mutable std::mutex lock_;  // Guards woken_ and problem_.
  std::condition_variable wake_;
  bool woken_ = true;
  std::string problem_;
  std::thread thread_;
};

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_ENGINE_INDEX_KEEPER_H_
