// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// gRPC over TCP: questions only, and only for those with a certificate of the right CA.

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include "commresolve/v1/keeper_service.grpc.pb.h"
#include "commresolve/v1/resolver_service.grpc.pb.h"
#include "grpc/daemon/rpc_server.h"
#include "tests/grpc/engine/engine_world.h"

namespace commresolve::daemon {
namespace {

namespace proto = ::commresolve::v1;
using fakes::EngineWorld;
using fakes::TestCa;
using fakes::TestCertificate;

class TcpDoorTest : public testing::Test {
 protected:
  TcpDoorTest() {
    const TestCertificate own = server_ca_.Issue({.names = {"door.example"}});
    server_ = *RpcServer::Start(
        world_.engine(), {world_.folder() + "/grpc.sock", 0600, world_.folder() + "/keeper.sock",
                          TcpDoor{"127.0.0.1", own.Pem(), own.KeyPem(), client_ca_.Pem()}});
  }
  /// With the certificate of a client, or without.
  std::shared_ptr<grpc::Channel> Connect(const TestCertificate* client) {
    grpc::SslCredentialsOptions tls;
    tls.pem_root_certs = server_ca_.Pem();
    if (client != nullptr) {
      tls.pem_cert_chain = client->Pem();
      tls.pem_private_key = client->KeyPem();
    }
    grpc::ChannelArguments arguments;
    arguments.SetSslTargetNameOverride("door.example");
    return grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(server_->tcp_port()),
                                     grpc::SslCredentials(tls), arguments);
  }
  static grpc::StatusCode Resolve(const std::shared_ptr<grpc::Channel>& channel) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
    proto::ResolveRequest request;
    request.set_name("nobody");
    proto::ResolveResponse response;
    return proto::ResolverService::NewStub(channel)
        ->Resolve(&context, request, &response)
        .error_code();
  }

  EngineWorld world_;
  TestCa server_ca_{"Server CA"};
  TestCa client_ca_{"Client CA"};
  std::unique_ptr<RpcServer> server_;
};

TEST_F(TcpDoorTest, AClientWithACertificateMayAsk) {
  const TestCertificate client = client_ca_.Issue({.names = {"client.example"}, .client = true});
  EXPECT_EQ(Resolve(Connect(&client)), grpc::StatusCode::NOT_FOUND);
}

TEST_F(TcpDoorTest, NobodyElseMay) {
  EXPECT_EQ(Resolve(Connect(nullptr)), grpc::StatusCode::UNAVAILABLE);
  const TestCertificate stranger =
      TestCa("Other CA").Issue({.names = {"client.example"}, .client = true});
  EXPECT_EQ(Resolve(Connect(&stranger)), grpc::StatusCode::UNAVAILABLE);
  const TestCertificate late = client_ca_.Issue({.names = {"client.example"},
                                                 .not_before = 1'000'000'000,
                                                 .not_after = 1'100'000'000,
                                                 .client = true});
  const TestCertificate server = client_ca_.Issue({.names = {"client.example"}});
  EXPECT_EQ(Resolve(Connect(&server)), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(Resolve(Connect(&late)), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(TcpDoorTest, NothingIsKeptThere) {
  const TestCertificate client = client_ca_.Issue({.names = {"client.example"}, .client = true});
  grpc::ClientContext context;
  proto::UnbindRequest request;
  request.set_words("x");
  proto::UnbindResponse response;
  EXPECT_EQ(proto::KeeperService::NewStub(Connect(&client))
                ->Unbind(&context, request, &response)
                .error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
}

TEST_F(TcpDoorTest, AKeyOfAnotherCertificateIsRefused) {
  const TestCertificate own = server_ca_.Issue({.names = {"door.example"}});
  const auto started = RpcServer::Start(
      world_.engine(),
      {world_.folder() + "/2.sock", 0600, world_.folder() + "/3.sock",
       TcpDoor{"127.0.0.1", own.Pem(), fakes::MakeCertificate({}).KeyPem(), client_ca_.Pem()}});
  ASSERT_FALSE(started.ok());
  EXPECT_EQ(started.error().code, Code::kInvalidArgument);
}

}  // namespace
}  // namespace commresolve::daemon
