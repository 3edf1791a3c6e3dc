// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Building gRPC servers, and bounding what one client can take of them.

#include "grpc/daemon/rpc_server.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/server_posix.h>

#include <mutex>

#include "grpc/daemon/key_pair.h"
#include "grpc/daemon/rpc_listener.h"
#include "grpc/service/index_service.h"
#include "grpc/service/keeper_service.h"
#include "grpc/service/resolver_service.h"
#include "grpc/service/sharing_service.h"

namespace commresolve::daemon {
namespace {

constexpr int kMostRequestBytes = 64 << 10;
constexpr int kMostKeeperRequestBytes = 4 << 20;
constexpr int kMostCallsOfConnection = 64;
constexpr int kMostThreads = 2'048;
constexpr int kKeepaliveMs = 60'000;
constexpr int kHandshakeMs = 10'000;
constexpr int kMostPingMs = 5'000;
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
  // The limit counts compressed bytes, which may become a thousand times as many.
  builder.AddChannelArgument(GRPC_ARG_ENABLE_PER_MESSAGE_DECOMPRESSION, 0);
  // A call holds a thread until its client has taken the answer, which it may never do.
  builder.SetResourceQuota(grpc::ResourceQuota().SetMaxThreads(kMostThreads));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kMostCallsOfConnection);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, kMostPingMs);
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

TakeConnection InsecureTo(grpc::Server& server) {
  return [&server](UniqueFd fd) { grpc::AddInsecureChannelFromFd(&server, fd.Release()); };
}

/// A server with TLS, and what it takes connections through.
struct TlsServer {
  std::unique_ptr<grpc::Server> server;
  std::shared_ptr<grpc::experimental::ExternalConnectionAcceptor> acceptor;

  [[nodiscard]] TakeConnection Take() const {
    return [to = acceptor](UniqueFd fd) {
      grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters connection;
      connection.fd = fd.Release();
      to->HandleNewConnection(&connection);
    };
  }
};

Result<TlsServer> BuildTls(const TcpDoor& door, grpc::Service& service, CallCounter& counter) {
  if (!KeyBelongs(door.key, door.certificate)) {
    return Error{Code::kInvalidArgument, "grpc_key does not belong to grpc_certificate",
                 "both are PEM files, the key without passphrase"};
  }
  using Type = grpc::ServerBuilder::experimental_type::ExternalConnectionType;
  grpc::SslServerCredentialsOptions tls(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  tls.pem_root_certs = door.client_ca;
  tls.pem_key_cert_pairs.push_back({door.key, door.certificate});
  grpc::ServerBuilder builder;
  SetUp(builder, {&service}, kMostRequestBytes, counter);
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, kHandshakeMs);
  TlsServer built;
  built.acceptor = builder.experimental().AddExternalConnectionAcceptor(
      Type::FROM_FD, grpc::SslServerCredentials(tls));
  built.server = builder.BuildAndStart();
  if (built.server != nullptr) return built;
  return Error{Code::kUnavailable, "cannot serve TLS at " + door.listen,
               "see that grpc_client_ca holds certificates of CAs"};
}

}  // namespace

struct RpcServer::Impl {
  CallCounter counter;
  std::unique_ptr<ResolverServiceImpl> resolver;      // Null for an index server, and so are:
  std::unique_ptr<ResolverServiceImpl> own_resolver;  // That asks peers too.
  std::unique_ptr<KeeperServiceImpl> keeper;
  std::unique_ptr<SharingServiceImpl> sharing;  // Null if nothing is shared.
  std::unique_ptr<IndexServiceImpl> index;      // Null for any other.
  std::unique_ptr<grpc::Server> open;           // For everybody.
  std::unique_ptr<grpc::Server> owned;          // For the owner of the data; may be null.
  std::unique_ptr<grpc::Server> tcp;            // For those with a certificate; may be null.
  uint16_t tcp_port = 0;
  std::vector<std::unique_ptr<RpcListener>> listeners;

  Status ServeKeeper(const RpcServerOptions& options) {
    std::vector<grpc::Service*> services = {own_resolver.get(), keeper.get()};
    if (sharing) services.push_back(sharing.get());
    COMMRESOLVE_ASSIGN(built, Build(services, kMostKeeperRequestBytes, counter));
    owned = std::move(built);
    COMMRESOLVE_ASSIGN(listener,
                       RpcListener::Start(options.keeper_socket, 0600, InsecureTo(*owned)));
    listeners.push_back(std::move(listener));
    return {};
  }

  /// Where questions are answered.
  Status ServeQuestions(grpc::Service& service, const RpcServerOptions& options) {
    if (options.tcp) {
      COMMRESOLVE_ASSIGN(built, BuildTls(*options.tcp, service, counter));
      tcp = std::move(built.server);
      COMMRESOLVE_ASSIGN(listener, RpcListener::StartTcp(options.tcp->listen, built.Take()));
      tcp_port = listener->port();
      listeners.push_back(std::move(listener));
    }
    COMMRESOLVE_ASSIGN(built, Build({&service}, kMostRequestBytes, counter));
    open = std::move(built);
    COMMRESOLVE_ASSIGN(listener, RpcListener::Start(options.resolver_socket, options.resolver_mode,
                                                    InsecureTo(*open)));
    listeners.push_back(std::move(listener));
    return {};
  }
};

RpcServer::RpcServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Result<std::unique_ptr<RpcServer>> RpcServer::Start(Engine& engine,
                                                    const RpcServerOptions& options) {
  UseExtensionsOnce();
  auto impl = std::make_unique<Impl>();
  SearchSource& search = options.search == nullptr ? engine : *options.search;
  impl->resolver = std::make_unique<ResolverServiceImpl>(engine, search, nullptr);
  impl->own_resolver = std::make_unique<ResolverServiceImpl>(engine, search, options.sharing);
  impl->keeper = std::make_unique<KeeperServiceImpl>(engine);
  if (options.sharing != nullptr) {
    impl->sharing = std::make_unique<SharingServiceImpl>(*options.sharing);
  }
  COMMRESOLVE_TRY(impl->ServeKeeper(options));
  COMMRESOLVE_TRY(impl->ServeQuestions(*impl->resolver, options));
  return std::unique_ptr<RpcServer>(new RpcServer(std::move(impl)));
}

Result<std::unique_ptr<RpcServer>> RpcServer::StartIndex(SearchSource& index,
                                                         const RpcServerOptions& options) {
  UseExtensionsOnce();
  auto impl = std::make_unique<Impl>();
  impl->index = std::make_unique<IndexServiceImpl>(index);
  COMMRESOLVE_TRY(impl->ServeQuestions(*impl->index, options));
  return std::unique_ptr<RpcServer>(new RpcServer(std::move(impl)));
}

uint16_t RpcServer::tcp_port() const { return impl_->tcp_port; }

CallCounter::Counts RpcServer::calls() const { return impl_->counter.counts(); }

RpcServer::~RpcServer() {
  impl_->listeners.clear();
  if (impl_->resolver) impl_->resolver->EndCalls();
  if (impl_->own_resolver) impl_->own_resolver->EndCalls();
  if (impl_->keeper) impl_->keeper->EndCalls();
  if (impl_->sharing) impl_->sharing->EndCalls();
  const auto deadline = std::chrono::system_clock::now() + kGrace;
  for (grpc::Server* server : {impl_->open.get(), impl_->owned.get(), impl_->tcp.get()}) {
    if (server != nullptr) server->Shutdown(deadline);
  }
}

}  // namespace commresolve::daemon
