// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Field by field.

#include "grpc/service/convert.h"

#include "resolver/keyword/fold.h"

namespace commresolve::daemon {
namespace {

std::string Bytes(std::string_view view) { return std::string(view); }

}  // namespace

proto::Protocol ToProto(Protocol protocol) {
  return static_cast<proto::Protocol>(static_cast<int>(protocol) + 1);
}

Result<std::optional<Protocol>> FromProto(proto::Protocol protocol) {
  if (protocol == proto::PROTOCOL_UNSPECIFIED) return std::optional<Protocol>();
  if (!proto::Protocol_IsValid(protocol)) {
    return Error{Code::kInvalidArgument,
                 "protocol: there is no number " + std::to_string(static_cast<int>(protocol))};
  }
  const auto known = static_cast<Protocol>(static_cast<int>(protocol) - 1);
  if (!CanProbe(known)) {
    return Error{Code::kInvalidArgument,
                 std::string("protocol: cannot speak ") + ProtocolName(known) + " to a server"};
  }
  return std::optional<Protocol>(known);
}

proto::Verdict ToProto(Verdict verdict) {
  return static_cast<proto::Verdict>(static_cast<int>(verdict) + 1);
}

proto::Tier ToProto(Tier tier) { return static_cast<proto::Tier>(static_cast<int>(tier) + 1); }

Result<Prove> FromProto(proto::Prove prove) {
  switch (prove) {
    case proto::PROVE_UNSPECIFIED:
    case proto::PROVE_MAX_AGE:
      return Prove::kMaxAge;
    case proto::PROVE_ALWAYS:
      return Prove::kAlways;
    case proto::PROVE_NEVER:
      return Prove::kNever;
    default:
      return Error{Code::kInvalidArgument,
                   "prove: there is no number " + std::to_string(static_cast<int>(prove))};
  }
}

void Fill(const Endpoint& endpoint, proto::Endpoint* message) {
  message->set_address(endpoint.ip.ToString());
  message->set_port(endpoint.port);
  message->set_protocol(ToProto(endpoint.protocol));
  message->set_server_name(endpoint.server_name);
}

void Fill(const CertificateFacts& facts, proto::Certificate* message) {
  message->set_key(Bytes(facts.key.view()));
  message->set_certificate(Bytes(facts.id.view()));
  for (const std::string& name : facts.names) message->add_names(ValidUtf8(name));
  for (const std::string& name : facts.common_names) message->add_common_names(ValidUtf8(name));
  for (const std::string& name : facts.organizations) message->add_organizations(ValidUtf8(name));
  message->set_issuer_common_name(ValidUtf8(facts.issuer_common_name));
  message->set_issuer_organization(ValidUtf8(facts.issuer_organization));
  message->set_not_before(facts.not_before);
  message->set_not_after(facts.not_after);
  message->set_self_signed(facts.self_signed);
  message->set_embedded_scts(facts.embedded_scts);
  message->set_public_chain(facts.public_chain.valid);
  message->set_public_chain_reason(ValidUtf8(facts.public_chain.reason));
}

void Fill(const Candidate& candidate, const Standing& standing, proto::Candidate* message) {
  Fill(candidate.certificate, message->mutable_certificate());
  for (const SeenEndpoint& seen : candidate.endpoints) {
    proto::SeenEndpoint* endpoint = message->add_endpoints();
    Fill(seen.endpoint, endpoint->mutable_endpoint());
    endpoint->set_first_seen(seen.first_seen);
    endpoint->set_last_seen(seen.last_seen);
    endpoint->set_proved_at(seen.proved_at.value_or(0));
    endpoint->set_wrong_key_at(seen.wrong_at.value_or(0));
  }
  message->set_tier(ToProto(standing.tier));
  message->set_revoked(standing.revoked);
  message->set_first_seen(candidate.first_seen);
  message->set_last_seen(candidate.last_seen);
  for (const std::string& source : candidate.sources) message->add_sources(ValidUtf8(source));
}

void Fill(const Binding& binding, proto::Binding* message) {
  if (binding.words) message->set_words(binding.words->ToString());
  message->set_hashed(binding.hashed);
  for (const KeyId& key : binding.accepted) message->add_keys(Bytes(key.view()));
  for (const KeyId& key : binding.rejected) message->add_rejected(Bytes(key.view()));
  message->set_tier(ToProto(binding.tier));
  message->set_critical(binding.critical);
  message->set_public_chain(binding.public_chain);
  message->set_since(binding.since);
  message->set_name(ValidUtf8(binding.name));
  message->set_reason(ValidUtf8(binding.reason));
}

void Fill(const Answer& answer, proto::Answer* message) {
  Fill(answer.endpoint, message->mutable_endpoint());
  message->set_canonical_name(ValidUtf8(answer.canonical_name));
  message->set_key(Bytes(answer.key.view()));
  message->set_proved_at(answer.proved_at);
  message->set_fresh(answer.fresh);
  message->set_tier(ToProto(answer.tier));
}

void Fill(const SeenChange& change, proto::KeyChange* message) {
  Fill(change.endpoint, message->mutable_endpoint());
  message->set_key(Bytes(change.certificate.key.view()));
  for (const std::string& name : change.certificate.names) message->add_names(ValidUtf8(name));
  message->set_verdict(ToProto(change.outcome.verdict));
  message->set_row(change.outcome.row);
  message->set_reason(ValidUtf8(change.outcome.reason));
}

void Fill(const Error& error, proto::ErrorDetail* message) {
  message->set_code(CodeName(error.code));
  message->set_message(ValidUtf8(error.message));
  message->set_hint(ValidUtf8(error.hint));
}

void Fill(const RankedRows& ranked, proto::SearchSummary* message) {
  message->set_estimated_total(ranked.found.estimated_total);
  message->set_did_you_mean(ValidUtf8(ranked.found.did_you_mean));
  message->set_corrected(ranked.found.corrected);
  message->set_partial(ranked.found.partial);
  message->set_more(ranked.found.more);
  message->set_results(static_cast<uint32_t>(ranked.found.rows.size()));
  for (const MissingPart& part : ranked.missing) {
    proto::MissingPart* const missing = message->add_missing_parts();
    missing->set_index_server(part.index_server);
    Fill(part.error, missing->mutable_error());
  }
}

void Fill(const index::SearchRow& row, const Standing& standing, size_t rank,
          proto::SearchResult* message) {
  Fill(row.best, standing, message->mutable_best());
  message->set_rank(static_cast<uint32_t>(rank));
  for (const std::string& word : row.matched) message->add_matched(ValidUtf8(word));
  for (const KeyId& key : row.keys) message->add_keys(Bytes(key.view()));
  message->set_key_count(row.key_count);
  for (const CertId& id : row.certificates) message->add_certificates(Bytes(id.view()));
  message->set_first_seen(row.facts.first_seen);
  message->set_last_seen(row.facts.last_seen);
  message->set_index_server(row.index_server);
  message->set_score(row.score);
}

void Fill(const index::ObserveReport& report, proto::ObserveResponse* message) {
  message->set_target(ValidUtf8(report.target));
  if (report.endpoint) Fill(*report.endpoint, message->mutable_endpoint());
  if (report.seen.ok()) {
    Fill(*report.seen, message->mutable_shown());
  } else {
    Fill(report.seen.error(), message->mutable_error());
  }
  message->set_new_(report.fresh);
}

void Fill(const Event& event, proto::WatchResponse* message) {
  message->set_time(event.time);
  message->set_words(event.words);
  message->set_unbound(event.unbound);
  if (event.unbound) return;
  message->set_verdict(ToProto(event.verdict));
  if (event.answer) Fill(*event.answer, message->mutable_answer());
  if (event.refusal) Fill(*event.refusal, message->mutable_refusal());
  for (const SeenChange& change : event.changes) Fill(change, message->add_changes());
}

Result<KeyId> KeyFromProto(const std::string& bytes) {
  auto key = DigestFromBytes<KeyId>(bytes);
  if (key.ok()) return key;
  return Error{Code::kInvalidArgument, "key: is not 32 bytes"};
}

}  // namespace commresolve::daemon
