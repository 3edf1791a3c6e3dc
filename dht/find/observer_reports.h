// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// ObserverReports: observations of keys, as far as the user chose who made them: the sightings that
// the rules of resolver/trust/quorum.h take.

#ifndef COMMRESOLVE_DHT_FIND_OBSERVER_REPORTS_H_
#define COMMRESOLVE_DHT_FIND_OBSERVER_REPORTS_H_

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <span>
#include <vector>

#include "dht/find/getter.h"
#include "dht/record/freshest.h"
#include "dht/record/observation.h"
#include "resolver/trust/quorum.h"

namespace commresolve::dht {

/// Others than the chosen observers are counted and nothing else: their records are not even
/// checked, and no number of them changes what sightings() returns or how long it takes.
/// Safe for concurrent use.
class ObserverReports {
 public:
  /// Of one observer so many reports are kept: the first that come.
  static constexpr size_t kReportsOfObserver = 64;
  static constexpr size_t kMostUntrusted = 10'000;  ///< Counted up to here.

  /// For these observers, those with trust 0 left out. `fresh` is borrowed, and is asked by this
  /// object alone while it lives: it remembers what was accepted from them before.
  ObserverReports(const std::vector<ChosenObserver>& observers, Freshest& fresh);

  /// Takes a value that was found under `where`, whatever it is. Of one observer, key and endpoint
  /// the greatest sequence number counts, of equal ones that with the latest look.
  void Add(const DhtKey& where, uint16_t type, std::span<const uint8_t> payload, UnixTime now);

  /// Everything that the chosen observers say.
  [[nodiscard]] std::vector<Sighting> sightings() const;
  /// Different others that claim to have seen one of the keys.
  [[nodiscard]] size_t untrusted() const;
  /// Records of chosen observers that were malformed, forged, expired or old.
  [[nodiscard]] size_t refused() const;

 private:
  mutable std::mutex lock_;  // Guards what follows.
  std::set<Ed25519Key> chosen_;
  Freshest& fresh_;
  std::map<Stream, Observation> reports_;
  std::map<Ed25519Key, size_t> counts_;
  std::set<Ed25519Key> others_;
  size_t refused_ = 0;
};

/// Asks `getter` for the observations of `keys` and gives them to `reports`; calls `done` once,
/// when all are there or `patience` is over. At most `most_values` of each key are looked at.
/// `reports` and `clock` are borrowed until then. Ask for keys that were proved or bound at a time
/// when that tells nobody what is being looked up: in the background, with others.
void FetchReports(Getter& getter, const std::vector<KeyId>& keys, size_t most_values,
                  std::chrono::milliseconds patience, const Clock& clock, ObserverReports& reports,
                  std::function<void()> done);

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_FIND_OBSERVER_REPORTS_H_
