// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Message in, one call of the engine, message out.

#include "grpc/service/resolver_service.h"

#include "grpc/service/call.h"
#include "grpc/service/peer_calls.h"
#include "grpc/service/search_calls.h"
#include "grpc/service/status.h"
#include "grpc/sharing/peer_candidates.h"

namespace commresolve::daemon {
namespace {

constexpr int kMaxWatches = 64;
constexpr size_t kProvingThreads = 64;  // As many calls as may use the network.
constexpr size_t kMostWaiting = 1'000;
constexpr std::chrono::milliseconds kWatchTick{200};

Result<ResolveRequest> RequestOf(const Engine& engine, const std::string& name, uint32_t port,
                                 proto::Protocol protocol) {
  if (port > UINT16_MAX) return Error{Code::kInvalidArgument, "port: is over 65535"};
  const std::string suffix = engine.config()->resolver.suffix;
  COMMRESOLVE_ASSIGN(typed, ParseTypedName(name, suffix));
  COMMRESOLVE_ASSIGN(wanted, FromProto(protocol));
  ResolveRequest request{.name = std::move(typed), .protocol = wanted};
  request.port = static_cast<uint16_t>(port);
  if (!IsUnderSuffix(name, suffix)) request.typed = name;
  return request;
}

grpc::Status Tell(const Resolution& resolution, bool explain_refusal,
                  proto::ResolveResponse* response) {
  if (resolution.refusal && !explain_refusal) return ToGrpc(*resolution.refusal);
  response->set_verdict(ToProto(resolution.verdict));
  if (resolution.refusal) Fill(*resolution.refusal, response->mutable_refusal());
  if (resolution.answer) Fill(*resolution.answer, response->mutable_answer());
  if (resolution.binding) Fill(*resolution.binding, response->mutable_binding());
  for (const SeenChange& change : resolution.changes) Fill(change, response->add_changes());
  for (const std::string& notice : resolution.notices) response->add_notices(ValidUtf8(notice));
  return grpc::Status::OK;
}

}  // namespace

ResolverServiceImpl::ResolverServiceImpl(Engine& engine, SearchSource& search, Sharing* sharing)
    : engine_(engine),
      search_(search),
      sharing_(sharing),
      proving_(kProvingThreads, kMostWaiting) {}

grpc::Status ResolverServiceImpl::Search(grpc::ServerContext* context,
                                         const proto::SearchRequest* request,
                                         grpc::ServerWriter<proto::SearchResponse>* writer) {
  // Two daemons that name each other would ask in circles.
  SearchSource& source = request->own_index() ? engine_ : search_;
  if (request->own_index() || !AsksPeers(*request)) {
    return AnswerSearch(source, *context, *request, *writer);
  }
  ToldKeys told;
  grpc::Status answered = AnswerSearch(source, *context, *request, *writer, &told);
  if (!answered.ok()) return answered;
  StopFlag stop(*context, ending_);
  return AnswerFromPeers(sharing_, *request, told, stop, *writer);
}

grpc::Status ResolverServiceImpl::Complete(grpc::ServerContext* context,
                                           const proto::CompleteRequest* request,
                                           proto::CompleteResponse* response) {
  return AnswerComplete(search_, *context, *request, *response);
}

grpc::ServerUnaryReactor* ResolverServiceImpl::Resolve(grpc::CallbackServerContext* context,
                                                       const proto::ResolveRequest* request,
                                                       proto::ResolveResponse* response) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  auto asked = RequestOf(engine_, request->name(), request->port(), request->protocol());
  const auto prove = FromProto(request->prove());
  if (!asked.ok() || !prove.ok()) {
    reactor->Finish(ToGrpc(asked.ok() ? prove.error() : asked.error()));
    return reactor;
  }
  asked->prove = *prove;
  asked->ask_peers = AsksPeers(*request);
  const Deadline deadline = DeadlineOf(*context);
  if (const auto on_record = engine_.ResolveOnRecord(*asked, deadline)) {
    reactor->Finish(Tell(*on_record, request->explain_refusal(), response));
    return reactor;
  }
  const bool taken = proving_.Run([=, this, name = std::move(*asked)] {
    if (ending_ || context->IsCancelled()) {
      reactor->Finish(grpc::Status::CANCELLED);
      return;
    }
    const Resolution resolution = ResolveNow(name, *context, deadline);
    reactor->Finish(Tell(resolution, request->explain_refusal(), response));
  });
  if (!taken) {
    reactor->Finish(
        ToGrpc({Code::kBusy, "too many names wait for a handshake", "try again later"}));
  }
  return reactor;
}

Resolution ResolverServiceImpl::ResolveNow(const ResolveRequest& request,
                                           const grpc::ServerContextBase& context,
                                           Deadline deadline) {
  if (!request.ask_peers || sharing_ == nullptr) return engine_.Resolve(request, deadline);
  const StopFlag stop(context, ending_);
  PeerCandidates peers(engine_, *sharing_, request.typed, stop.flag());
  return engine_.Resolve(request, deadline, &peers);
}

