// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// SharingService of commresolve.v1 over a Sharing. Whoever reaches it may publish in the user's
// place: the daemon serves it on a socket that only the owner of the data can open.

#ifndef COMMRESOLVE_GRPC_SERVICE_SHARING_SERVICE_H_
#define COMMRESOLVE_GRPC_SERVICE_SHARING_SERVICE_H_

#include <atomic>

#include "commresolve/v1/sharing_service.grpc.pb.h"
#include "grpc/service/sharing_convert.h"

namespace commresolve::daemon {

/// Safe for concurrent use, as gRPC calls it.
class SharingServiceImpl final : public proto::SharingService::Service {
 public:
  /// `sharing` is borrowed.
  explicit SharingServiceImpl(Sharing& sharing) : sharing_(sharing) {}

  grpc::Status Join(grpc::ServerContext* context, const proto::JoinRequest* request,
                    proto::JoinResponse* response) override;
  grpc::Status Leave(grpc::ServerContext* context, const proto::LeaveRequest* request,
                     proto::LeaveResponse* response) override;
  grpc::Status GetStatus(grpc::ServerContext* context, const proto::GetStatusRequest* request,
                         proto::GetStatusResponse* response) override;
  /// Ends early if the client goes away; what was published before still is.
  grpc::Status Publish(grpc::ServerContext* context, const proto::PublishRequest* request,
                       proto::PublishResponse* response) override;
  grpc::Status Announce(grpc::ServerContext* context, const proto::AnnounceRequest* request,
                        proto::AnnounceResponse* response) override;
  grpc::Status GetPublishingKey(grpc::ServerContext* context,
                                const proto::GetPublishingKeyRequest* request,
                                proto::GetPublishingKeyResponse* response) override;
  grpc::Status Withdraw(grpc::ServerContext* context, const proto::WithdrawRequest* request,
                        proto::WithdrawResponse* response) override;
  grpc::Status AnnounceRollover(grpc::ServerContext* context,
                                const proto::AnnounceRolloverRequest* request,
                                proto::AnnounceRolloverResponse* response) override;
  grpc::Status WithdrawRollover(grpc::ServerContext* context,
                                const proto::WithdrawRolloverRequest* request,
                                proto::WithdrawRolloverResponse* response) override;
  /// Ends early if the client goes away; what was proved is recorded.
  grpc::Status Lookup(grpc::ServerContext* context, const proto::LookupRequest* request,
                      grpc::ServerWriter<proto::LookupResponse>* writer) override;

  /// Ends the look-ups and the gathering that are under way.
  void EndCalls() { ending_ = true; }

 private:
  Sharing& sharing_;
  std::atomic<bool> ending_{false};
};

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_SERVICE_SHARING_SERVICE_H_
