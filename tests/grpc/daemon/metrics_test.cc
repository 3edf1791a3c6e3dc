// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Metrics: their text, the socket they are read from, and what they never tell.

#include "grpc/daemon/metrics.h"

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/client_unary_call.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <sys/stat.h>

#include "commresolve/v1/resolver_service.grpc.pb.h"
#include "grpc/daemon/metrics_server.h"
#include "grpc/daemon/rpc_server.h"
#include "tests/grpc/engine/engine_world.h"

namespace commresolve::daemon {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

TEST(MetricsTest, EachFamilyStandsThere) {
  Metrics metrics;
  metrics.version = "1.2.3";
  metrics.bindings = 3;
  metrics.publisher.published = 4;
  metrics.refresher.failed = 5;
  metrics.nss.accepted = 10;
  metrics.nss.refused = 4;
  metrics.calls[{"/commresolve.v1.ResolverService/Resolve", grpc::StatusCode::NOT_FOUND}] = 7;
  const std::string text = MetricsText(metrics);
  EXPECT_THAT(text, HasSubstr("commresolve_build_info{version=\"1.2.3\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("\ncommresolve_bindings 3\n"));
  EXPECT_THAT(text, HasSubstr("commresolve_snapshots_total{result=\"published\"} 4\n"));
  EXPECT_THAT(text, HasSubstr("commresolve_proofs_total{result=\"failed\"} 5\n"));
  EXPECT_THAT(text, HasSubstr("commresolve_nss_connections_total{result=\"accepted\"} 6\n"));
  EXPECT_THAT(text, HasSubstr("commresolve_calls_total{method=\"commresolve.v1.ResolverService/"
                              "Resolve\",code=\"not_found\"} 7\n"));
  EXPECT_THAT(text, EndsWith("\n# EOF\n"));
}

TEST(MetricsTest, SharingIsLeftOutWhereItCannotBeUsed) {
  EXPECT_THAT(MetricsText({}), Not(HasSubstr("sharing")));
  Metrics metrics;
  SharingStatus& sharing = metrics.sharing.emplace();
  EXPECT_THAT(MetricsText(metrics), HasSubstr("\ncommresolve_sharing_joined 0\n"));
  sharing.membership.joined = true;
  sharing.running = true;
  sharing.health.peers6 = 12;
  sharing.health.sent = 34;
  sharing.health.refused_for_room = 5;
  sharing.queue[1].failing = 6;
  sharing.observer = "somebody";
  const std::string text = MetricsText(metrics);
  EXPECT_THAT(text, HasSubstr("\ncommresolve_sharing_joined 1\n"));
  EXPECT_THAT(text, HasSubstr("\ncommresolve_sharing_peers{family=\"ipv6\"} 12\n"));
  EXPECT_THAT(text, HasSubstr("commresolve_sharing_datagrams_total{direction=\"sent\"} 34\n"));
  EXPECT_THAT(text, HasSubstr("commresolve_sharing_refused_records_total{reason=\"room\"} 5\n"));
  EXPECT_THAT(text, HasSubstr("commresolve_sharing_records{type=\"owner_record\","
                              "state=\"failing\"} 6\n"));
  EXPECT_THAT(text, Not(HasSubstr("somebody")));
  EXPECT_THAT(text, EndsWith("\n# EOF\n"));
}

TEST(MetricsTest, TheSocketAnswersItsOwnerAlone) {
  const std::string path = testing::TempDir() + "metrics." + std::to_string(::getpid());
  {
    const auto server = MetricsServer::Start(path, [] { return std::string("# EOF\n"); });
    ASSERT_TRUE(server.ok()) << server.error().message;
    struct stat info{};
    ASSERT_EQ(::stat(path.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777U, 0600U);
    httplib::Client client(path, 80);
    client.set_address_family(AF_UNIX);
    const auto found = client.Get("/metrics");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->status, 200);
    EXPECT_EQ(found->body, "# EOF\n");
    EXPECT_THAT(found->get_header_value("Content-Type"), HasSubstr("openmetrics-text"));
    const auto other = client.Get("/known_certs");
    ASSERT_TRUE(other);
    EXPECT_EQ(other->status, 404);
  }
  struct stat info{};
  EXPECT_NE(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(MetricsServer::Start("/no/such/folder/x", [] { return std::string(); }).error().code,
            Code::kUnavailable);
}

TEST(MetricsTest, CallsAreCountedWithoutWhatWasAsked) {
  fakes::EngineWorld world;
  const auto server = *RpcServer::Start(
      world.engine(), {world.folder() + "/grpc.sock", 0600, world.folder() + "/keeper.sock"});
  const auto channel = grpc::CreateChannel("unix:" + world.folder() + "/grpc.sock",
                                           grpc::InsecureChannelCredentials());
  const auto stub = v1::ResolverService::NewStub(channel);
  for (int i = 0; i < 3; ++i) {
    grpc::ClientContext context;
    v1::ResolveRequest request;
    request.set_name("secret words");
    v1::ResolveResponse response;
    stub->Resolve(&context, request, &response);
  }
  // A client can make up the name of a method.
  const grpc::internal::RpcMethod made_up("/secret.Service/Words",
                                          grpc::internal::RpcMethod::NORMAL_RPC);
  grpc::ClientContext context;
  const v1::ResolveRequest request;
  v1::ResolveResponse response;
  const grpc::Status status =
      grpc::internal::BlockingUnaryCall<v1::ResolveRequest, v1::ResolveResponse>(
          channel.get(), made_up, &context, request, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNIMPLEMENTED);
  Metrics metrics;
  metrics.calls = server->calls();
  const std::string text = MetricsText(metrics);
  EXPECT_THAT(text, HasSubstr("Resolve\",code=\"not_found\"} 3\n"));
  EXPECT_THAT(text, Not(HasSubstr("secret")));
}

}  // namespace
}  // namespace commresolve::daemon
