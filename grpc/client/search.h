// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A search of the daemon: one stream of this machine's results, and of what peers led to.

#ifndef COMMRESOLVE_GRPC_CLIENT_SEARCH_H_
#define COMMRESOLVE_GRPC_CLIENT_SEARCH_H_

#include "commresolve/v1/resolver_service.grpc.pb.h"
#include "grpc/client/client.h"

namespace commresolve::daemon {

using ResolverStub = commresolve::v1::ResolverService::Stub;

/// As Client::Search().
Result<RankedRows> SearchOver(ResolverStub& stub, const std::string& query, size_t offset,
                              size_t limit);
/// As Client::SearchWithPeers().
Result<PeersPart> SearchWithPeersOver(ResolverStub& stub, const std::string& query, size_t limit,
                                      const OwnSink& own, const LookupSink& proved,
                                      const std::atomic<bool>* stop);

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_CLIENT_SEARCH_H_
