// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One family after another, in the order of the documentation.

#include "grpc/daemon/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace commresolve::daemon {
namespace {

class Writer {
 public:
  void Gauge(const char* name, const char* help, double value) {
    Family(name, "gauge", help);
    Append("{} {}\n", name, value);
  }
  void Counter(const char* name, const char* help) { Family(name, "counter", help); }
  void Sample(const char* name, const char* label, const char* text, uint64_t value) {
    Append("{}_total{{{}=\"{}\"}} {}\n", name, label, text, value);
  }
  void Family(const char* name, const char* type, const char* help) {
    Append("# TYPE {} {}\n# HELP {} {}\n", name, type, name, help);
  }
  template <class... Arguments>
  void Append(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    fmt::format_to(std::back_inserter(text_), format, std::forward<Arguments>(arguments)...);
  }
  std::string Finish() {
    Append("# EOF\n");
    return std::move(text_);
  }

 private:
  std::string text_;
};

/// As grpc/status.h spells them, in the order of their numbers.
const char* CodeText(grpc::StatusCode code) {
  static constexpr std::array kNames = {"ok",
                                        "cancelled",
                                        "unknown",
                                        "invalid_argument",
                                        "deadline_exceeded",
                                        "not_found",
                                        "already_exists",
                                        "permission_denied",
                                        "resource_exhausted",
                                        "failed_precondition",
                                        "aborted",
                                        "out_of_range",
                                        "unimplemented",
                                        "internal",
                                        "unavailable",
                                        "data_loss",
                                        "unauthenticated"};
  const auto number = static_cast<size_t>(code);
  return number < kNames.size() ? kNames.at(number) : "unknown";
}

void WriteCalls(Writer& writer, const CallCounter::Counts& calls) {
  constexpr const char* kName = "commresolve_calls";
  writer.Counter(kName, "gRPC calls that ended.");
  for (const auto& [call, count] : calls) {
    const auto& [method, code] = call;
    writer.Append("{}_total{{method=\"{}\",code=\"{}\"}} {}\n", kName,
                  method.empty() ? "none" : method.substr(1), CodeText(code), count);
  }
}

void WriteNss(Writer& writer, const NssEndpointCounters& nss) {
  constexpr const char* kConnections = "commresolve_nss_connections";
  writer.Counter(kConnections, "Connections of the NSS module.");
  writer.Sample(kConnections, "result", "accepted", nss.accepted - nss.refused);
  writer.Sample(kConnections, "result", "refused", nss.refused);
  constexpr const char* kQuestions = "commresolve_nss_questions";
  writer.Counter(kQuestions, "Questions of the NSS module.");
  writer.Sample(kQuestions, "result", "answered", nss.answered);
  writer.Sample(kQuestions, "result", "overdue", nss.overdue);
  writer.Sample(kQuestions, "result", "malformed", nss.malformed);
}

/// "posting_block" of "posting block".
std::string LabelOf(std::string name) {
  std::ranges::replace(name, ' ', '_');
  return name;
}

void WriteQueue(Writer& writer, const dht::CountsByType& queue) {
  constexpr const char* kName = "commresolve_sharing_records";
  writer.Family(kName, "gauge", "What this machine publishes.");
  for (size_t i = 0; i < queue.size(); ++i) {
    const std::string type = LabelOf(dht::RecordKinds().at(i).name);
    const auto sample = [&](const char* state, size_t count) {
      writer.Append("{}{{type=\"{}\",state=\"{}\"}} {}\n", kName, type, state, count);
    };
    sample("all", queue.at(i).entries);
    sample("due", queue.at(i).due);
    sample("unpublished", queue.at(i).unpublished);
    sample("failing", queue.at(i).failing);
    sample("overdue", queue.at(i).overdue);
  }
}

void WriteSharing(Writer& writer, const SharingStatus& sharing) {
  const dht::Health& health = sharing.health;
  writer.Gauge("commresolve_sharing_joined", "1 if the user joined the network of peers.",
               sharing.membership.joined ? 1 : 0);
  writer.Gauge("commresolve_sharing_running", "1 if the node runs.", sharing.running ? 1 : 0);
  writer.Gauge("commresolve_sharing_zombie", "1 if what is sent brings no answer any more.",
               health.zombie ? 1 : 0);
  constexpr const char* kPeers = "commresolve_sharing_peers";
  writer.Family(kPeers, "gauge", "Nodes that answered lately.");
  writer.Append("{}{{family=\"ipv4\"}} {}\n", kPeers, health.peers4);
  writer.Append("{}{{family=\"ipv6\"}} {}\n", kPeers, health.peers6);
  writer.Gauge("commresolve_sharing_networks", "Different /24 and /48 among them.",
               static_cast<double>(health.networks));
  writer.Gauge("commresolve_sharing_stored_bytes", "Of the records of others.",
               static_cast<double>(health.stored_bytes));
  constexpr const char* kDatagrams = "commresolve_sharing_datagrams";
  writer.Counter(kDatagrams, "Datagrams of the node, those that were dropped included.");
  writer.Sample(kDatagrams, "direction", "received", health.received);
  writer.Sample(kDatagrams, "direction", "sent", health.sent);
  constexpr const char* kRefused = "commresolve_sharing_refused_records";
  writer.Counter(kRefused, "Records of others that were not stored.");
  writer.Sample(kRefused, "reason", "rule", health.refused_by_rule);
  writer.Sample(kRefused, "reason", "room", health.refused_for_room);
  WriteQueue(writer, sharing.queue);
}

}  // namespace

std::string MetricsText(const Metrics& metrics) {
  Writer writer;
  writer.Append(
      "# TYPE commresolve_build info\n# HELP commresolve_build The program.\n"
      "commresolve_build_info{{version=\"{}\"}} 1\n",
      metrics.version);
  writer.Gauge("commresolve_started_seconds", "When the daemon started, in Unix time.",
               static_cast<double>(metrics.started_at));
  writer.Gauge("commresolve_known_certs_readable", "0 if known_certs cannot be used.",
               metrics.known_certs_readable ? 1 : 0);
  writer.Gauge("commresolve_bindings", "Lines of known_certs that bind words.",
               static_cast<double>(metrics.bindings));
  writer.Gauge("commresolve_index_healthy", "0 if the search index cannot be brought up to date.",
               metrics.index_healthy ? 1 : 0);
  writer.Gauge("commresolve_snapshot_names", "Names in the last snapshot.",
               static_cast<double>(metrics.publisher.names));
  writer.Gauge("commresolve_snapshot_left_out", "Names that the last snapshot could not hold.",
               static_cast<double>(metrics.publisher.refused));
  writer.Counter("commresolve_snapshots", "Snapshots of names.");
  writer.Sample("commresolve_snapshots", "result", "published", metrics.publisher.published);
  writer.Sample("commresolve_snapshots", "result", "failed", metrics.publisher.failed);
  writer.Counter("commresolve_proofs", "Proofs of bound names that were renewed in time.");
  writer.Sample("commresolve_proofs", "result", "proved", metrics.refresher.proved);
  writer.Sample("commresolve_proofs", "result", "failed", metrics.refresher.failed);
  WriteNss(writer, metrics.nss);
  WriteCalls(writer, metrics.calls);
  if (metrics.sharing) WriteSharing(writer, *metrics.sharing);
  return writer.Finish();
}

}  // namespace commresolve::daemon
