// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The services as a client sees them, over the Unix sockets.

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <algorithm>
#include <filesystem>
#include <thread>
#include <vector>

#include "commresolve/v1/keeper_service.grpc.pb.h"
#include "commresolve/v1/resolver_service.grpc.pb.h"
#include "grpc/daemon/rpc_listener.h"
#include "grpc/daemon/rpc_server.h"
#include "grpc/service/convert.h"
#include "grpc/service/status.h"
#include "tests/grpc/engine/engine_world.h"

namespace commresolve::daemon {
namespace {

namespace proto = ::commresolve::v1;
using fakes::EngineWorld;
using fakes::MakeCertificate;
using fakes::TlsServer;

/// A context that gives up in the end.
struct Call : grpc::ClientContext {
  Call() { set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30)); }
};

class RpcTest : public testing::Test {
 protected:
  RpcTest()
      : server_(std::move(*RpcServer::Start(world_.engine(), {world_.folder() + "/grpc.sock", 0666,
                                                              world_.folder() + "/keeper.sock"}))),
        resolver_(proto::ResolverService::NewStub(Channel("grpc.sock"))),
        keeper_(proto::KeeperService::NewStub(Channel("keeper.sock"))) {}

  std::shared_ptr<grpc::Channel> Channel(const std::string& socket) {
    return grpc::CreateChannel("unix:" + world_.folder() + "/" + socket,
                               grpc::InsecureChannelCredentials());
  }
  Error Resolve(const std::string& name, proto::ResolveResponse* response,
                proto::Prove prove = proto::PROVE_UNSPECIFIED) {
    Call call;
    proto::ResolveRequest request;
    request.set_name(name);
    request.set_prove(prove);
    const grpc::Status status = resolver_->Resolve(&call, request, response);
    return status.ok() ? Error{Code::kInternal, "OK"} : FromGrpc(status);
  }
  KeyId Observe(const TlsServer& tls) {
    Call call;
    proto::ObserveRequest request;
    request.add_servers("127.0.0.1:" + std::to_string(tls.port()));
    request.set_protocol(proto::PROTOCOL_TLS);
    const auto reader = keeper_->Observe(&call, request);
    proto::ObserveResponse response;
    EXPECT_TRUE(reader->Read(&response));
    EXPECT_FALSE(response.has_error()) << response.error().message();
    proto::ObserveResponse more;
    EXPECT_FALSE(reader->Read(&more));
    EXPECT_TRUE(reader->Finish().ok());
    return *KeyFromProto(response.shown().key());
  }
  grpc::Status Bind(const std::string& words, const KeyId& key) {
    Call call;
    proto::BindRequest request;
    request.set_words(words);
    request.set_key(std::string(key.view()));
    proto::BindResponse response;
    return keeper_->Bind(&call, request, &response);
  }

  EngineWorld world_;
  std::unique_ptr<RpcServer> server_;
  std::unique_ptr<proto::ResolverService::Stub> resolver_;
  std::unique_ptr<proto::KeeperService::Stub> keeper_;
};

TEST_F(RpcTest, FromObservedToResolved) {
  const TlsServer tls(world_.ca().Issue({.names = {"bugs.debian.example"}}));
  const KeyId key = Observe(tls);
  proto::ResolveResponse response;
  EXPECT_EQ(Resolve("debian bugs", &response).code, Code::kUntrusted);
  ASSERT_TRUE(Bind("debian bugs", key).ok());
  for (const std::string name : {"debian bugs", "debian-bugs.cert.alt", "bugs.debian.example"}) {
    EXPECT_EQ(Resolve(name, &response).message, "OK") << name;
    EXPECT_EQ(response.verdict(), proto::VERDICT_MATCH);
    EXPECT_EQ(response.answer().endpoint().address(), "127.0.0.1");
    EXPECT_EQ(response.answer().endpoint().port(), tls.port());
    EXPECT_EQ(response.answer().key(), key.view());
    EXPECT_EQ(response.answer().tier(), proto::TIER_PINNED);
    EXPECT_FALSE(response.answer().fresh());
  }
  EXPECT_EQ(Resolve("debian bugs", &response, proto::PROVE_ALWAYS).message, "OK");
  EXPECT_TRUE(response.answer().fresh());
}

TEST_F(RpcTest, ARefusalSaysWhyAndWhatToDo) {
  proto::ResolveResponse response;
  const Error error = Resolve("nothing here", &response);
  EXPECT_EQ(error.code, Code::kNotFound);
  EXPECT_NE(error.message, "");
  EXPECT_NE(error.hint, "");
  EXPECT_EQ(Resolve("", &response).code, Code::kInvalidArgument);
  EXPECT_EQ(Resolve("a.b.cert.alt", &response).code, Code::kInvalidArgument);
}

