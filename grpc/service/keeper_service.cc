// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Message in, one call of the engine, message out.

#include "grpc/service/keeper_service.h"

#include "grpc/service/call.h"
#include "grpc/service/status.h"
#include "grpc/service/upload.h"
#include "resolver/keyword/host_name.h"

namespace commresolve::daemon {
namespace {

constexpr int kMaxServers = 10'000;
constexpr uint32_t kMaxAtOnce = 10'000;
constexpr uint32_t kMaxPerAddress = 1'000;
constexpr int kMaxRefusalsTold = 1'000;

Result<BindOrder> OrderOf(const proto::BindRequest& request) {
  COMMRESOLVE_ASSIGN(words, KeywordSet::FromText(request.words()));
  COMMRESOLVE_ASSIGN(key, KeyFromProto(request.key()));
  if (request.tier() != proto::TIER_UNSPECIFIED && request.tier() != proto::TIER_PINNED &&
      request.tier() != proto::TIER_PROVEN) {
    return Error{Code::kInvalidArgument, "tier: a user's act makes a pinned or a proven binding"};
  }
  BindOrder order{words, key, request.add(), request.critical(), "", request.reason()};
  if (request.tier() == proto::TIER_PROVEN) order.tier = Tier::kProven;
  if (!request.name().empty()) {
    COMMRESOLVE_ASSIGN(name, NormaliseHostName(request.name()));
    order.name = std::move(name);
  }
  return order;
}

Result<ObserveOrder> OrderOf(const proto::ObserveRequest& request) {
  if (request.servers_size() > kMaxServers) {
    return Error{Code::kInvalidArgument, "servers: more than 10000"};
  }
  if (request.servers().empty()) return Error{Code::kInvalidArgument, "servers: none is named"};
  if (request.at_once() > kMaxAtOnce || request.per_address() > kMaxPerAddress) {
    return Error{Code::kInvalidArgument, "at_once is at most 10000, per_address at most 1000"};
  }
  COMMRESOLVE_ASSIGN(protocol, FromProto(request.protocol()));
  ObserveOrder order;
  for (const std::string& server : request.servers()) {
    COMMRESOLVE_ASSIGN(target, index::ParseObserveTarget(server, protocol));
    target.server_name = request.server_name();
    order.targets.push_back(std::move(target));
  }
  if (request.at_once() != 0) order.at_once = request.at_once();
  if (request.per_address() != 0) order.per_address = request.per_address();
  return order;
}

Result<WordsOrKey> WhatToRevoke(const proto::RevokeRequest& request) {
  if (request.words().empty()) {
    COMMRESOLVE_ASSIGN(key, KeyFromProto(request.key()));
    return WordsOrKey(key);
  }
  if (!request.key().empty()) return Error{Code::kInvalidArgument, "words: there is a key too"};
  COMMRESOLVE_ASSIGN(words, KeywordSet::FromText(request.words()));
  return WordsOrKey(std::move(words));
}

void Fill(const index::Refusal& refusal, const Upload& upload, proto::Refusal* message) {
  message->set_file(ValidUtf8(upload.NameOf(refusal.file)));
  message->set_offset(refusal.offset);
  message->set_line(refusal.line);
  message->set_reason(ValidUtf8(refusal.reason));
}

}  // namespace

grpc::Status KeeperServiceImpl::Bind(grpc::ServerContext* /*context*/,
                                     const proto::BindRequest* request,
                                     proto::BindResponse* response) {
  const auto order = OrderOf(*request);
  if (!order.ok()) return ToGrpc(order.error());
  const auto binding = engine_.Bind(*order);
  if (!binding.ok()) return ToGrpc(binding.error());
  daemon::Fill(*binding, response->mutable_binding());
  return grpc::Status::OK;
}

grpc::Status KeeperServiceImpl::Unbind(grpc::ServerContext* /*context*/,
                                       const proto::UnbindRequest* request,
                                       proto::UnbindResponse* /*response*/) {
  const auto words = KeywordSet::FromText(request->words());
  if (!words.ok()) return ToGrpc(words.error());
  const Status unbound = engine_.Unbind(*words);
  return unbound.ok() ? grpc::Status::OK : ToGrpc(unbound.error());
}

grpc::Status KeeperServiceImpl::Revoke(grpc::ServerContext* /*context*/,
                                       const proto::RevokeRequest* request,
                                       proto::RevokeResponse* response) {
  const auto what = WhatToRevoke(*request);
  if (!what.ok()) return ToGrpc(what.error());
  const auto keys = engine_.Revoke(*what, request->reason(), request->undo());
  if (!keys.ok()) return ToGrpc(keys.error());
  for (const KeyId& key : *keys) response->add_keys(std::string(key.view()));
  return grpc::Status::OK;
}

grpc::Status KeeperServiceImpl::Import(grpc::ServerContext* context,
                                       grpc::ServerReader<proto::ImportRequest>* reader,
                                       proto::ImportResponse* response) {
  auto upload = Upload::Make(engine_.config()->data_folder);
  if (!upload.ok()) return ToGrpc(upload.error());
  proto::ImportRequest piece;
  while (reader->Read(&piece)) {
    const Status taken = piece.item_case() == proto::ImportRequest::kFile
                             ? (*upload)->Begin(piece.file())
                             : (*upload)->Append(piece.content());
    if (!taken.ok()) return ToGrpc(taken.error());
  }
  if (context->IsCancelled()) return grpc::Status::CANCELLED;
  if (const Status finished = (*upload)->Finish(); !finished.ok()) {
    return ToGrpc(finished.error());
  }
  index::ImportSummary summary;
  index::ImportOptions options;
  const StopFlag stop(*context, ending_);
  options.stop = stop.flag();
  options.on_refusal = [&](const index::Refusal& refusal) {
    if (response->refusals_size() < kMaxRefusalsTold) {
      Fill(refusal, **upload, response->add_refusals());
    }
  };
  const Status imported = engine_.Import({(*upload)->folder()}, options, summary);
  if (!imported.ok()) return ToGrpc(imported.error());
  response->set_read(summary.read);
  response->set_new_(summary.fresh);
  response->set_known(summary.known);
  response->set_refused(summary.refused);
  response->set_left_out(summary.left_out);
  return grpc::Status::OK;
}

grpc::Status KeeperServiceImpl::Observe(grpc::ServerContext* context,
                                        const proto::ObserveRequest* request,
                                        grpc::ServerWriter<proto::ObserveResponse>* writer) {
  const auto order = OrderOf(*request);
  if (!order.ok()) return ToGrpc(order.error());
  StopFlag stop(*context, ending_);
  const auto tell = [&](const index::ObserveReport& report, const std::vector<Binding>& broken) {
    proto::ObserveResponse response;
    daemon::Fill(report, &response);
    for (const Binding& binding : broken) daemon::Fill(binding, response.add_broken());
    if (!writer->Write(response)) stop.Set();
  };
  const Status status = engine_.Observe(*order, stop.flag(), tell);
  return status.ok() ? grpc::Status::OK : ToGrpc(status.error());
}

}  // namespace commresolve::daemon