grpc::Status ResolverServiceImpl::Verify(grpc::ServerContext* context,
                                         const proto::VerifyRequest* request,
                                         proto::VerifyResponse* response) {
  if (request->target_case() == proto::VerifyRequest::kServer) {
    return VerifyServer(context, *request, response);
  }
  return VerifyName(context, *request, response);
}

grpc::Status ResolverServiceImpl::VerifyServer(grpc::ServerContext* context,
                                               const proto::VerifyRequest& request,
                                               proto::VerifyResponse* response) {
  const auto protocol = FromProto(request.protocol());
  if (!protocol.ok()) return ToGrpc(protocol.error());
  const EndpointVerdict verdict =
      engine_.VerifyServer(request.server(), *protocol, DeadlineOf(*context));
  if (verdict.failure) return ToGrpc(*verdict.failure);
  response->set_verdict(ToProto(verdict.verdict));
  Fill(*verdict.endpoint, response->mutable_endpoint());
  Fill(*verdict.shown, response->mutable_shown());
  response->set_key(std::string(verdict.shown->key.view()));
  response->set_reason(ValidUtf8(verdict.reason));
  for (const Binding& binding : verdict.bindings) Fill(binding, response->add_bindings());
  return grpc::Status::OK;
}

grpc::Status ResolverServiceImpl::VerifyName(grpc::ServerContext* context,
                                             const proto::VerifyRequest& request,
                                             proto::VerifyResponse* response) {
  auto asked = RequestOf(engine_, request.name(), request.port(), request.protocol());
  if (!asked.ok()) return ToGrpc(asked.error());
  asked->prove = Prove::kAlways;
  const Resolution resolution = engine_.Resolve(*asked, DeadlineOf(*context));
  // Another key is a verdict, not a failure of the call.
  if (resolution.refusal && resolution.refusal->code != Code::kUntrusted) {
    return ToGrpc(*resolution.refusal);
  }
  response->set_verdict(ToProto(resolution.verdict));
  if (resolution.answer) {
    Fill(resolution.answer->endpoint, response->mutable_endpoint());
    response->set_key(std::string(resolution.answer->key.view()));
    response->set_reason("a bound key");
  } else {
    response->set_reason(ValidUtf8(resolution.refusal->message));
  }
  if (resolution.binding) Fill(*resolution.binding, response->add_bindings());
  return grpc::Status::OK;
}

grpc::Status ResolverServiceImpl::Why(grpc::ServerContext* context,
                                      const proto::WhyRequest* request,
                                      proto::WhyResponse* response) {
  auto asked = RequestOf(engine_, request->name(), request->port(), request->protocol());
  if (!asked.ok()) return ToGrpc(asked.error());
  const auto prove = FromProto(request->prove());
  if (!prove.ok()) return ToGrpc(prove.error());
  asked->prove = request->prove() == proto::PROVE_UNSPECIFIED ? Prove::kAlways : *prove;
  asked->may_bind = false;
  const Resolution resolution = engine_.Resolve(*asked, DeadlineOf(*context));
  response->set_verdict(ToProto(resolution.verdict));
  if (resolution.answer) Fill(*resolution.answer, response->mutable_answer());
  if (resolution.refusal) Fill(*resolution.refusal, response->mutable_refusal());
  if (resolution.binding) Fill(*resolution.binding, response->mutable_binding());
  for (const SeenChange& change : resolution.changes) Fill(change, response->add_changes());
  for (const std::string& notice : resolution.notices) response->add_notices(ValidUtf8(notice));
  for (const TraceStep& step : resolution.trace) {
    proto::TraceStep* told = response->add_trace();
    told->set_stage(step.stage);
    told->set_text(ValidUtf8(step.text));
  }
  for (const std::string& change : resolution.would_change) {
    response->add_would_change(ValidUtf8(change));
  }
  return grpc::Status::OK;
}

grpc::Status ResolverServiceImpl::Watch(grpc::ServerContext* context,
                                        const proto::WatchRequest* request,
                                        grpc::ServerWriter<proto::WatchResponse>* writer) {
  std::string words;
  if (!request->words().empty()) {
    const auto set = KeywordSet::FromText(request->words());
    if (!set.ok()) return ToGrpc(set.error());
    words = set->ToString();
  }
  const CountedCall counted(watches_);
  if (counted.count() > kMaxWatches) {
    return ToGrpc({Code::kBusy, "64 watches are open already", "end one of them"});
  }
  const auto watcher = engine_.events().Watch(words);
  // The client learns that it will miss nothing from here on.
  writer->SendInitialMetadata();
  while (!ending_ && !context->IsCancelled()) {
    const auto event = watcher->Next(kWatchTick);
    if (!event) continue;
    proto::WatchResponse response;
    Fill(*event, &response);
    if (!writer->Write(response)) break;
  }
  return ending_ ? ToGrpc({Code::kUnavailable, "commresolved is stopping"})
                 : grpc::Status::CANCELLED;
}

}  // namespace commresolve::daemon
