// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Domain types to JSON, by nlohmann::ordered_json.

#include "cli/json.h"

#include "cli/json_parts.h"

namespace commresolve::cli {
namespace {

Json EndpointList(const Candidate& candidate) {
  Json list = Json::array();
  for (const SeenEndpoint& seen : candidate.endpoints) {
    Json json;
    PutEndpoint(json, seen.endpoint);
    json["first_seen"] = TimeOrNull(seen.first_seen);
    json["last_seen"] = TimeOrNull(seen.last_seen);
    json["proved_at"] = TimeOrNull(seen.proved_at);
    json["wrong_key_at"] = TimeOrNull(seen.wrong_at);
    list.push_back(std::move(json));
  }
  return list;
}

Json KeywordList(const std::vector<Keyword>& keywords) {
  Json list = Json::array();
  for (const Keyword& keyword : keywords) {
    list.push_back({{"word", keyword.word},
                    {"field", FieldName(keyword.field)},
                    {"evidence", EvidenceClassName(keyword.evidence)}});
  }
  return list;
}

void PutCandidate(Json& json, const Candidate& candidate, const Standing& standing) {
  PutFacts(json, candidate.certificate);
  PutChain(json, candidate.certificate.public_chain);
  json["endpoints"] = EndpointList(candidate);
  json["tier"] = StandingName(standing);
  json["first_seen"] = TimeOrNull(candidate.first_seen);
  json["last_seen"] = TimeOrNull(candidate.last_seen);
  json["sources"] = candidate.sources;
}

Json BindingObject(const Binding& binding) {
  Json json;
  json["words"] = binding.words ? Json(binding.words->ToString()) : Json(nullptr);
  json["hashed"] = binding.hashed;
  json["keys"] = KeyList(binding.accepted);
  json["rejected"] = KeyList(binding.rejected);
  json["tier"] = TierName(binding.tier);
  json["critical"] = binding.critical;
  json["public_chain"] = binding.public_chain;
  json["since"] = FormatTime(binding.since);
  json["name"] = binding.name;
  json["reason"] = binding.reason;
  return json;
}

Json ErrorObject(const Error& error) {
  return {{"code", CodeName(error.code)}, {"message", error.message}, {"hint", error.hint}};
}

Json ChangeList(const std::vector<SeenChange>& changes) {
  Json list = Json::array();
  for (const SeenChange& change : changes) {
    Json json;
    PutEndpoint(json, change.endpoint);
    json["key"] = KeyText(change.certificate.key);
    json["names"] = change.certificate.names;
    json["verdict"] = VerdictName(change.outcome.verdict);
    json["row"] = change.outcome.row;
    json["reason"] = change.outcome.reason;
    list.push_back(std::move(json));
  }
  return list;
}

}  // namespace

std::string SearchRowJson(const index::SearchRow& row, const Standing& standing, size_t rank,
                          const std::string& query_used, bool partial) {
  Json json = Object("search_result");
  json["rank"] = rank;
  json["matched"] = row.matched;
  PutCandidate(json, row.best, standing);
  json["keys"] = KeyList(row.keys);
  json["key_count"] = row.key_count;
  Json certificates = Json::array();
  for (const CertId& id : row.certificates) certificates.push_back(Hex(id.view()));
  json["certificates"] = std::move(certificates);
  json["index_server"] = row.index_server.empty() ? Json(nullptr) : Json(row.index_server);
  json["query_used"] = query_used;
  json["partial"] = partial;
  return Dump(json);
}

std::string MissingPartJson(const daemon::MissingPart& part) {
  Json json = Object("missing_part");
  json["index_server"] = part.index_server;
  json["error"] = ErrorObject(part.error);
  return Dump(json);
}

std::string PeersProblemJson(const Error& problem) {
  Json json = Object("peers_problem");
  json["error"] = ErrorObject(problem);
  return Dump(json);
}

std::string CompletionJson(const index::CountedWord& word) {
  Json json = Object("completion");
  json["word"] = word.text;
  json["listings"] = word.listings;
  return Dump(json);
}

std::string ResolutionJson(const Resolution& resolution, bool with_trace) {
  Json json = Object("resolution");
  json["verdict"] = VerdictName(resolution.verdict);
  if (resolution.answer) {
    PutEndpoint(json, resolution.answer->endpoint);
    json["canonical_name"] = resolution.answer->canonical_name;
    json["key"] = KeyText(resolution.answer->key);
    json["proved_at"] = FormatTime(resolution.answer->proved_at);
    json["fresh"] = resolution.answer->fresh;
    json["tier"] = TierName(resolution.answer->tier);
  }
  if (resolution.refusal) json["error"] = ErrorObject(*resolution.refusal);
  if (resolution.binding) json["binding"] = BindingObject(*resolution.binding);
  json["changes"] = ChangeList(resolution.changes);
  json["notices"] = resolution.notices;
  if (!with_trace) return Dump(json);
  Json trace = Json::array();
  for (const TraceStep& step : resolution.trace) {
    trace.push_back({{"stage", step.stage}, {"text", step.text}});
  }
  json["trace"] = std::move(trace);
  json["would_change"] = resolution.would_change;
  return Dump(json);
}

std::string ImportJson(const index::ImportSummary& summary) {
  Json json = Object("import_summary");
  json["read"] = summary.read;
  json["new"] = summary.fresh;
  json["known"] = summary.known;
  json["refused"] = summary.refused;
  json["left_out"] = summary.left_out;
  return Dump(json);
}

std::string RefusalJson(const index::Refusal& refusal) {
  Json json = Object("refusal");
  json["file"] = refusal.file;
  json["offset"] = refusal.offset;
  json["line"] = refusal.line;
  json["reason"] = refusal.reason;
  return Dump(json);
}

std::string ObserveJson(const index::ObserveReport& report) {
  Json json = Object("observation");
  json["target"] = report.target;
  if (report.endpoint) PutEndpoint(json, *report.endpoint);
  if (report.seen.ok()) {
    PutFacts(json, *report.seen);
    json["new"] = report.fresh;
  } else {
    json["error"] = ErrorObject(report.seen.error());
  }
  return Dump(json);
}

std::string BindingJson(const Binding& binding) {
  Json json = Object("binding");
  json.update(BindingObject(binding));
  return Dump(json);
}

std::string RevokedJson(const RevokedKey& revoked) {
  Json json = Object("revoked");
  json["key"] = KeyText(revoked.key);
  json["since"] = FormatTime(revoked.since);
  json["reason"] = revoked.reason;
  return Dump(json);
}

std::string CertificateJson(const index::ParsedCertificate& certificate,
                            const std::vector<Keyword>& keywords,
                            const std::optional<PublicChain>& chain) {
  Json json = Object("certificate");
  PutFacts(json, certificate.facts);
  if (chain) PutChain(json, *chain);
  json["ca"] = certificate.is_ca;
  json["client_only"] = certificate.client_only;
  json["sound"] = certificate.sound();
  json["defects"] = certificate.defects;
  json["cuts"] = certificate.cuts;
  Json fields = Json::array();
  for (const index::FieldText& field : certificate.fields) {
    fields.push_back({{"field", FieldName(field.field)}, {"text", field.text}});
  }
  json["fields"] = std::move(fields);
  json["keywords"] = KeywordList(keywords);
  return Dump(json);
}

std::string CandidateJson(const Candidate& candidate, const Standing& standing) {
  Json json = Object("key");
  PutCandidate(json, candidate, standing);
  json["keywords"] = KeywordList(candidate.keywords);
  return Dump(json);
}

std::string StatusJson(const StatusFacts& status) {
  Json json = Object("status");
  json["data_dir"] = status.data_folder;
  json["certificates"] = status.counts.certificates;
  json["issuer_certificates"] = status.counts.chain_certificates;
  json["keys"] = status.counts.keys;
  json["endpoints"] = status.counts.endpoints;
  json["listings"] = status.counts.listings;
  json["observations"] = status.counts.observations;
  json["ledger_bytes"] = status.counts.bytes;
  json["search_documents"] = status.search_documents;
  json["search_behind"] = status.search_behind;
  json["search_number"] = status.search_number;
  json["bindings"] = status.bindings;
  json["revoked"] = status.revoked;
  return Dump(json);
}

std::string EndpointVerdictJson(const EndpointVerdict& verdict) {
  Json json = Object("endpoint_verdict");
  json["verdict"] = VerdictName(verdict.verdict);
  json["reason"] = verdict.reason;
  if (verdict.endpoint) PutEndpoint(json, *verdict.endpoint);
  if (verdict.shown) {
    PutFacts(json, *verdict.shown);
    PutChain(json, verdict.shown->public_chain);
  }
  Json bindings = Json::array();
  for (const Binding& binding : verdict.bindings) bindings.push_back(BindingObject(binding));
  json["bindings"] = std::move(bindings);
  return Dump(json);
}

std::string NssJson(const NssFacts& facts) {
  Json json = Object("nss");
  json["path"] = facts.path;
  json["enabled"] = facts.line && HasOurs(*facts.line);
  json["problem"] = facts.problem;
  json["line"] = facts.line ? facts.line->number : 0;
  json["hosts"] = facts.line ? facts.line->text : "";
  Json changes = Json::array();
  for (const LineChange& change : facts.changes) {
    changes.push_back(
        {{"line", change.number}, {"before", change.before}, {"after", change.after}});
  }
  json["changes"] = std::move(changes);
  json["written"] = facts.written;
  return Dump(json);
}

const char* HealthName(Health health) {
  static constexpr const char* kNames[] = {"ok", "warn", "fail"};
  return kNames[static_cast<size_t>(health)];
}

std::string CheckJson(const Finding& finding) {
  Json json = Object("check");
  json["check"] = finding.check;
  json["health"] = HealthName(finding.health);
  json["text"] = finding.text;
  json["fix"] = finding.fix;
  return Dump(json);
}

std::string ErrorJson(const Error& error) {
  Json json = Object("error");
  json.update(ErrorObject(error));
  return Dump(json);
}

}  // namespace commresolve::cli
