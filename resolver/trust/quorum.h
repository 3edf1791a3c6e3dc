// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Quorum: what the observers that the user chose say about a key. Pure rules.
//
// Only chosen observers count, each once, whatever the number of others and of reports. An observer
// sees what his latest looks at each endpoint showed: a look older than kFreshLook says nothing,
// nor does one that ended before another one at the same endpoint began. An observer without a look
// that counts is silent. Golden vectors: tests/resolver/trust/testdata/quorum.txt.
//
// Trust amounts are those of OpenPGP: 120 is full trust, three observers of 40 are worth as much.

#ifndef COMMRESOLVE_RESOLVER_TRUST_QUORUM_H_
#define COMMRESOLVE_RESOLVER_TRUST_QUORUM_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "resolver/base/clock.h"
#include "resolver/base/digest.h"
#include "resolver/endpoint.h"
#include "resolver/trust/key_change.h"

namespace commresolve {

/// An observer's Ed25519 public key.
using ObserverId = Digest<struct ObserverIdTag>;

/// From where an observer looks: the area of one registry of addresses, and no more. The numbers
/// stand in records; never reuse one.
enum class Region : uint8_t {
  kUnknown = 0,
  kAfrica = 1,        ///< AFRINIC
  kAsiaPacific = 2,   ///< APNIC
  kNorthAmerica = 3,  ///< ARIN
  kLatinAmerica = 4,  ///< LACNIC
  kEurope = 5,        ///< RIPE NCC: Europe, the Middle East, Central Asia
};
inline constexpr Region kLastRegion = Region::kEurope;

inline constexpr int kFullTrust = 120;  ///< The most trust in one observer, and what is needed.
inline constexpr int kUsualTrust = 40;  ///< So much from one observer is a reason to hold.
inline constexpr size_t kLeastObservers = 3;
inline constexpr size_t kLeastRegions = 2;
inline constexpr size_t kMostDissent = 1;
inline constexpr int64_t kLeastDuration = 7LL * 86'400;  ///< Seconds.
inline constexpr int64_t kFreshLook = 2LL * 86'400;      ///< Seconds.
inline constexpr int64_t kLookAhead = 600;  ///< Reports from further in the future are left out.

/// An observer that the user chose.
struct ChosenObserver {
  ObserverId id;
  int trust = kUsualTrust;  ///< Taken as 0 to kFullTrust; with 0 he does not count.
};

/// At every look from first_seen to last_seen `observer` saw that the endpoint proved `key`.
struct Sighting {
  ObserverId observer;
  KeyId key;
  Endpoint endpoint;
  UnixTime first_seen = 0;
  UnixTime last_seen = 0;
  Region region = Region::kUnknown;
};

/// What a key is asked about. A sighting concerns it if its server name is one of `names`, or if
/// its endpoint is one of `endpoints`, server name included.
struct Service {
  std::vector<std::string> names;
  std::vector<Endpoint> endpoints;
};

/// Whether observers corroborate a key (tier 2).
struct Corroboration {
  bool holds = false;
  size_t agree = 0;    ///< Observers that see the key.
  size_t dissent = 0;  ///< Observers that see only other keys.
  int trust = 0;       ///< Of those that agree, together.
  size_t regions = 0;  ///< Known regions of those that agree.
  /// From when on those that agree now, together, have been enough. Empty if they are not.
  std::optional<UnixTime> since;
  std::string reason;  ///< One line for people: why it does not hold, or that it does.
};

/// It holds if at least kLeastObservers see `key`, worth kFullTrust together, from kLeastRegions
/// known regions, and have done so for kLeastDuration; and at most kMostDissent see only other
/// keys, not one of them with full trust. Time grows with the number of sightings times the
/// logarithm of that of observers.
Corroboration Corroborate(const std::vector<ChosenObserver>& observers,
                          const std::vector<Sighting>& sightings, const Service& service,
                          const KeyId& key, UnixTime now);

/// What the observers say when `new_key` answers instead of `old_keys` (rows 5, 6 and 8 of the
/// key-change table):
/// - kEveryoneNewKey: those that see the new key would corroborate it but for the duration.
/// - kOnlyOldKey: nobody sees the new key, and those that see an old one are worth kUsualTrust; or
///   those that see only an old one would corroborate it but for the duration.
/// - kNobodyToAsk: anything else.
ObserverView ViewOfChange(const std::vector<ChosenObserver>& observers,
                          const std::vector<Sighting>& sightings, const Service& service,
                          const std::vector<KeyId>& old_keys, const KeyId& new_key, UnixTime now);

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_TRUST_QUORUM_H_
