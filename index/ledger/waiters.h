// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Waiters: whether another writer waits for the ledger, in this process or another. LMDB does not
// tell.

#ifndef COMMRESOLVE_INDEX_LEDGER_WAITERS_H_
#define COMMRESOLVE_INDEX_LEDGER_WAITERS_H_

#include <cstddef>
#include <mutex>
#include <string>

#include "index/ledger/ledger.h"
#include "resolver/base/unique_fd.h"

namespace commresolve::index {

/// Whoever waits holds a shared lock on an empty file, of the open file description, so that it
/// goes with its process. Safe for concurrent use. A child after fork() makes its own.
class Waiters {
 public:
  /// `path`: the file, which is created with mode 0600 if it is missing. Where that fails, it is
  /// tried again with every Place.
  explicit Waiters(std::string path);

  /// A waiting thread, from its making to its end.
  class Place {
   public:
    explicit Place(Waiters& waiters) : waiters_(waiters) { waiters_.Enter(); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    ~Place() { waiters_.Leave(); }

   private:
    Waiters& waiters_;
  };

  /// For the one who writes. kUnknown if the file cannot be used.
  [[nodiscard]] Waiting Ask() const;

 private:
  void Enter();
  void Leave();
  void OpenFile();

  const std::string path_;
  mutable std::mutex lock_;  // Over everything below.
  UniqueFd file_;
  size_t here_ = 0;  // Threads of this process.
};

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_LEDGER_WAITERS_H_
