// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Between the domain's types and the messages of commresolve.v1. Pure.

#ifndef COMMRESOLVE_GRPC_SERVICE_CONVERT_H_
#define COMMRESOLVE_GRPC_SERVICE_CONVERT_H_

#include <optional>
#include <string>

#include "commresolve/v1/keeper_service.pb.h"
#include "commresolve/v1/resolver_service.pb.h"
#include "commresolve/v1/types.pb.h"
#include "grpc/engine/engine.h"

namespace commresolve::daemon {

namespace proto = ::commresolve::v1;

// Text of certificates may hold any bytes; where UTF-8 is not valid it becomes U+FFFD, because a
// message cannot hold it otherwise.

proto::Protocol ToProto(Protocol protocol);
/// Empty for PROTOCOL_UNSPECIFIED; kInvalidArgument for a number that is none.
Result<std::optional<Protocol>> FromProto(proto::Protocol protocol);
proto::Verdict ToProto(Verdict verdict);
proto::Tier ToProto(Tier tier);
/// kInvalidArgument for a number that is none.
Result<Prove> FromProto(proto::Prove prove);

void Fill(const Endpoint& endpoint, proto::Endpoint* message);
void Fill(const CertificateFacts& facts, proto::Certificate* message);
void Fill(const Candidate& candidate, const Standing& standing, proto::Candidate* message);
void Fill(const Binding& binding, proto::Binding* message);
void Fill(const Answer& answer, proto::Answer* message);
void Fill(const SeenChange& change, proto::KeyChange* message);
void Fill(const Error& error, proto::ErrorDetail* message);
void Fill(const RankedRows& ranked, proto::SearchSummary* message);
void Fill(const index::SearchRow& row, const Standing& standing, size_t rank,
          proto::SearchResult* message);
void Fill(const index::ObserveReport& report, proto::ObserveResponse* message);
void Fill(const Event& event, proto::WatchResponse* message);

/// 32 bytes; kInvalidArgument otherwise.
Result<KeyId> KeyFromProto(const std::string& bytes);

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_SERVICE_CONVERT_H_
