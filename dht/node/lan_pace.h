// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// LanPace: how often a node speaks to its links, and whom of those it hears it takes up. Anybody on
// a link can say anything there, so both are bounded. No socket, no clock.

#ifndef COMMRESOLVE_DHT_NODE_LAN_PACE_H_
#define COMMRESOLVE_DHT_NODE_LAN_PACE_H_

#include <chrono>
#include <cstddef>
#include <map>

#include "dht/node/peer_address.h"

namespace commresolve::dht {

/// Used by one thread. Times never go back.
class LanPace {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// Speaking is never due more often than that, whatever is heard.
  static constexpr std::chrono::seconds kLeastPause{3};
  static constexpr std::chrono::seconds kAlonePause{30};
  static constexpr std::chrono::minutes kUsualPause{5};
  /// Taken up once in that time.
  static constexpr std::chrono::minutes kSameAgain{10};
  static constexpr size_t kMostKnown = 256;
  static constexpr size_t kMostInAMinute = 16;

  /// Whether to speak now. Due at once, again after kLeastPause, for one packet may be lost, and
  /// then regularly: less often for a node that is `connected`.
  bool Speak(bool connected, Time now);
  /// Whether a node that was heard is to be taken up. If so, speaking is due, so that it hears us
  /// too.
  bool Hear(const PeerAddress& node, Time now);

 private:
  void Forget(Time now);

  std::map<PeerAddress, Time> known_;  ///< When they were taken up.
  Time spoke_{};
  size_t times_spoken_ = 0;
  bool answer_ = false;
  Time minute_{};
  size_t in_minute_ = 0;
};

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_NODE_LAN_PACE_H_
