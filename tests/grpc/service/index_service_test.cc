// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// An index server searches, and does nothing else.

#include "grpc/service/index_service.h"

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include "commresolve/v1/keeper_service.grpc.pb.h"
#include "grpc/daemon/rpc_server.h"
#include "grpc/engine/held_index.h"
#include "tests/grpc/engine/engine_world.h"

namespace commresolve::daemon {
namespace {

using fakes::EngineWorld;

/// Of nothing that is indexed.
class IndexServiceTest : public testing::Test {
 protected:
  IndexServiceTest() {
    Config config = world_.MakeConfig();
    config.data_folder = world_.folder() + "/held";
    held_ = *HeldIndex::Open(std::move(config), world_.clock());
    server_ = *RpcServer::StartIndex(*held_, {.resolver_socket = world_.folder() + "/index.sock",
                                              .resolver_mode = 0600,
                                              .keeper_socket = ""});
    const auto channel = grpc::CreateChannel("unix:" + world_.folder() + "/index.sock",
                                             grpc::InsecureChannelCredentials());
    resolver_ = proto::ResolverService::NewStub(channel);
    keeper_ = proto::KeeperService::NewStub(channel);
  }
  /// How a call with one answer ends.
  template <class Stub, class Request, class Response>
  static grpc::StatusCode Call(const std::unique_ptr<Stub>& stub,
                               grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                            Response*)) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
    Response response;
    return (stub.get()->*method)(&context, Request(), &response).error_code();
  }

  EngineWorld world_;
  std::unique_ptr<HeldIndex> held_;
  std::unique_ptr<RpcServer> server_;
  std::unique_ptr<proto::ResolverService::Stub> resolver_;
  std::unique_ptr<proto::KeeperService::Stub> keeper_;
};

TEST_F(IndexServiceTest, ItSearchesAndCompletes) {
  grpc::ClientContext context;
  proto::SearchRequest request;
  request.set_query("wiki");
  const auto reader = resolver_->Search(&context, request);
  proto::SearchResponse response;
  EXPECT_FALSE(reader->Read(&response));
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::NOT_FOUND);
  using Stub = proto::ResolverService::Stub;
  EXPECT_EQ(Call(resolver_, &Stub::Complete), grpc::StatusCode::NOT_FOUND);
}

TEST_F(IndexServiceTest, NothingElseIsImplemented) {
  constexpr auto kNo = grpc::StatusCode::UNIMPLEMENTED;
  using Resolver = proto::ResolverService::Stub;
  using Keeper = proto::KeeperService::Stub;
  EXPECT_EQ(Call(resolver_, &Resolver::Resolve), kNo);
  EXPECT_EQ(Call(resolver_, &Resolver::Verify), kNo);
  EXPECT_EQ(Call(resolver_, &Resolver::Why), kNo);
  EXPECT_EQ(Call(keeper_, &Keeper::Bind), kNo);
  EXPECT_EQ(Call(keeper_, &Keeper::Unbind), kNo);
  EXPECT_EQ(Call(keeper_, &Keeper::Revoke), kNo);
  {
    grpc::ClientContext context;
    const auto watch = resolver_->Watch(&context, {});
    EXPECT_EQ(watch->Finish().error_code(), kNo);
  }
  {
    grpc::ClientContext context;
    const auto observe = keeper_->Observe(&context, {});
    EXPECT_EQ(observe->Finish().error_code(), kNo);
  }
  grpc::ClientContext context;
  proto::ImportResponse response;
  const auto import = keeper_->Import(&context, &response);
  import->WritesDone();
  EXPECT_EQ(import->Finish().error_code(), kNo);
}

TEST_F(IndexServiceTest, ItsDataFolderIsItsOwn) {
  Config config = world_.MakeConfig();
  config.data_folder = world_.folder() + "/held";
  const auto second = HeldIndex::Open(std::move(config), world_.clock());
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, Code::kBusy);
}

}  // namespace
}  // namespace commresolve::daemon
