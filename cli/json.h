// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Json: the machine-readable form of every output, one object a line (docs/json.md).
//
// Field names are stable and will be those of the gRPC messages. Every object begins with "schema".

#ifndef COMMRESOLVE_CLI_JSON_H_
#define COMMRESOLVE_CLI_JSON_H_

#include <optional>
#include <string>
#include <vector>

#include "cli/doctor/finding.h"
#include "cli/nsswitch.h"
#include "grpc/engine/orders.h"
#include "index/certificate/certificate.h"
#include "index/finder.h"
#include "index/importer.h"
#include "index/ledger/ledger.h"
#include "index/observer.h"
#include "resolver/resolution.h"
#include "resolver/trust/known_certs.h"
#include "resolver/trust/standing.h"
#include "resolver/verify_endpoint.h"

namespace commresolve::cli {

// Each returns one line without the newline. All are pure.
std::string CompletionJson(const index::CountedWord& word);
std::string SearchRowJson(const index::SearchRow& row, const Standing& standing, size_t rank,
                          const std::string& query_used, bool partial);
std::string MissingPartJson(const daemon::MissingPart& part);
/// Why peers could not be asked.
std::string PeersProblemJson(const Error& problem);
std::string ResolutionJson(const Resolution& resolution, bool with_trace);
std::string ImportJson(const index::ImportSummary& summary);
std::string RefusalJson(const index::Refusal& refusal);
std::string ObserveJson(const index::ObserveReport& report);
std::string BindingJson(const Binding& binding);
std::string RevokedJson(const RevokedKey& revoked);
std::string CertificateJson(const index::ParsedCertificate& certificate,
                            const std::vector<Keyword>& keywords,
                            const std::optional<PublicChain>& chain);
std::string CandidateJson(const Candidate& candidate, const Standing& standing);

struct StatusFacts {
  std::string data_folder;
  index::LedgerCounts counts;
  uint64_t search_documents = 0;
  uint64_t search_behind = 0;  ///< Listings that the index has still to take.
  uint64_t search_number = 0;
  size_t bindings = 0;
  size_t revoked = 0;
};
std::string StatusJson(const StatusFacts& status);
std::string EndpointVerdictJson(const EndpointVerdict& verdict);
std::string ErrorJson(const Error& error);

/// nsswitch.conf as it is, or as an edit makes it.
struct NssFacts {
  std::string path;
  std::optional<HostsLine> line;
  std::string problem;  ///< As PlacementProblem().
  std::vector<LineChange> changes;
  bool written = false;
};
std::string NssJson(const NssFacts& facts);
/// "ok", "warn" or "fail".
const char* HealthName(Health health);
std::string CheckJson(const Finding& finding);

}  // namespace commresolve::cli

#endif  // COMMRESOLVE_CLI_JSON_H_
