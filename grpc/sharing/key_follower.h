// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// KeyFollower: finds bound keys again that moved: if a bound name has had no address for a while,
// the owners of its keys are asked where they live now, and what they say is tried.
//
// It works beside the look-ups and never because of one, so nobody learns from it when a name is
// used. It is the one case in which peers are asked about something that is bound: about its key,
// never its words.

#ifndef COMMRESOLVE_GRPC_SHARING_KEY_FOLLOWER_H_
#define COMMRESOLVE_GRPC_SHARING_KEY_FOLLOWER_H_

#include <atomic>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "dht/find/owner_search.h"
#include "grpc/engine/engine.h"
#include "grpc/sharing/statement_news.h"

namespace commresolve::daemon {

/// Used by one thread.
class KeyFollower {
 public:
  /// Both are borrowed. `statements` is told where keys proved themselves.
  KeyFollower(Engine& engine, StatementNews& statements)
      : engine_(engine), statements_(statements) {}

  /// Notes which bound names have no address on record, and asks for those that had none the last
  /// time either: again after 10 seconds to begin with, at last every 10 minutes, all times varied
  /// by up to half. Waits for the answers and the handshakes, at most some ten seconds. `stop` is
  /// looked at meanwhile.
  void Look(dht::OwnerSearch& owners, const std::atomic<bool>& stop);

 private:
  struct Lost {
    int looks = 0;
    UnixTime next = 0;
  };
  [[nodiscard]] std::vector<KeyId> KeysToAskFor();
  /// Who named it of each place.
  using Places = std::map<KeyPlace, dht::Speaker>;
  [[nodiscard]] Places PlacesOf(const std::vector<KeyId>& keys, dht::OwnerSearch& owners,
                                const std::atomic<bool>& stop) const;

  Engine& engine_;
  StatementNews& statements_;
  std::map<std::string, Lost> lost_;  // By words.
  std::mt19937_64 random_{std::random_device{}()};
};

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_SHARING_KEY_FOLLOWER_H_
