// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Merging and bounding of endpoints.

#include "index/ledger/endpoint_collector.h"

#include <algorithm>
#include <cstdint>
#include <tuple>

#include "index/ledger/row_key.h"

namespace commresolve::index {
namespace {

constexpr size_t kMaxEndpoints = 64;

/// What our own handshakes proved comes first: an imported file can hold any number of endpoints,
/// and must not push these out.
bool Better(const SeenEndpoint& a, const SeenEndpoint& b) {
  const auto rank = [](const SeenEndpoint& seen) {
    return std::tuple(seen.proved_at.value_or(INT64_MIN), seen.last_seen);
  };
  if (rank(a) != rank(b)) return rank(a) > rank(b);
  return a.endpoint < b.endpoint;
}

}  // namespace

Status EndpointCollector::Add(const std::string& endpoint_bytes, const SightingRecord& sighting) {
  if (endpoint_bytes != current_ || endpoints_.empty()) {
    COMMRESOLVE_ASSIGN(endpoint, ReadEndpoint(endpoint_bytes));
    if (!endpoint) return {};
    if (endpoints_.size() >= 2 * kMaxEndpoints) Cut();
    current_ = endpoint_bytes;
    endpoints_.push_back({*std::move(endpoint), sighting.first_seen, sighting.last_seen,
                          sighting.proved_at, sighting.wrong_at});
    return {};
  }
  SeenEndpoint& seen = endpoints_.back();
  seen.first_seen = std::min(seen.first_seen, sighting.first_seen);
  seen.last_seen = std::max(seen.last_seen, sighting.last_seen);
  seen.proved_at = std::max(seen.proved_at, sighting.proved_at);
  seen.wrong_at = std::max(seen.wrong_at, sighting.wrong_at);
  return {};
}

void EndpointCollector::Cut() {
  const size_t kept = std::min(kMaxEndpoints, endpoints_.size());
  std::ranges::partial_sort(endpoints_, endpoints_.begin() + static_cast<std::ptrdiff_t>(kept),
                            Better);
  endpoints_.resize(kept);
}

Result<std::vector<SeenEndpoint>> EndpointCollector::Take(KeyNo key, const LastProof& last_proof) {
  Cut();
  for (SeenEndpoint& seen : endpoints_) {
    COMMRESOLVE_ASSIGN(last, last_proof(EndpointBytes(seen.endpoint)));
    const bool ours = last && last->key == key;
    if (last && !ours) seen.wrong_at = std::max(seen.wrong_at, std::optional(last->time));
    if (!seen.wrong_at || !seen.proved_at) continue;
    // Only a later proof takes it back. Within one second the last handshake decides.
    if (*seen.proved_at > *seen.wrong_at || (ours && *seen.proved_at == *seen.wrong_at)) {
      seen.wrong_at.reset();
    }
  }
  return std::move(endpoints_);
}

}  // namespace commresolve::index
