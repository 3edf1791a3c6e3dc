// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Query to words, rows to messages.

#include "grpc/service/peer_calls.h"

#include <algorithm>

#include "grpc/service/sharing_convert.h"
#include "index/search/query.h"

namespace commresolve::daemon {
namespace {

bool IsPlain(const index::Query& query) {
  index::Query words;
  words.terms = query.terms;
  return query == words && std::ranges::none_of(query.terms, [](const index::QueryTerm& term) {
           return term.quoted || term.prefix || term.excluded;
         });
}

Result<LookupSummary> Ask(Sharing* sharing, const proto::SearchRequest& request,
                          const LookupSink& sink, const std::atomic<bool>* stop) {
  if (sharing == nullptr) {
    return Error{Code::kUntrusted, "a daemon that shares asks them, for the owner of its data",
                 "ask at keeper.sock"};
  }
  COMMRESOLVE_TRY(CheckAskable(request));
  return sharing->Lookup(request.query(), sink, stop);
}

}  // namespace

Status CheckAskable(const proto::SearchRequest& request) {
  if (request.offset() != 0) {
    return Error{Code::kInvalidArgument, "they have no second page", "leave out the offset"};
  }
  COMMRESOLVE_ASSIGN(query, index::ParseQuery(request.query()));
  if (IsPlain(query)) return {};
  return Error{Code::kInvalidArgument, "they know words alone",
               "leave out operators, quotes, -word and word*"};
}

grpc::Status AnswerFromPeers(Sharing* sharing, const proto::SearchRequest& request,
                             const ToldKeys& told, StopFlag& stop,
                             grpc::ServerWriter<proto::SearchResponse>& writer) {
  const auto tell = [&](const LookupRow& row) {
    if (told.contains(row.certificate.key)) return true;
    proto::SearchResponse response;
    Fill(row, response.mutable_peer_row());
    if (!writer.Write(response)) stop.Set();
    return !*stop.flag();
  };
  const auto summary = Ask(sharing, request, tell, stop.flag());
  proto::SearchResponse last;
  if (summary.ok()) {
    Fill(*summary, last.mutable_peer_summary());
  } else {
    Fill(summary.error(), last.mutable_peer_error());
  }
  return writer.Write(last) ? grpc::Status::OK : grpc::Status::CANCELLED;
}

}  // namespace commresolve::daemon
