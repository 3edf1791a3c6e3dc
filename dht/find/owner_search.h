// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// OwnerSearch: where a key lives now, as its owner says; for a key that is known already.
//
// Whoever asks tells the nodes around the key that somebody knows it, so this is for keys that do
// not answer where they were, not for every look-up.

#ifndef COMMRESOLVE_DHT_FIND_OWNER_SEARCH_H_
#define COMMRESOLVE_DHT_FIND_OWNER_SEARCH_H_

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "dht/find/getter.h"
#include "dht/find/places.h"

namespace commresolve::dht {

/// Remembers sequence numbers from one search to the next. Safe for concurrent use.
class OwnerSearch {
 public:
  static constexpr size_t kMostValues = 64;  ///< Records of one key that are looked at.
  static constexpr size_t kMostPlaces = 8;
  /// Best first, at most kMostPlaces, each of `key`; empty if nobody says where it lives.
  using Done = std::function<void(const std::vector<Place>& places)>;

  /// `getter` and `clock` are borrowed until every search is done.
  OwnerSearch(Getter& getter, const Clock& clock, Acquaintances known);

  /// Asks once and calls `done` once, as the getter calls back, at the latest after `patience`.
  void Find(const KeyId& key, std::chrono::milliseconds patience, Done done);

 private:
  struct Memory;
  Getter& getter_;
  const Clock& clock_;
  const Acquaintances known_;
  std::shared_ptr<Memory> memory_;
};

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_FIND_OWNER_SEARCH_H_
