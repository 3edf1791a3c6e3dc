// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Message in, one call of the engine, message out.

#include "grpc/service/keeper_service.h"

#include "grpc/service/status.h"
#include "grpc/service/upload.h"
#include "resolver/keyword/host_name.h"

namespace commresolve::daemon {
namespace {

constexpr int kMaxServers = 10'000;
constexpr int kMaxRefusalsTold = 1'000;

Result<BindOrder> OrderOf(const proto::BindRequest& request) {
  COMMRESOLVE_ASSIGN(words, KeywordSet::FromText(request.words()));
  COMMRESOLVE_ASSIGN(key, KeyFromProto(request.key()));
  BindOrder order{words, key, request.add(), request.critical(), "", request.reason()};
  if (!request.name().empty()) {
    COMMRESOLVE_ASSIGN(name, NormaliseHostName(request.name()));
    order.name = std::move(name);
  }
  return order;
}

Result<std::vector<index::ObserveTarget>> TargetsOf(const proto::ObserveRequest& request) {
  if (request.servers_size() > kMaxServers) {
    return Error{Code::kInvalidArgument, "servers: more than 10000"};
  }
  if (request.servers().empty()) return Error{Code::kInvalidArgument, "servers: none is named"};
  COMMRESOLVE_ASSIGN(protocol, FromProto(request.protocol()));
  std::vector<index::ObserveTarget> targets;
  for (const std::string& server : request.servers()) {
    COMMRESOLVE_ASSIGN(target, index::ParseObserveTarget(server, protocol));
    targets.push_back(std::move(target));
  }
  return targets;
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
                                       proto::RevokeResponse* /*response*/) {
  const auto key = KeyFromProto(request->key());
  if (!key.ok()) return ToGrpc(key.error());
  const Status revoked = engine_.Revoke(*key, request->reason(), request->undo());
  return revoked.ok() ? grpc::Status::OK : ToGrpc(revoked.error());
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
  options.stop = &ending_;
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
  const auto targets = TargetsOf(*request);
  if (!targets.ok()) return ToGrpc(targets.error());
  std::atomic<bool> stop{false};
  const Status status = engine_.Observe(*targets, &stop, [&](const index::ObserveReport& report) {
    proto::ObserveResponse response;
    daemon::Fill(report, &response);
    if (!writer->Write(response) || context->IsCancelled() || ending_) stop = true;
  });
  return status.ok() ? grpc::Status::OK : ToGrpc(status.error());
}

}  // namespace commresolve::daemon
