// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Building two gRPC servers.

#include "grpc/daemon/rpc_server.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <mutex>

#include "grpc/service/keeper_service.h"
#include "grpc/service/resolver_service.h"

namespace commresolve::daemon {
namespace {

constexpr int kMaxMessageBytes = 4 << 20;
constexpr std::chrono::seconds kGrace{2};

void UseExtensionsOnce() {
  static std::once_flag once;
  std::call_once(once, [] {
    grpc::EnableDefaultHealthCheckService(true);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  });
}

/// Listens with mode 0600 from the first moment.
Result<std::unique_ptr<grpc::Server>> Listen(const std::string& path,
                                             const std::vector<grpc::Service*>& services) {
  grpc::ServerBuilder builder;
  builder.AddListeningPort("unix:" + path, grpc::InsecureServerCredentials());
  builder.SetMaxReceiveMessageSize(kMaxMessageBytes);
  for (grpc::Service* service : services) builder.RegisterService(service);
  const mode_t before = ::umask(0177);
  std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  ::umask(before);
  if (server == nullptr) {
    return Error{Code::kUnavailable, "cannot listen at " + path,
                 "see that its folder exists and is yours"};
  }
  return server;
}

}  // namespace

struct RpcServer::Impl {
  explicit Impl(Engine& engine) : resolver(engine), keeper(engine) {}

  ResolverServiceImpl resolver;
  KeeperServiceImpl keeper;
  std::unique_ptr<grpc::Server> open;   // For everybody.
  std::unique_ptr<grpc::Server> owned;  // For the owner of the data.
};

RpcServer::RpcServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Result<std::unique_ptr<RpcServer>> RpcServer::Start(Engine& engine,
                                                    const RpcServerOptions& options) {
  UseExtensionsOnce();
  auto impl = std::make_unique<Impl>(engine);
  COMMRESOLVE_ASSIGN(owned, Listen(options.keeper_socket, {&impl->resolver, &impl->keeper}));
  impl->owned = std::move(owned);
  COMMRESOLVE_ASSIGN(open, Listen(options.resolver_socket, {&impl->resolver}));
  impl->open = std::move(open);
  if (::chmod(options.resolver_socket.c_str(), options.resolver_mode) != 0) {
    return Error{Code::kUnavailable, "cannot change the mode of " + options.resolver_socket};
  }
  return std::unique_ptr<RpcServer>(new RpcServer(std::move(impl)));
}

RpcServer::~RpcServer() {
  impl_->resolver.EndWatches();
  impl_->keeper.EndCalls();
  const auto deadline = std::chrono::system_clock::now() + kGrace;
  for (grpc::Server* server : {impl_->open.get(), impl_->owned.get()}) {
    if (server != nullptr) server->Shutdown(deadline);
  }
}

}  // namespace commresolve::daemon
