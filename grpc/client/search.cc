// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Item by item, as they come.

#include "grpc/client/search.h"

#include "grpc/client/call.h"
#include "grpc/service/sharing_convert.h"
#include "grpc/service/unpack.h"

namespace commresolve::daemon {
namespace {

namespace proto = ::commresolve::v1;

proto::SearchRequest RequestFor(const std::string& query, size_t offset, size_t limit, bool peers) {
  proto::SearchRequest request;
  request.set_query(query);
  request.set_offset(static_cast<uint32_t>(offset));
  request.set_limit(static_cast<uint32_t>(limit));
  request.set_peers(peers);
  return request;
}

/// Takes a summary or result; true if it was one.
Result<bool> Take(const proto::SearchResponse& response, RankedRows& ranked) {
  if (response.has_summary()) {
    ranked = Unpack(response.summary());
    return true;
  }
  if (!response.has_result()) return false;
  COMMRESOLVE_ASSIGN(row, Unpack(response.result()));
  COMMRESOLVE_ASSIGN(standing, UnpackStanding(response.result().best()));
  ranked.found.rows.push_back(std::move(row));
  ranked.standings.push_back(std::move(standing));
  return true;
}

}  // namespace

Result<RankedRows> SearchOver(ResolverStub& stub, const std::string& query, size_t offset,
                              size_t limit) {
  Call context;
  const auto reader = stub.Search(&context, RequestFor(query, offset, limit, false));
  RankedRows ranked;
  proto::SearchResponse response;
  while (reader->Read(&response)) {
    COMMRESOLVE_ASSIGN(taken, Take(response, ranked));
    static_cast<void>(taken);
  }
  const grpc::Status status = reader->Finish();
  if (!status.ok()) return ErrorOf(status);
  return ranked;
}

Result<PeersPart> SearchWithPeersOver(ResolverStub& stub, const std::string& query, size_t limit,
                                      const OwnSink& own, const LookupSink& proved,
                                      const std::atomic<bool>* stop) {
  StoppableCall call(stop);
  const auto reader = stub.Search(call.context(), RequestFor(query, 0, limit, true));
  RankedRows ranked;
  PeersPart part;
  size_t expected = 0;
  proto::SearchResponse response;
  while (reader->Read(&response)) {
    if (response.has_summary()) expected = response.summary().results();
    COMMRESOLVE_ASSIGN(is_own, Take(response, ranked));
    if (is_own && ranked.found.rows.size() == expected) own(ranked);
    if (response.has_peer_summary()) part.summary = Unpack(response.peer_summary());
    if (response.has_peer_error()) part.problem = Unpack(response.peer_error());
    if (!response.has_peer_row()) continue;
    COMMRESOLVE_ASSIGN(row, Unpack(response.peer_row()));
    if (proved(row)) continue;
    call.context()->TryCancel();
    return PeersPart{LookupSummary{.complete = false}, {}};
  }
  const grpc::Status status = reader->Finish();
  if (call.stopped()) return Error{Code::kInterrupted, "stopped; what was proved is recorded"};
  if (!status.ok()) return ErrorOf(status);
  if (part.summary || part.problem) return part;
  return Error{Code::kCorrupt, "the daemon does not say what came of asking peers",
               "it may be of another version: restart commresolved"};
}

}  // namespace commresolve::daemon
