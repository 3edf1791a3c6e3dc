// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// FinderBook: the standing of finders for several searches at once, and its file.

#ifndef COMMRESOLVE_GRPC_SHARING_FINDER_BOOK_H_
#define COMMRESOLVE_GRPC_SHARING_FINDER_BOOK_H_

#include <mutex>
#include <string>

#include "dht/find/claim_board.h"
#include "dht/find/finder_standing.h"

namespace commresolve::daemon {

/// Safe for concurrent use.
class FinderBook {
 public:
  /// For the file at `path`, docs/formats/finders.md; one that cannot be read is as good as none,
  /// and is replaced.
  explicit FinderBook(std::string path);

  [[nodiscard]] dht::FinderRank Of(const dht::Ed25519Key& finder) const;
  /// The server of the claimed key has proved it at `now`; `held` if its certificate carries the
  /// word. See FinderStanding::Judge().
  void Judge(const dht::Claim& claim, bool held, UnixTime now);
  /// Writes the file, if anything was judged since. As SaveStanding().
  Status Save();

 private:
  const std::string path_;
  mutable std::mutex lock_;  // Guards what follows.
  dht::FinderStanding standing_;
  bool changed_ = false;
};

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_SHARING_FINDER_BOOK_H_
