// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A lock around a FinderStanding.

#include "grpc/sharing/finder_book.h"

#include <utility>

namespace commresolve::daemon {

FinderBook::FinderBook(std::string path) : path_(std::move(path)) {
  auto standing = dht::LoadStanding(path_);
  if (standing.ok()) standing_ = std::move(*standing);
}

dht::FinderRank FinderBook::Of(const dht::Ed25519Key& finder) const {
  const std::lock_guard guard(lock_);
  return standing_.Of(finder);
}

void FinderBook::Judge(const dht::Claim& claim, bool held, UnixTime now) {
  const std::lock_guard guard(lock_);
  for (const dht::Ed25519Key& finder : claim.finders) {
    standing_.Judge(finder, claim.key, claim.word, held, now);
  }
  changed_ = true;
}

Status FinderBook::Save() {
  const std::lock_guard guard(lock_);
  if (!changed_) return {};
  COMMRESOLVE_TRY(dht::SaveStanding(path_, standing_));
  changed_ = false;
  return {};
}

}  // namespace commresolve::daemon