TEST_F(RpcTest, ASwappedKeyIsRefusedEverywhere) {
  TlsServer tls(MakeCertificate({.names = {"swap.example"}}));
  ASSERT_TRUE(Bind("swap", Observe(tls)).ok());
  tls.Present(MakeCertificate({.names = {"swap.example"}}));
  proto::ResolveResponse response;
  EXPECT_EQ(Resolve("swap", &response, proto::PROVE_ALWAYS).code, Code::kUntrusted);

  Call verify_call;
  proto::VerifyRequest verify;
  verify.set_name("swap");
  proto::VerifyResponse verdict;
  ASSERT_TRUE(resolver_->Verify(&verify_call, verify, &verdict).ok());
  EXPECT_EQ(verdict.verdict(), proto::VERDICT_CHANGED);
  EXPECT_EQ(verdict.key(), "");

  Call server_call;
  verify.set_server("127.0.0.1:" + std::to_string(tls.port()));
  ASSERT_TRUE(resolver_->Verify(&server_call, verify, &verdict).ok());
  EXPECT_EQ(verdict.verdict(), proto::VERDICT_CHANGED);
  EXPECT_EQ(verdict.bindings(0).words(), "swap");

  Call why_call;
  proto::WhyRequest why;
  why.set_name("swap");
  proto::WhyResponse because;
  ASSERT_TRUE(resolver_->Why(&why_call, why, &because).ok());
  EXPECT_EQ(because.verdict(), proto::VERDICT_CHANGED);
  EXPECT_EQ(because.refusal().code(), "untrusted");
  EXPECT_EQ(because.changes_size(), 1);
  EXPECT_GT(because.trace_size(), 3);
  EXPECT_GT(because.would_change_size(), 0);
}

