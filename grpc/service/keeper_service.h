// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// KeeperService of commresolve.v1 over an Engine. Whoever reaches it may change every binding: the
// daemon serves it on a socket that only the owner of the data can open.

#ifndef COMMRESOLVE_GRPC_SERVICE_KEEPER_SERVICE_H_
#define COMMRESOLVE_GRPC_SERVICE_KEEPER_SERVICE_H_

#include <atomic>

#include "commresolve/v1/keeper_service.grpc.pb.h"
#include "grpc/service/convert.h"

namespace commresolve::daemon {

/// Safe for concurrent use, as gRPC calls it.
class KeeperServiceImpl final : public proto::KeeperService::Service {
 public:
  /// `engine` is borrowed.
  explicit KeeperServiceImpl(Engine& engine) : engine_(engine) {}

  grpc::Status Bind(grpc::ServerContext* context, const proto::BindRequest* request,
                    proto::BindResponse* response) override;
  grpc::Status Unbind(grpc::ServerContext* context, const proto::UnbindRequest* request,
                      proto::UnbindResponse* response) override;
  grpc::Status Revoke(grpc::ServerContext* context, const proto::RevokeRequest* request,
                      proto::RevokeResponse* response) override;
  /// At most 256 MiB and 10,000 files a call.
  grpc::Status Import(grpc::ServerContext* context,
                      grpc::ServerReader<proto::ImportRequest>* reader,
                      proto::ImportResponse* response) override;
  /// At most 10,000 servers a call. Ends early if the client goes away; what was seen is recorded.
  grpc::Status Observe(grpc::ServerContext* context, const proto::ObserveRequest* request,
                       grpc::ServerWriter<proto::ObserveResponse>* writer) override;

  /// Ends the imports and observations that are under way; what they recorded stays.
  void EndCalls() { ending_ = true; }

 private:
  Engine& engine_;
  std::atomic<bool> ending_{false};
};

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_SERVICE_KEEPER_SERVICE_H_
