// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// EndpointCollector: the endpoints of a key, put together from its sightings.

#ifndef COMMRESOLVE_INDEX_LEDGER_ENDPOINT_COLLECTOR_H_
#define COMMRESOLVE_INDEX_LEDGER_ENDPOINT_COLLECTOR_H_

#include <string>
#include <vector>

#include "index/ledger/records.h"
#include "resolver/base/result.h"
#include "resolver/candidate.h"

namespace commresolve::index {

/// Keeps the 64 newest of any number of endpoints, in memory for twice as many.
class EndpointCollector {
 public:
  /// Sightings of one endpoint come one after the other. Those without endpoint are left out.
  Status Add(const std::string& endpoint_bytes, const SightingRecord& sighting);
  /// The endpoints, newest first.
  std::vector<SeenEndpoint> Take();

 private:
  void Cut();

  std::string current_;
  std::vector<SeenEndpoint> endpoints_;
};

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_LEDGER_ENDPOINT_COLLECTOR_H_
