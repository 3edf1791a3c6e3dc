// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Observer: looks at servers with handshakes of our own and records what they show.

#ifndef COMMRESOLVE_INDEX_OBSERVER_H_
#define COMMRESOLVE_INDEX_OBSERVER_H_

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "index/store.h"
#include "resolver/net/address_lookup.h"
#include "resolver/net/prober.h"

namespace commresolve::index {

/// A server to look at.
struct ObserveTarget {
  std::string host;                  ///< Host name or IP address.
  uint16_t port = 0;                 ///< 0: the default of the protocol.
  std::optional<Protocol> protocol;  ///< Empty: by the port.
  std::string server_name;           ///< SNI; empty: the host, if it is a name.
};

/// What was seen at one address of one target, or why nothing was.
struct ObserveReport {
  std::string target;                ///< "host:port" as resolved.
  std::optional<Endpoint> endpoint;  ///< Empty if no address was found.
  Result<CertificateFacts> seen;
  bool fresh = false;  ///< The certificate was not on record before.
};

struct ObserveOptions {
  ProbeOptions probe;
  std::chrono::milliseconds dns_patience{5000};
  const std::atomic<bool>* stop = nullptr;  ///< May be null.
};

/// Reads "HOST[:PORT]"; kInvalidArgument for bad text or a protocol that is not spoken.
Result<ObserveTarget> ParseObserveTarget(const std::string& text, std::optional<Protocol> protocol);

/// The endpoints of one target, asking `dns` (may be null: addresses only) for those of a name.
/// kUnavailable if there is none.
Result<std::vector<Endpoint>> EndpointsOfTarget(const ObserveTarget& target, AddressLookup* dns,
                                                std::chrono::milliseconds patience);

/// Takes the writer lock, resolves names by `dns` (may be null: addresses only), handshakes with
/// every address, records what was shown with its proof, and reports each once, in the order it is
/// known. kBusy, kInterrupted, or the store's error; what was recorded stays.
Status Observe(Store& store, Prober& prober, AddressLookup* dns,
               const std::vector<ObserveTarget>& targets, const ObserveOptions& options,
               const std::function<void(const ObserveReport&)>& report);

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_OBSERVER_H_
