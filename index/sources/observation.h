// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Observation: somebody saw this certificate at this endpoint at this time.

#ifndef COMMRESOLVE_INDEX_SOURCES_OBSERVATION_H_
#define COMMRESOLVE_INDEX_SOURCES_OBSERVATION_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "index/certificate/certificate.h"
#include "resolver/base/clock.h"
#include "resolver/endpoint.h"

namespace commresolve::index {

/// One server certificate with the circumstances in which it was seen.
struct Observation {
  std::vector<std::string> chain;    ///< DER, leaf first, at least one. The rest as sent.
  std::optional<Endpoint> endpoint;  ///< Empty if only the certificate is known (a file).
  UnixTime time = 0;
  std::string source;  ///< "probe", "import", "pcap", "ct", ... without blanks.
  bool proof = false;  ///< Our own handshake: the time is also that of a proof.
  std::string origin;  ///< "file:offset" for messages; not stored.
  /// ParseInBulk(chain[0]) if that was done already; may be null.
  std::shared_ptr<const ParsedCertificate> certificate = {};
};

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_SOURCES_OBSERVATION_H_
