// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Pauses and counts.

#include "dht/node/lan_pace.h"

namespace commresolve::dht {

bool LanPace::Speak(bool connected, Time now) {
  const auto pause = answer_ || times_spoken_ < 2 ? std::chrono::seconds(kLeastPause)
                     : connected                  ? std::chrono::seconds(kUsualPause)
                                                  : std::chrono::seconds(kAlonePause);
  if (times_spoken_ > 0 && now - spoke_ < pause) return false;
  spoke_ = now;
  ++times_spoken_;
  answer_ = false;
  return true;
}

bool LanPace::Hear(const PeerAddress& node, Time now) {
  const auto known = known_.find(node);
  if (known != known_.end() && now - known->second < kSameAgain) return false;
  if (in_minute_ == 0 || now - minute_ >= std::chrono::minutes(1)) {
    minute_ = now;
    in_minute_ = 0;
  }
  if (in_minute_ >= kMostInAMinute) return false;
  Forget(now);
  if (known_.size() >= kMostKnown && !known_.contains(node)) return false;
  ++in_minute_;
  known_[node] = now;
  answer_ = true;
  return true;
}

void LanPace::Forget(Time now) {
  std::erase_if(known_, [now](const auto& entry) { return now - entry.second >= kSameAgain; });
}

}  // namespace commresolve::dht
