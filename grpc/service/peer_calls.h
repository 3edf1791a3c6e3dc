// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What peers add to a search.

#ifndef COMMRESOLVE_GRPC_SERVICE_PEER_CALLS_H_
#define COMMRESOLVE_GRPC_SERVICE_PEER_CALLS_H_

#include "grpc/service/call.h"
#include "grpc/service/search_calls.h"
#include "grpc/sharing/sharing.h"

namespace commresolve::daemon {

/// kInvalidArgument unless the query is plain words: peers cannot be asked for anything else, and
/// have no second page.
Status CheckAskable(const proto::SearchRequest& request);

/// Asks `sharing` for the words of `request`, and tells what they led to but for the keys of
/// `told`, and how it ended. `sharing` may be null. OK also if peers could not be asked: that is
/// told.
grpc::Status AnswerFromPeers(Sharing* sharing, const proto::SearchRequest& request,
                             const ToldKeys& told, StopFlag& stop,
                             grpc::ServerWriter<proto::SearchResponse>& writer);

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_SERVICE_PEER_CALLS_H_
