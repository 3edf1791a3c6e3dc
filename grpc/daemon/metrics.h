// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the daemon counts, as OpenMetrics 1.0 text (docs/daemon.md lists the metrics). No label ever
// holds a name that somebody asked for or bound.

#ifndef COMMRESOLVE_GRPC_DAEMON_METRICS_H_
#define COMMRESOLVE_GRPC_DAEMON_METRICS_H_

#include <optional>
#include <string>

#include "grpc/daemon/call_counter.h"
#include "grpc/daemon/publisher.h"
#include "grpc/engine/refresher.h"
#include "grpc/nss_endpoint/nss_endpoint.h"
#include "grpc/sharing/sharing.h"

namespace commresolve::daemon {

struct Metrics {
  std::string version;
  UnixTime started_at = 0;
  size_t bindings = 0;
  bool known_certs_readable = true;
  bool index_healthy = true;
  Publisher::Counts publisher;
  RefresherCounts refresher;
  NssEndpointCounters nss;
  CallCounter::Counts calls;
  std::optional<SharingStatus> sharing = {};  ///< Empty if it cannot be used.
};

/// Pure.
std::string MetricsText(const Metrics& metrics);

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_DAEMON_METRICS_H_
