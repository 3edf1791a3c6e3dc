// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// OpenOnce: keeps one process from opening the same LMDB files twice.
//
// The second close would drop the first one's POSIX locks without a word (lmdb.h, "Caveats").

#ifndef COMMRESOLVE_INDEX_LEDGER_OPEN_ONCE_H_
#define COMMRESOLVE_INDEX_LEDGER_OPEN_ONCE_H_

#include <sys/types.h>

#include <string>
#include <tuple>
#include <utility>

#include "resolver/base/result.h"

namespace commresolve::index {

class OpenOnce {
 public:
  /// kBusy if this process holds `folder` already. A child after fork() holds nothing.
  static Result<OpenOnce> Take(const std::string& folder);
  OpenOnce(OpenOnce&& other) noexcept : key_(std::exchange(other.key_, {})) {}
  OpenOnce& operator=(OpenOnce&&) = delete;
  ~OpenOnce();

 private:
  using Key = std::tuple<pid_t, dev_t, ino_t>;
  explicit OpenOnce(Key key) : key_(std::move(key)) {}
  Key key_;
};

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_LEDGER_OPEN_ONCE_H_
