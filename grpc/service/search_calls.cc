// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Message in, one search, messages out.

#include "grpc/service/search_calls.h"

#include "grpc/service/call.h"
#include "grpc/service/status.h"
#include "resolver/keyword/fold.h"

namespace commresolve::daemon {
namespace {

constexpr uint32_t kDefaultLimit = 10;
constexpr uint32_t kMaxLimit = 1'000;
constexpr uint32_t kMaxOffset = 10'000;
constexpr uint32_t kMaxCompletions = 100;

}  // namespace

grpc::Status AnswerSearch(SearchSource& source, const grpc::ServerContext& context,
                          const proto::SearchRequest& request,
                          grpc::ServerWriter<proto::SearchResponse>& writer, ToldKeys* told) {
  const uint32_t limit = request.limit() == 0 ? kDefaultLimit : request.limit();
  if (limit > kMaxLimit) return ToGrpc({Code::kInvalidArgument, "limit: is over 1000"});
  if (request.offset() > kMaxOffset) {
    return ToGrpc({Code::kInvalidArgument, "offset: is over 10000"});
  }
  auto ranked = source.Search(request.query(), request.offset(), limit, DeadlineOf(context));
  if (!ranked.ok() && told != nullptr && ranked.error().code == Code::kNotFound) {
    ranked = RankedRows();
  }
  if (!ranked.ok()) return ToGrpc(ranked.error());
  proto::SearchResponse first;
  Fill(*ranked, first.mutable_summary());
  if (!writer.Write(first)) return grpc::Status::CANCELLED;
  for (size_t i = 0; i < ranked->found.rows.size(); ++i) {
    proto::SearchResponse response;
    Fill(ranked->found.rows[i], ranked->standings[i], request.offset() + i + 1,
         response.mutable_result());
    if (!writer.Write(response)) return grpc::Status::CANCELLED;
    if (told == nullptr) continue;
    const index::SearchRow& row = ranked->found.rows[i];
    told->insert(row.best.key());
    told->insert(row.keys.begin(), row.keys.end());
  }
  return grpc::Status::OK;
}

grpc::Status AnswerComplete(SearchSource& source, const grpc::ServerContext& context,
                            const proto::CompleteRequest& request,
                            proto::CompleteResponse& response) {
  const uint32_t limit = request.limit() == 0 ? kDefaultLimit : request.limit();
  if (limit > kMaxCompletions) return ToGrpc({Code::kInvalidArgument, "limit: is over 100"});
  const auto words = source.Complete(request.beginning(), limit, DeadlineOf(context));
  if (!words.ok()) return ToGrpc(words.error());
  for (const index::CountedWord& word : *words) {
    proto::CompletedWord* const completed = response.add_words();
    completed->set_word(ValidUtf8(word.text));
    completed->set_listings(word.listings);
  }
  return grpc::Status::OK;
}

}  // namespace commresolve::daemon
