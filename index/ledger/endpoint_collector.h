// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// EndpointCollector: the endpoints of a key, put together from its sightings.

#ifndef COMMRESOLVE_INDEX_LEDGER_ENDPOINT_COLLECTOR_H_
#define COMMRESOLVE_INDEX_LEDGER_ENDPOINT_COLLECTOR_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "index/ledger/records.h"
#include "resolver/base/result.h"
#include "resolver/candidate.h"

namespace commresolve::index {

/// The last proof on record at an endpoint (EndpointBytes).
using LastProof = std::function<Result<std::optional<ProofRecord>>(const std::string& endpoint)>;

/// Keeps the 64 best of any number of endpoints, in memory for twice as many.
class EndpointCollector {
 public:
  /// Sightings of one endpoint come one after the other. Those without endpoint are left out.
  Status Add(const std::string& endpoint_bytes, const SightingRecord& sighting);
  /// The endpoints of `key`: those that proved it first, by the time of the proof, then the newest.
  /// One at which another key was proved since has wrong_at. Errors are those of `last_proof`.
  Result<std::vector<SeenEndpoint>> Take(KeyNo key, const LastProof& last_proof);

 private:
  void Cut();

  std::string current_;
  std::vector<SeenEndpoint> endpoints_;
};

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_LEDGER_ENDPOINT_COLLECTOR_H_
