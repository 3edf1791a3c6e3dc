// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Message in, one call of the Sharing, message out.

#include "grpc/service/sharing_service.h"

#include "grpc/service/call.h"
#include "grpc/service/status.h"

namespace commresolve::daemon {
namespace {

grpc::Status EndOf(const Status& status) {
  return status.ok() ? grpc::Status::OK : ToGrpc(status.error());
}

}  // namespace

grpc::Status SharingServiceImpl::Join(grpc::ServerContext* /*context*/,
                                      const proto::JoinRequest* request,
                                      proto::JoinResponse* /*response*/) {
  return EndOf(sharing_.Join({request->bootstrap().begin(), request->bootstrap().end()}));
}

grpc::Status SharingServiceImpl::Leave(grpc::ServerContext* /*context*/,
                                       const proto::LeaveRequest* /*request*/,
                                       proto::LeaveResponse* /*response*/) {
  return EndOf(sharing_.Leave());
}

grpc::Status SharingServiceImpl::GetStatus(grpc::ServerContext* /*context*/,
                                           const proto::GetStatusRequest* /*request*/,
                                           proto::GetStatusResponse* response) {
  daemon::Fill(sharing_.status(), response);
  return grpc::Status::OK;
}

grpc::Status SharingServiceImpl::Publish(grpc::ServerContext* context,
                                         const proto::PublishRequest* request,
                                         proto::PublishResponse* response) {
  PublishChoice choice;
  if (request->has_postings()) choice.postings = request->postings();
  if (request->has_observations()) choice.observations = request->observations();
  if (request->has_named()) choice.named = request->named();
  const StopFlag stop(*context, ending_);
  const auto report = sharing_.Publish(choice, stop.flag());
  if (!report.ok()) return ToGrpc(report.error());
  daemon::Fill(*report, response);
  return grpc::Status::OK;
}

grpc::Status SharingServiceImpl::Announce(grpc::ServerContext* /*context*/,
                                          const proto::AnnounceRequest* request,
                                          proto::AnnounceResponse* response) {
  const auto wanted = FromProto(*request);
  if (!wanted.ok()) return ToGrpc(wanted.error());
  const auto announced = sharing_.Announce(*wanted);
  if (!announced.ok()) return ToGrpc(announced.error());
  daemon::Fill(*announced, response->mutable_announcement());
  return grpc::Status::OK;
}

grpc::Status SharingServiceImpl::GetPublishingKey(grpc::ServerContext* /*context*/,
                                                  const proto::GetPublishingKeyRequest* /*request*/,
                                                  proto::GetPublishingKeyResponse* response) {
  auto key = sharing_.PublishingKeyText();
  if (!key.ok()) return ToGrpc(key.error());
  response->set_publishing_key(std::move(*key));
  return grpc::Status::OK;
}

grpc::Status SharingServiceImpl::Withdraw(grpc::ServerContext* /*context*/,
                                          const proto::WithdrawRequest* request,
                                          proto::WithdrawResponse* /*response*/) {
  const auto key = KeyFromProto(request->key());
  if (!key.ok()) return ToGrpc(key.error());
  return EndOf(sharing_.Withdraw(*key));
}

grpc::Status SharingServiceImpl::AnnounceRollover(grpc::ServerContext* /*context*/,
                                                  const proto::AnnounceRolloverRequest* request,
                                                  proto::AnnounceRolloverResponse* response) {
  const auto wanted = FromProto(*request);
  if (!wanted.ok()) return ToGrpc(wanted.error());
  const auto said = sharing_.AnnounceRollover(*wanted);
  if (!said.ok()) return ToGrpc(said.error());
  daemon::Fill(*said, response->mutable_rollover());
  return grpc::Status::OK;
}

grpc::Status SharingServiceImpl::WithdrawRollover(grpc::ServerContext* /*context*/,
                                                  const proto::WithdrawRolloverRequest* request,
                                                  proto::WithdrawRolloverResponse* /*response*/) {
  const auto key = KeyFromProto(request->key());
  if (!key.ok()) return ToGrpc(key.error());
  return EndOf(sharing_.WithdrawRollover(*key));
}

grpc::Status SharingServiceImpl::Lookup(grpc::ServerContext* context,
                                        const proto::LookupRequest* request,
                                        grpc::ServerWriter<proto::LookupResponse>* writer) {
  StopFlag stop(*context, ending_);
  const auto tell = [&](const LookupRow& row) {
    proto::LookupResponse response;
    daemon::Fill(row, response.mutable_row());
    if (!writer->Write(response)) stop.Set();
    return !*stop.flag();
  };
  const auto summary = sharing_.Lookup(request->words(), tell, stop.flag());
  if (!summary.ok()) return ToGrpc(summary.error());
  proto::LookupResponse last;
  daemon::Fill(*summary, last.mutable_summary());
  return writer->Write(last) ? grpc::Status::OK : grpc::Status::CANCELLED;
}

}  // namespace commresolve::daemon
