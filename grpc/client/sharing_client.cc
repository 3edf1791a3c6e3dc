// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One gRPC call for each question.

#include "grpc/client/sharing_client.h"

#include <grpcpp/grpcpp.h>

#include "commresolve/v1/sharing_service.grpc.pb.h"
#include "grpc/client/call.h"
#include "grpc/service/sharing_convert.h"

namespace commresolve::daemon {

struct SharingClient::Impl {
  std::unique_ptr<proto::SharingService::Stub> stub;
};

SharingClient::SharingClient(const std::shared_ptr<grpc::Channel>& channel)
    : impl_(std::make_unique<Impl>(Impl{proto::SharingService::NewStub(channel)})) {}
SharingClient::~SharingClient() = default;

Status SharingClient::Join(const std::vector<std::string>& bootstrap) {
  Call context;
  proto::JoinRequest request;
  for (const std::string& node : bootstrap) request.add_bootstrap(node);
  proto::JoinResponse response;
  const grpc::Status status = impl_->stub->Join(&context, request, &response);
  return status.ok() ? Status() : ErrorOf(status);
}

Status SharingClient::Leave() {
  Call context;
  proto::LeaveResponse response;
  const grpc::Status status = impl_->stub->Leave(&context, {}, &response);
  return status.ok() ? Status() : ErrorOf(status);
}

Result<SharingStatus> SharingClient::GetStatus() {
  Call context;
  proto::GetStatusResponse response;
  const grpc::Status status = impl_->stub->GetStatus(&context, {}, &response);
  if (!status.ok()) return ErrorOf(status);
  return Unpack(response);
}

Result<PublishReport> SharingClient::Publish(const PublishChoice& choice,
                                             const std::atomic<bool>* stop) {
  StoppableCall call(stop);
  proto::PublishRequest request;
  if (choice.postings) request.set_postings(*choice.postings);
  if (choice.observations) request.set_observations(*choice.observations);
  if (choice.named) request.set_named(*choice.named);
  proto::PublishResponse response;
  const grpc::Status status = impl_->stub->Publish(call.context(), request, &response);
  if (call.stopped()) {
    return Error{Code::kInterrupted, "stopped; what was published before still is"};
  }
  if (!status.ok()) return ErrorOf(status);
  return Unpack(response);
}

Result<Announcement> SharingClient::Announce(const Announcement& announcement) {
  Call context;
  proto::AnnounceRequest request;
  request.set_key_file(announcement.key_file);
  request.set_statement_file(announcement.statement_file);
  for (const Endpoint& endpoint : announcement.endpoints) Fill(endpoint, request.add_endpoints());
  for (const std::string& name : announcement.names) request.add_names(name);
  proto::AnnounceResponse response;
  const grpc::Status status = impl_->stub->Announce(&context, request, &response);
  if (!status.ok()) return ErrorOf(status);
  return Unpack(response.announcement());
}

Result<std::string> SharingClient::PublishingKeyText() {
  Call context;
  proto::GetPublishingKeyResponse response;
  const grpc::Status status = impl_->stub->GetPublishingKey(&context, {}, &response);
  if (!status.ok()) return ErrorOf(status);
  return response.publishing_key();
}

Status SharingClient::Withdraw(const KeyId& key) {
  Call context;
  proto::WithdrawRequest request;
  request.set_key(std::string(key.view()));
  proto::WithdrawResponse response;
  const grpc::Status status = impl_->stub->Withdraw(&context, request, &response);
  return status.ok() ? Status() : ErrorOf(status);
}

Result<RolloverStatement> SharingClient::AnnounceRollover(const RolloverStatement& statement) {
  Call context;
  proto::AnnounceRolloverRequest request;
  request.set_key_file(statement.key_file);
  for (const KeyId& key : statement.new_keys) request.add_new_keys(std::string(key.view()));
  request.set_from(statement.from);
  proto::AnnounceRolloverResponse response;
  const grpc::Status status = impl_->stub->AnnounceRollover(&context, request, &response);
  if (!status.ok()) return ErrorOf(status);
  return Unpack(response.rollover());
}

Status SharingClient::WithdrawRollover(const KeyId& key) {
  Call context;
  proto::WithdrawRolloverRequest request;
  request.set_key(std::string(key.view()));
  proto::WithdrawRolloverResponse response;
  const grpc::Status status = impl_->stub->WithdrawRollover(&context, request, &response);
  return status.ok() ? Status() : ErrorOf(status);
}

Result<LookupSummary> SharingClient::Lookup(const std::string& text, const LookupSink& sink,
                                            const std::atomic<bool>* stop) {
  StoppableCall call(stop);
  proto::LookupRequest request;
  request.set_words(text);
  const auto reader = impl_->stub->Lookup(call.context(), request);
  LookupSummary summary;
  bool whole = false;
  size_t rows = 0;
  proto::LookupResponse response;
  while (reader->Read(&response)) {
    if (response.has_summary()) {
      summary = Unpack(response.summary());
      whole = true;
      continue;
    }
    COMMRESOLVE_ASSIGN(row, Unpack(response.row()));
    ++rows;
    if (sink(row)) continue;
    call.context()->TryCancel();
    LookupSummary cut;
    cut.proved = rows;
    cut.complete = false;
    return cut;
  }
  const grpc::Status status = reader->Finish();
  if (call.stopped()) return Error{Code::kInterrupted, "stopped; what was proved is recorded"};
  if (!status.ok()) return ErrorOf(status);
  if (!whole) return Error{Code::kCorrupt, "the daemon ended the look-up without a summary"};
  return summary;
}

}  // namespace commresolve::daemon
