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

std::unique_ptr<grpc::Server> Build(const std::string& address,
                                    const std::shared_ptr<grpc::ServerCredentials>& credentials,
                                    const std::vector<grpc::Service*>& services,
                                    CallCounter& counter, int* port = nullptr) {
  grpc::ServerBuilder builder;
  std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> interceptors;
  interceptors.push_back(CountCalls(counter));
  builder.experimental().SetInterceptorCreators(std::move(interceptors));
  builder.AddListeningPort(address, credentials, port);
  builder.SetMaxReceiveMessageSize(kMaxMessageBytes);
  for (grpc::Service* service : services) builder.RegisterService(service);
  return builder.BuildAndStart();
}

/// Listens with mode 0600 from the first moment.
Result<std::unique_ptr<grpc::Server>> Listen(const std::string& path,
                                             const std::vector<grpc::Service*>& services,
                                             CallCounter& counter) {
  const mode_t before = ::umask(0177);
  auto server = Build("unix:" + path, grpc::InsecureServerCredentials(), services, counter);
  ::umask(before);
  if (server == nullptr) {
    return Error{Code::kUnavailable, "cannot listen at " + path,
                 "see that its folder exists and is yours"};
  }
  return server;
}

Result<std::unique_ptr<grpc::Server>> ListenTcp(const TcpDoor& door, grpc::Service& service,
                                                CallCounter& counter, int* port) {
  grpc::SslServerCredentialsOptions tls(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  tls.pem_root_certs = door.client_ca;
  tls.pem_key_cert_pairs.push_back({door.key, door.certificate});
  auto server = Build(door.listen, grpc::SslServerCredentials(tls), {&service}, counter, port);
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
};

RpcServer::RpcServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Result<std::unique_ptr<RpcServer>> RpcServer::Start(Engine& engine,
                                                    const RpcServerOptions& options) {
  UseExtensionsOnce();
  auto impl = std::make_unique<Impl>(engine);
  COMMRESOLVE_ASSIGN(
      owned, Listen(options.keeper_socket, {&impl->resolver, &impl->keeper}, impl->counter));
  impl->owned = std::move(owned);
  COMMRESOLVE_ASSIGN(open, Listen(options.resolver_socket, {&impl->resolver}, impl->counter));
  impl->open = std::move(open);
  if (::chmod(options.resolver_socket.c_str(), options.resolver_mode) != 0) {
    return Error{Code::kUnavailable, "cannot change the mode of " + options.resolver_socket};
  }
  if (options.tcp) {
    COMMRESOLVE_ASSIGN(tcp,
                       ListenTcp(*options.tcp, impl->resolver, impl->counter, &impl->tcp_port));
    impl->tcp = std::move(tcp);
  }
  return std::unique_ptr<RpcServer>(new RpcServer(std::move(impl)));
}

int RpcServer::tcp_port() const { return impl_->tcp_port; }

CallCounter::Counts RpcServer::calls() const { return impl_->counter.counts(); }

RpcServer::~RpcServer() {
  impl_->resolver.EndWatches();
  impl_->keeper.EndCalls();
  const auto deadline = std::chrono::system_clock::now() + kGrace;
  for (grpc::Server* server : {impl_->open.get(), impl_->owned.get(), impl_->tcp.get()}) {
    if (server != nullptr) server->Shutdown(deadline);
  }
}

}  // namespace commresolve::daemon
