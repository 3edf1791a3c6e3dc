// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// ResolverService of commresolve.v1 over an Engine.

#ifndef COMMRESOLVE_GRPC_SERVICE_RESOLVER_SERVICE_H_
#define COMMRESOLVE_GRPC_SERVICE_RESOLVER_SERVICE_H_

#include <atomic>

#include "commresolve/v1/resolver_service.grpc.pb.h"
#include "grpc/service/call_threads.h"
#include "grpc/service/convert.h"
#include "grpc/sharing/sharing.h"

namespace commresolve::daemon {

/// Safe for concurrent use, as gRPC calls it. Every call keeps to its deadline, or to 30 seconds.
///
/// Resolve is answered by gRPC's own few threads if it can be answered from what is on record, and
/// otherwise handed to others. The other calls are rarer, and have a thread each.
class ResolverServiceImpl final
    : public proto::ResolverService::WithCallbackMethod_Resolve<proto::ResolverService::Service> {
 public:
  /// All are borrowed. `search` answers Search and Complete; it may be the engine. `sharing` asks
  /// peers; it is null where others than the owner of the data ask, and for a daemon without peers.
  ResolverServiceImpl(Engine& engine, SearchSource& search, Sharing* sharing);

  grpc::Status Search(grpc::ServerContext* context, const proto::SearchRequest* request,
                      grpc::ServerWriter<proto::SearchResponse>* writer) override;
  grpc::Status Complete(grpc::ServerContext* context, const proto::CompleteRequest* request,
                        proto::CompleteResponse* response) override;
  grpc::ServerUnaryReactor* Resolve(grpc::CallbackServerContext* context,
                                    const proto::ResolveRequest* request,
                                    proto::ResolveResponse* response) override;
  grpc::Status Verify(grpc::ServerContext* context, const proto::VerifyRequest* request,
                      proto::VerifyResponse* response) override;
  grpc::Status Why(grpc::ServerContext* context, const proto::WhyRequest* request,
                   proto::WhyResponse* response) override;
  grpc::Status Watch(grpc::ServerContext* context, const proto::WatchRequest* request,
                     grpc::ServerWriter<proto::WatchResponse>* writer) override;

  /// Ends the watches and look-ups that are open, so that the server can stop.
  void EndCalls() { ending_ = true; }

 private:
  /// Whether a Search or Resolve asks peers. By itself only a call that can.
  template <class Request>
  [[nodiscard]] bool AsksPeers(const Request& request) const {
    return request.has_peers() ? request.peers()
                               : sharing_ != nullptr && engine_.config()->search_peers;
  }
  Resolution ResolveNow(const ResolveRequest& request, const grpc::ServerContextBase& context,
                        Deadline deadline);
  grpc::Status VerifyServer(grpc::ServerContext* context, const proto::VerifyRequest& request,
                            proto::VerifyResponse* response);
  grpc::Status VerifyName(grpc::ServerContext* context, const proto::VerifyRequest& request,
                          proto::VerifyResponse* response);

  Engine& engine_;
  SearchSource& search_;
  Sharing* const sharing_;
  std::atomic<bool> ending_{false};
  std::atomic<int> watches_{0};
  CallThreads proving_;  // Last, so that it ends first: its calls use the rest.
};

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_SERVICE_RESOLVER_SERVICE_H_
