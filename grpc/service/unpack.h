// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// From the messages that a daemon sent back to the domain's types: the inverse of Fill() in
// convert.h. Pure.

#ifndef COMMRESOLVE_GRPC_SERVICE_UNPACK_H_
#define COMMRESOLVE_GRPC_SERVICE_UNPACK_H_

#include "grpc/service/convert.h"

namespace commresolve::daemon {

// Each returns kCorrupt, naming the field, for what no daemon of this version sends: a digest of
// another length, an address that is none, a number that is not in the enumeration.

Result<Endpoint> Unpack(const proto::Endpoint& message);
Result<CertificateFacts> Unpack(const proto::Certificate& message);
Result<Binding> Unpack(const proto::Binding& message);
/// Without keywords, which are not sent.
Result<Candidate> Unpack(const proto::Candidate& message);
/// Tier and revocation alone: the bindings behind them are not sent.
Result<Standing> UnpackStanding(const proto::Candidate& message);
/// The summary alone, without rows.
RankedRows Unpack(const proto::SearchSummary& message);
Result<index::SearchRow> Unpack(const proto::SearchResult& message);
Result<Resolution> Unpack(const proto::ResolveResponse& message);
Result<Resolution> Unpack(const proto::WhyResponse& message);
Result<EndpointVerdict> Unpack(const proto::VerifyResponse& message);
Result<index::ObserveReport> Unpack(const proto::ObserveResponse& message);
Result<std::vector<KeyId>> UnpackKeys(const google::protobuf::RepeatedPtrField<std::string>& keys);

Result<Tier> UnpackTier(proto::Tier tier);

/// What the others return for `field`.
Error BadMessage(const std::string& field);

/// A code that is not known becomes kInternal.
Error Unpack(const proto::ErrorDetail& message);

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_SERVICE_UNPACK_H_
