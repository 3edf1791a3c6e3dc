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

/// What all doors share.
void SetUp(grpc::ServerBuilder& builder, const std::vector<grpc::Service*>& services,
           int most_request_bytes, CallCounter& counter) {
  builder.SetMaxReceiveMessageSize(most_request_bytes);
  // A call holds a thread until its client has taken the answer, which it may never do.
  builder.SetResourceQuota(grpc::ResourceQuota().SetMaxThreads(kMostThreads));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kMostCallsOfConnection);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveMs);
  std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> interceptors;
  interceptors.push_back(CountCalls(counter));
  builder.experimental().SetInterceptorCreators(std::move(interceptors));
  for (grpc::Service* service : services) builder.RegisterService(service);
}

Result<std::unique_ptr<grpc::Server>> Build(const std::vector<grpc::Service*>& services,
                                            int most_request_bytes, CallCounter& counter) {
  grpc::ServerBuilder builder;
  SetUp(builder, services, most_request_bytes, counter);
  std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) return Error{Code::kUnavailable, "cannot start a gRPC server"};
  return server;
}

Result<std::unique_ptr<grpc::Server>> ListenTcp(const TcpDoor& door, grpc::Service& service,
                                                CallCounter& counter, int* port) {
  grpc::SslServerCredentialsOptions tls(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  tls.pem_root_certs = door.client_ca;
  tls.pem_key_cert_pairs.push_back({door.key, door.certificate});
  grpc::ServerBuilder builder;
  SetUp(builder, {&service}, kMostRequestBytes, counter);
  builder.AddListeningPort(door.listen, grpc::SslServerCredentials(tls), port);
  auto server = builder.BuildAndStart();
  if (server == nullptr || *port == 0) {
    return Error{Code::kUnavailable, "cannot listen at " + door.listen + " with TLS",
                 "see that the address is this machine's, the port is free, and grpc_key belongs "
                 "to grpc_certificate"};
  }
  return server;
}

}  // namespace

struct RpcServer::Impl {
  explicit Impl(Engine& engine) : resolver(engine), keeper(engine) {}

  CallCounter counter;
  ResolverServiceImpl resolver;
  KeeperServiceImpl keeper;
  std::unique_ptr<grpc::Server> open;   // For everybody.
  std::unique_ptr<grpc::Server> owned;  // For the owner of the data.
  std::unique_ptr<grpc::Server> tcp;    // For those with a certificate; may be null.
  int tcp_port = 0;
  std::vector<std::unique_ptr<RpcListener>> listeners;
};

RpcServer::RpcServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Result<std::unique_ptr<RpcServer>> RpcServer::Start(Engine& engine,
                                                    const RpcServerOptions& options) {
  UseExtensionsOnce();
  auto impl = std::make_unique<Impl>(engine);
  CallCounter& counter = impl->counter;
  COMMRESOLVE_ASSIGN(owned,
                     Build({&impl->resolver, &impl->keeper}, kMostKeeperRequestBytes, counter));
  impl->owned = std::move(owned);
  COMMRESOLVE_ASSIGN(open, Build({&impl->resolver}, kMostRequestBytes, counter));
  impl->open = std::move(open);
  if (options.tcp) {
    COMMRESOLVE_ASSIGN(tcp, ListenTcp(*options.tcp, impl->resolver, counter, &impl->tcp_port));
    impl->tcp = std::move(tcp);
  }
  COMMRESOLVE_ASSIGN(keeper, RpcListener::Start(options.keeper_socket, 0600, *impl->owned));
  impl->listeners.push_back(std::move(keeper));
  COMMRESOLVE_ASSIGN(
      resolver, RpcListener::Start(options.resolver_socket, options.resolver_mode, *impl->open));
  impl->listeners.push_back(std::move(resolver));
  return std::unique_ptr<RpcServer>(new RpcServer(std::move(impl)));
}

int RpcServer::tcp_port() const { return impl_->tcp_port; }

CallCounter::Counts RpcServer::calls() const { return impl_->counter.counts(); }

RpcServer::~RpcServer() {
  impl_->listeners.clear();
  impl_->resolver.EndWatches();
  impl_->keeper.EndCalls();
  const auto deadline = std::chrono::system_clock::now() + kGrace;
  for (grpc::Server* server : {impl_->open.get(), impl_->owned.get(), impl_->tcp.get()}) {
    if (server != nullptr) server->Shutdown(deadline);
  }
}

}  // namespace commresolve::daemon
