// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Building two gRPC servers, and bounding what one client can take of them.

#include "grpc/daemon/rpc_server.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>

#include <mutex>

#include "grpc/daemon/rpc_listener.h"
#include "grpc/service/keeper_service.h"
#include "grpc/service/resolver_service.h"

namespace commresolve::daemon {
namespace {

constexpr int kMostRequestBytes = 64 << 10;
constexpr int kMostKeeperRequestBytes = 4 << 20;
constexpr int kMostCallsOfConnection = 64;
constexpr int kMostThreads = 2'048;
constexpr int kKeepaliveMs = 60'000;
constexpr std::chrono::seconds kGrace{2};

void UseExtensionsOnce() {
  static std::once_flag once;
  std::call_once(once, [] {
    grpc::EnableDefaultHealthCheckService(true);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  });
}

Result<std::unique_ptr<grpc::Server>> Build(const std::vector<grpc::Service*>& services,
                                            int most_request_bytes) {
  grpc::ServerBuilder builder;
  builder.SetMaxReceiveMessageSize(most_request_bytes);
  // A call holds a thread until its client has taken the answer, which it may never do.
  builder.SetResourceQuota(grpc::ResourceQuota().SetMaxThreads(kMostThreads));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kMostCallsOfConnection);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveMs);
  for (grpc::Service* service : services) builder.RegisterService(service);
  std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) return Error{Code::kUnavailable, "cannot start a gRPC server"};
  return server;
}

}  // namespace

struct RpcServer::Impl {
  explicit Impl(Engine& engine) : resolver(engine), keeper(engine) {}

  ResolverServiceImpl resolver;
  KeeperServiceImpl keeper;
  std::unique_ptr<grpc::Server> open;   // For everybody.
  std::unique_ptr<grpc::Server> owned;  // For the owner of the data.
  std::vector<std::unique_ptr<RpcListener>> listeners;
};

RpcServer::RpcServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Result<std::unique_ptr<RpcServer>> RpcServer::Start(Engine& engine,
                                                    const RpcServerOptions& options) {
  UseExtensionsOnce();
  auto impl = std::make_unique<Impl>(engine);
  COMMRESOLVE_ASSIGN(owned, Build({&impl->resolver, &impl->keeper}, kMostKeeperRequestBytes));
  impl->owned = std::move(owned);
  COMMRESOLVE_ASSIGN(open, Build({&impl->resolver}, kMostRequestBytes));
  impl->open = std::move(open);
  COMMRESOLVE_ASSIGN(keeper, RpcListener::Start(options.keeper_socket, 0600, *impl->owned));
  impl->listeners.push_back(std::move(keeper));
  COMMRESOLVE_ASSIGN(
      resolver, RpcListener::Start(options.resolver_socket, options.resolver_mode, *impl->open));
  impl->listeners.push_back(std::move(resolver));
  return std::unique_ptr<RpcServer>(new RpcServer(std::move(impl)));
}

RpcServer::~RpcServer() {
  impl_->listeners.clear();
  impl_->resolver.EndWatches();
  impl_->keeper.EndCalls();
  const auto deadline = std::chrono::system_clock::now() + kGrace;
  for (grpc::Server* server : {impl_->open.get(), impl_->owned.get()}) {
    if (server != nullptr) server->Shutdown(deadline);
  }
}

}  // namespace commresolve::daemon
