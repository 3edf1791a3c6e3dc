// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// ObserverNews: what the observers that the user chose said last about bound keys, and about keys
// that answered in their place.
//
// It is fetched in the background, every few hours, and never because a name is looked up. A key
// that answers instead of a bound one is asked for within seconds; until then nobody was heard to
// see it.

#ifndef COMMRESOLVE_GRPC_SHARING_OBSERVER_NEWS_H_
#define COMMRESOLVE_GRPC_SHARING_OBSERVER_NEWS_H_

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <vector>

#include "dht/find/getter.h"
#include "dht/record/freshest.h"
#include "resolver/observer_source.h"
#include "resolver/trust/known_certs.h"

namespace commresolve::daemon {

/// Safe for concurrent use, but Look(), which is for one thread.
class ObserverNews final : public ObserverSource {
 public:
  ObserverNews();

  /// Of keys nobody asked about before, `new_key` is fetched with the next Look().
  ObserverView ViewOfChange(const Service& service, const std::vector<KeyId>& old_keys,
                            const KeyId& new_key, UnixTime now) override;

  /// From now on these are listened to; what others said is forgotten.
  void Choose(std::vector<ChosenObserver> observers);
  /// Fetches what is due: of the keys that `known` accepts, at most 16 at one look, and of the keys
  /// asked about. Nothing without observers. Waits for the answers, at most some five seconds;
  /// `stop` is looked at meanwhile. `getter` and `clock` outlive every get.
  void Look(dht::Getter& getter, const Clock& clock, const KnownCerts& known,
            const std::atomic<bool>& stop);

 private:
  struct Heard {
    std::vector<Sighting> sightings;
    UnixTime next = 0;      ///< When it is fetched again.
    UnixTime asked_at = 0;  ///< By ViewOfChange(), last; 0: it is bound, and nobody asked.
  };
  [[nodiscard]] std::vector<KeyId> TakeDue(const KnownCerts& known, UnixTime now);
  [[nodiscard]] UnixTime Later(UnixTime now);

  std::mutex lock_;  // Guards what follows.
  std::vector<ChosenObserver> observers_;
  std::map<KeyId, Heard> heard_;
  std::shared_ptr<dht::Freshest> fresh_;  // Shared with gets that are given up at the end.
  std::mt19937_64 random_{std::random_device{}()};
};

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_SHARING_OBSERVER_NEWS_H_
