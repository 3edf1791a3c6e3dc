// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Search and Complete of ResolverService, for every service that has them.

#ifndef COMMRESOLVE_GRPC_SERVICE_SEARCH_CALLS_H_
#define COMMRESOLVE_GRPC_SERVICE_SEARCH_CALLS_H_

#include <set>

#include "commresolve/v1/resolver_service.grpc.pb.h"
#include "grpc/engine/search_source.h"
#include "grpc/service/convert.h"

namespace commresolve::daemon {

/// The keys of results that were told.
using ToldKeys = std::set<KeyId>;

/// One call, from the message to the status. Keeps to the deadline of `context`. With `told`, which
/// may be null, more is going to follow: that nothing is indexed is no error then.
grpc::Status AnswerSearch(SearchSource& source, const grpc::ServerContext& context,
                          const proto::SearchRequest& request,
                          grpc::ServerWriter<proto::SearchResponse>& writer,
                          ToldKeys* told = nullptr);
grpc::Status AnswerComplete(SearchSource& source, const grpc::ServerContext& context,
                            const proto::CompleteRequest& request,
                            proto::CompleteResponse& response);

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_SERVICE_SEARCH_CALLS_H_
