// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// ProveKeys: tries what somebody claims: this key lives there.

#ifndef COMMRESOLVE_GRPC_ENGINE_PROVE_KEYS_H_
#define COMMRESOLVE_GRPC_ENGINE_PROVE_KEYS_H_

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "index/store.h"
#include "resolver/net/prober.h"
#include "resolver/trust/standing.h"

namespace commresolve::daemon {

struct KeyPlace {
  KeyId key;
  Endpoint endpoint;
  auto operator<=>(const KeyPlace&) const = default;
};

/// A key that has just proved itself.
struct ProvedKey {
  CertificateFacts shown;
  std::vector<Keyword> keywords;  ///< Of that certificate.
  Endpoint endpoint;
  UnixTime proved_at = 0;
  Standing standing;
};

using ProvedSink = std::function<void(const ProvedKey&)>;

/// One handshake with each different endpoint. Where a key answers that is expected there, the
/// handshake is recorded in `store`, and `sink` is told, on this thread, at once. Nothing else is
/// recorded: whoever names places that are not the key's must not be able to take any from it.
/// `stop` may be null. What cannot be recorded is not told: the last such error is returned.
Status ProveKeys(index::Store& store, Prober& prober, const ProbeOptions& probe,
                 const std::vector<KeyPlace>& places, const KnownCerts& known, int64_t max_age,
                 const std::atomic<bool>* stop, const ProvedSink& sink);

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_ENGINE_PROVE_KEYS_H_