TEST_F(RpcTest, SearchBeginsWithASummary) {
  const TlsServer tls(MakeCertificate({.names = {"green.garden.example"}}));
  Observe(tls);
  Call call;
  proto::SearchRequest request;
  request.set_query("garden green");
  const auto reader = resolver_->Search(&call, request);
  proto::SearchResponse response;
  ASSERT_TRUE(reader->Read(&response));
  ASSERT_TRUE(response.has_summary());
  ASSERT_TRUE(reader->Read(&response));
  ASSERT_TRUE(response.has_result());
  EXPECT_EQ(response.result().rank(), 1U);
  EXPECT_EQ(response.result().best().certificate().names(0), "green.garden.example");
  EXPECT_EQ(response.result().best().tier(), proto::TIER_PROVEN);
  EXPECT_FALSE(reader->Read(&response));
  EXPECT_TRUE(reader->Finish().ok());

  Call too_many;
  request.set_limit(1'001);
  EXPECT_EQ(FromGrpc(resolver_->Search(&too_many, request)->Finish()).code, Code::kInvalidArgument);
}

TEST_F(RpcTest, WatchTellsOfAChange) {
  TlsServer tls(MakeCertificate({.names = {"watch.example"}}));
  ASSERT_TRUE(Bind("watch", Observe(tls)).ok());
  Call call;
  const auto reader = resolver_->Watch(&call, {});
  reader->WaitForInitialMetadata();
  proto::ResolveResponse response;
  Resolve("watch", &response, proto::PROVE_ALWAYS);
  proto::WatchResponse event;
  ASSERT_TRUE(reader->Read(&event));
  EXPECT_EQ(event.words(), "watch");
  EXPECT_EQ(event.verdict(), proto::VERDICT_MATCH);
  tls.Present(MakeCertificate({.names = {"watch.example"}}));
  Resolve("watch", &response, proto::PROVE_ALWAYS);
  ASSERT_TRUE(reader->Read(&event));
  EXPECT_EQ(event.verdict(), proto::VERDICT_CHANGED);
  EXPECT_EQ(event.refusal().code(), "untrusted");
  server_.reset();
  EXPECT_FALSE(reader->Read(&event));
  EXPECT_EQ(FromGrpc(reader->Finish()).code, Code::kUnavailable);
}

TEST_F(RpcTest, UnbindAndRevoke) {
  const TlsServer tls(MakeCertificate({.names = {"short.example"}}));
  const KeyId key = Observe(tls);
  ASSERT_TRUE(Bind("short", key).ok());
  proto::RevokeRequest revoke;
  revoke.set_key(std::string(key.view()));
  revoke.set_reason("stolen");
  proto::RevokeResponse revoked;
  Call first;
  ASSERT_TRUE(keeper_->Revoke(&first, revoke, &revoked).ok());
  proto::ResolveResponse response;
  EXPECT_EQ(Resolve("short", &response).code, Code::kUntrusted);
  EXPECT_EQ(FromGrpc(Bind("other", key)).code, Code::kUntrusted);
  revoke.set_undo(true);
  Call second;
  ASSERT_TRUE(keeper_->Revoke(&second, revoke, &revoked).ok());
  EXPECT_EQ(Resolve("short", &response).message, "OK");
  proto::UnbindRequest unbind;
  unbind.set_words("short");
  proto::UnbindResponse unbound;
  Call third;
  ASSERT_TRUE(keeper_->Unbind(&third, unbind, &unbound).ok());
  EXPECT_EQ(Resolve("short", &response).code, Code::kUntrusted);
  Call fourth;
  EXPECT_EQ(FromGrpc(keeper_->Unbind(&fourth, unbind, &unbound)).code, Code::kNotFound);
}

TEST_F(RpcTest, ImportTakesFilesInPieces) {
  const std::string pem = MakeCertificate({.names = {"uploaded.example"}}).Pem();
  Call call;
  proto::ImportResponse summary;
  const auto writer = keeper_->Import(&call, &summary);
  proto::ImportRequest piece;
  piece.set_file("one.pem");
  ASSERT_TRUE(writer->Write(piece));
  piece.set_content(pem.substr(0, 100));
  ASSERT_TRUE(writer->Write(piece));
  piece.set_content(pem.substr(100));
  ASSERT_TRUE(writer->Write(piece));
  piece.set_file("junk.pem");
  ASSERT_TRUE(writer->Write(piece));
  piece.set_content("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
  ASSERT_TRUE(writer->Write(piece));
  writer->WritesDone();
  const grpc::Status status = writer->Finish();
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(summary.read(), 1U);
  EXPECT_EQ(summary.new_(), 1U);
  ASSERT_EQ(summary.refusals_size(), 1);
  EXPECT_EQ(summary.refusals(0).file(), "junk.pem");
  for (const auto& entry : std::filesystem::directory_iterator(world_.folder() + "/data")) {
    EXPECT_FALSE(entry.path().filename().string().starts_with("upload.")) << entry.path();
  }
}

TEST_F(RpcTest, BadRequestsAreNamedByField) {
  Call bind_call;
  proto::BindRequest bind;
  bind.set_words("x");
  bind.set_key("short");
  proto::BindResponse bound;
  const Error error = FromGrpc(keeper_->Bind(&bind_call, bind, &bound));
  EXPECT_EQ(error.code, Code::kInvalidArgument);
  EXPECT_TRUE(error.message.starts_with("key: ")) << error.message;
  Call resolve_call;
  proto::ResolveRequest resolve;
  resolve.set_name("x");
  resolve.set_port(70'000);
  proto::ResolveResponse response;
  EXPECT_EQ(FromGrpc(resolver_->Resolve(&resolve_call, resolve, &response)).code,
            Code::kInvalidArgument);
}

TEST_F(RpcTest, OneUserHasSoManyConnectionsAndNoMore) {
  const std::string path = world_.folder() + "/grpc.sock";
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  std::vector<UniqueFd> clients;
  const auto is_closed = [](const UniqueFd& client) {
    pollfd waiting{client.get(), POLLRDHUP, 0};
    return poll(&waiting, 1, 0) == 1;
  };
  for (size_t i = 0; i < 2 * RpcListener::kMostConnectionsOfUser; ++i) {
    clients.emplace_back(socket(AF_UNIX, SOCK_STREAM, 0));
    ASSERT_EQ(connect(clients.back().get(), reinterpret_cast<sockaddr*>(&address), sizeof address),
              0);
  }
  EXPECT_TRUE(fakes::Eventually([&] {
    return std::ranges::count_if(clients, is_closed) == RpcListener::kMostConnectionsOfUser;
  }));
  clients.clear();
  EXPECT_TRUE(fakes::Eventually([&] {
    proto::ResolveResponse response;
    return Resolve("nobody", &response).code == Code::kNotFound;
  }));
}

TEST_F(RpcTest, TheOpenSocketKeepsNothing) {
  const auto outsider = proto::KeeperService::NewStub(Channel("grpc.sock"));
  Call call;
  proto::UnbindRequest request;
  request.set_words("x");
  proto::UnbindResponse response;
  EXPECT_EQ(outsider->Unbind(&call, request, &response).error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
  struct stat info{};
  ASSERT_EQ(::stat((world_.folder() + "/keeper.sock").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0600U);
  ASSERT_EQ(::stat((world_.folder() + "/grpc.sock").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0666U);
}

TEST_F(RpcTest, ACompressedRequestIsRefused) {
  for (const auto compression : {GRPC_COMPRESS_NONE, GRPC_COMPRESS_GZIP}) {
    Call call;
    call.set_compression_algorithm(compression);
    proto::CompleteRequest request;
    request.set_beginning(std::string(500, 'x'));
    proto::CompleteResponse response;
    const auto code = resolver_->Complete(&call, request, &response).error_code();
    EXPECT_EQ(code == grpc::StatusCode::INTERNAL, compression == GRPC_COMPRESS_GZIP) << code;
  }
}

}  // namespace
}  // namespace commresolve::daemon
