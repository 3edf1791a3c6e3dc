// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Field by field, in the order of types.proto.

#include "grpc/service/unpack.h"

#include <array>

namespace commresolve::daemon {
namespace {

template <class D>
Result<D> Digest32(const std::string& bytes, const char* field) {
  auto digest = DigestFromBytes<D>(bytes);
  return digest.ok() ? digest : BadMessage(field);
}

std::vector<std::string> Texts(const google::protobuf::RepeatedPtrField<std::string>& texts) {
  return {texts.begin(), texts.end()};
}

std::optional<UnixTime> TimeOrNone(int64_t time) {
  return time == 0 ? std::nullopt : std::optional<UnixTime>(time);
}

Result<Verdict> UnpackVerdict(proto::Verdict verdict) {
  if (verdict == proto::VERDICT_UNSPECIFIED || !proto::Verdict_IsValid(verdict)) {
    return BadMessage("verdict");
  }
  return static_cast<Verdict>(static_cast<int>(verdict) - 1);
}

/// The text of a row outlives every message.
const char* RowName(const std::string& row) {
  static constexpr std::array kRows = {"1", "2", "3", "4", "5", "6", "6b", "7", "8", "none"};
  for (const char* known : kRows) {
    if (row == known) return known;
  }
  return "";
}

Result<Answer> UnpackAnswer(const proto::Answer& message) {
  COMMRESOLVE_ASSIGN(endpoint, Unpack(message.endpoint()));
  COMMRESOLVE_ASSIGN(key, Digest32<KeyId>(message.key(), "answer.key"));
  COMMRESOLVE_ASSIGN(tier, UnpackTier(message.tier()));
  return Answer{std::move(endpoint), message.canonical_name(), key,
                message.proved_at(), message.fresh(),          tier};
}

Result<SeenChange> UnpackChange(const proto::KeyChange& message) {
  SeenChange change;
  COMMRESOLVE_ASSIGN(endpoint, Unpack(message.endpoint()));
  COMMRESOLVE_ASSIGN(key, Digest32<KeyId>(message.key(), "changes.key"));
  COMMRESOLVE_ASSIGN(verdict, UnpackVerdict(message.verdict()));
  change.endpoint = std::move(endpoint);
  change.certificate.key = key;
  change.certificate.names = Texts(message.names());
  change.outcome.verdict = verdict;
  change.outcome.row = RowName(message.row());
  change.outcome.reason = message.reason();
  return change;
}

/// What the answers of Resolve and Why share.
template <class Message>
Result<Resolution> UnpackResolution(const Message& message) {
  Resolution resolution;
  COMMRESOLVE_ASSIGN(verdict, UnpackVerdict(message.verdict()));
  resolution.verdict = verdict;
  if (message.has_answer() == message.has_refusal()) return BadMessage("answer");
  if (message.has_refusal()) resolution.refusal = Unpack(message.refusal());
  if (message.has_answer()) {
    COMMRESOLVE_ASSIGN(answer, UnpackAnswer(message.answer()));
    resolution.answer = std::move(answer);
  }
  if (message.has_binding()) {
    COMMRESOLVE_ASSIGN(binding, Unpack(message.binding()));
    resolution.binding = std::move(binding);
  }
  for (const proto::KeyChange& told : message.changes()) {
    COMMRESOLVE_ASSIGN(change, UnpackChange(told));
    resolution.changes.push_back(std::move(change));
  }
  resolution.notices = Texts(message.notices());
  return resolution;
}

}  // namespace

Error BadMessage(const std::string& field) {
  return {Code::kCorrupt, "the daemon sent a message that cannot be read: " + field,
          "commresolve and commresolved have to be of one version"};
}

Result<Tier> UnpackTier(proto::Tier tier) {
  if (tier == proto::TIER_UNSPECIFIED || !proto::Tier_IsValid(tier)) return BadMessage("tier");
  return static_cast<Tier>(static_cast<int>(tier) - 1);
}

Result<Endpoint> Unpack(const proto::Endpoint& message) {
  const auto ip = IpAddress::Parse(message.address());
  if (!ip.ok()) return BadMessage("endpoint.address");
  if (message.port() == 0 || message.port() > UINT16_MAX) return BadMessage("endpoint.port");
  const auto protocol = message.protocol();
  if (protocol == proto::PROTOCOL_UNSPECIFIED || !proto::Protocol_IsValid(protocol)) {
    return BadMessage("endpoint.protocol");
  }
  return Endpoint{*ip, static_cast<uint16_t>(message.port()),
                  static_cast<Protocol>(static_cast<int>(protocol) - 1), message.server_name()};
}

Result<CertificateFacts> Unpack(const proto::Certificate& message) {
  COMMRESOLVE_ASSIGN(key, Digest32<KeyId>(message.key(), "certificate.key"));
  COMMRESOLVE_ASSIGN(id, Digest32<CertId>(message.certificate(), "certificate.certificate"));
  CertificateFacts facts;
  facts.id = id;
  facts.key = key;
  facts.names = Texts(message.names());
  facts.common_names = Texts(message.common_names());
  facts.organizations = Texts(message.organizations());
  facts.issuer_common_name = message.issuer_common_name();
  facts.issuer_organization = message.issuer_organization();
  facts.not_before = message.not_before();
  facts.not_after = message.not_after();
  facts.self_signed = message.self_signed();
  facts.embedded_scts = message.embedded_scts();
  facts.public_chain.valid = message.public_chain();
  facts.public_chain.reason = message.public_chain_reason();
  return facts;
}

Result<std::vector<KeyId>> UnpackKeys(const google::protobuf::RepeatedPtrField<std::string>& keys) {
  std::vector<KeyId> list;
  for (const std::string& bytes : keys) {
    COMMRESOLVE_ASSIGN(key, Digest32<KeyId>(bytes, "keys"));
    list.push_back(key);
  }
  return list;
}

Result<Binding> Unpack(const proto::Binding& message) {
  Binding binding;
  if (!message.words().empty()) {
    auto words = KeywordSet::FromText(message.words());
    if (!words.ok()) return BadMessage("binding.words");
    binding.words = std::move(*words);
  }
  COMMRESOLVE_ASSIGN(accepted, UnpackKeys(message.keys()));
  COMMRESOLVE_ASSIGN(rejected, UnpackKeys(message.rejected()));
  COMMRESOLVE_ASSIGN(tier, UnpackTier(message.tier()));
  binding.hashed = message.hashed();
  binding.accepted = std::move(accepted);
  binding.rejected = std::move(rejected);
  binding.tier = tier;
  binding.critical = message.critical();
  binding.public_chain = message.public_chain();
  binding.since = message.since();
  binding.name = message.name();
  binding.reason = message.reason();
  return binding;
}

Result<Candidate> Unpack(const proto::Candidate& message) {
  Candidate candidate;
  COMMRESOLVE_ASSIGN(certificate, Unpack(message.certificate()));
  candidate.certificate = std::move(certificate);
  for (const proto::SeenEndpoint& told : message.endpoints()) {
    COMMRESOLVE_ASSIGN(endpoint, Unpack(told.endpoint()));
    candidate.endpoints.push_back({std::move(endpoint), told.first_seen(), told.last_seen(),
                                   TimeOrNone(told.proved_at()), TimeOrNone(told.wrong_key_at())});
  }
  candidate.first_seen = message.first_seen();
  candidate.last_seen = message.last_seen();
  candidate.sources = Texts(message.sources());
  return candidate;
}

Result<Standing> UnpackStanding(const proto::Candidate& message) {
  COMMRESOLVE_ASSIGN(tier, UnpackTier(message.tier()));
  return Standing{tier, message.revoked(), {}};
}

RankedRows Unpack(const proto::SearchSummary& message) {
  RankedRows ranked;
  ranked.found.estimated_total = message.estimated_total();
  ranked.found.did_you_mean = message.did_you_mean();
  ranked.found.corrected = message.corrected();
  ranked.found.partial = message.partial();
  ranked.found.more = message.more();
  for (const proto::MissingPart& part : message.missing_parts()) {
    ranked.missing.push_back({part.index_server(), Unpack(part.error())});
  }
  return ranked;
}

Result<index::SearchRow> Unpack(const proto::SearchResult& message) {
  index::SearchRow row;
  COMMRESOLVE_ASSIGN(best, Unpack(message.best()));
  COMMRESOLVE_ASSIGN(keys, UnpackKeys(message.keys()));
  row.best = std::move(best);
  row.matched = Texts(message.matched());
  row.keys = std::move(keys);
  row.key_count = message.key_count();
  for (const std::string& bytes : message.certificates()) {
    COMMRESOLVE_ASSIGN(id, Digest32<CertId>(bytes, "certificates"));
    row.certificates.push_back(id);
  }
  row.facts.first_seen = message.first_seen();
  row.facts.last_seen = message.last_seen();
  row.index_server = message.index_server();
  row.score = message.score();
  return row;
}

Result<Resolution> Unpack(const proto::ResolveResponse& message) {
  return UnpackResolution(message);
}

Result<Resolution> Unpack(const proto::WhyResponse& message) {
  COMMRESOLVE_ASSIGN(resolution, UnpackResolution(message));
  for (const proto::TraceStep& step : message.trace()) {
    resolution.trace.push_back({step.stage(), step.text()});
  }
  resolution.would_change = Texts(message.would_change());
  return resolution;
}

Result<EndpointVerdict> Unpack(const proto::VerifyResponse& message) {
  EndpointVerdict verdict;
  COMMRESOLVE_ASSIGN(held, UnpackVerdict(message.verdict()));
  COMMRESOLVE_ASSIGN(endpoint, Unpack(message.endpoint()));
  COMMRESOLVE_ASSIGN(shown, Unpack(message.shown()));
  verdict.verdict = held;
  verdict.endpoint = std::move(endpoint);
  verdict.shown = std::move(shown);
  verdict.reason = message.reason();
  for (const proto::Binding& told : message.bindings()) {
    COMMRESOLVE_ASSIGN(binding, Unpack(told));
    verdict.bindings.push_back(std::move(binding));
  }
  return verdict;
}

Result<index::ObserveReport> Unpack(const proto::ObserveResponse& message) {
  std::optional<Endpoint> endpoint;
  if (message.has_endpoint()) {
    COMMRESOLVE_ASSIGN(where, Unpack(message.endpoint()));
    endpoint = std::move(where);
  }
  if (message.has_error()) {
    return index::ObserveReport{message.target(), endpoint, Unpack(message.error()), false};
  }
  if (!endpoint) return BadMessage("endpoint");
  COMMRESOLVE_ASSIGN(shown, Unpack(message.shown()));
  return index::ObserveReport{message.target(), endpoint, std::move(shown), message.new_()};
}

Error Unpack(const proto::ErrorDetail& message) {
  static constexpr std::array kCodes = {
      Code::kNotFound,  Code::kAmbiguous,   Code::kInvalidArgument,
      Code::kUntrusted, Code::kUnavailable, Code::kDeadlineExceeded,
      Code::kBusy,      Code::kCorrupt,     Code::kInterrupted,
      Code::kInternal};
  Error error{Code::kInternal, message.message(), message.hint()};
  for (const Code code : kCodes) {
    if (message.code() == CodeName(code)) error.code = code;
  }
  return error;
}

}  // namespace commresolve::daemon
