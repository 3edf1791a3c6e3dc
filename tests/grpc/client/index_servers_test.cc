// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Index servers over TLS and Unix sockets: honest ones, others' and lying ones.

#include "grpc/client/index_servers.h"

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/socket.h>

#include <atomic>
#include <filesystem>
#include <functional>

#include "commresolve/v1/resolver_service.grpc.pb.h"
#include "grpc/daemon/rpc_server.h"
#include "grpc/engine/held_index.h"
#include "grpc/nss_endpoint/listener.h"
#include "tests/grpc/engine/engine_world.h"

namespace commresolve::daemon {
namespace {

namespace proto = ::commresolve::v1;
using fakes::EngineWorld;
using fakes::Eventually;
using fakes::TestCa;
using fakes::TestCertificate;
using fakes::TlsServer;

IndexServerAnswer AskOne(IndexServers& servers, size_t count = 10,
                         std::chrono::milliseconds patience = std::chrono::seconds(10)) {
  auto answers = servers.Ask("wiki", count, std::chrono::steady_clock::now() + patience, [] {});
  EXPECT_EQ(answers.size(), 1U);
  return std::move(answers[0]);
}

/// An ordinary daemon that knows wiki.example, and answers over TCP too.
class IndexServersTest : public testing::Test {
 protected:
  IndexServersTest() {
    const TlsServer tls(world_.ca().Issue({.names = {"wiki.example"}}));
    world_.Observe(tls);
    server_ = *RpcServer::Start(
        world_.engine(), {world_.folder() + "/grpc.sock", 0600, world_.folder() + "/keeper.sock",
                          TcpDoor{"127.0.0.1", own_.Pem(), own_.KeyPem(), client_ca_.Pem()}});
    EXPECT_TRUE(Eventually([&] {
      const auto found = world_.engine().Search("wiki", 0, 10, Deadline::max());
      return found.ok() && !found->found.rows.empty();
    }));
  }
  IndexServer Place(const KeyId& key) {
    return {"north", "127.0.0.1:" + std::to_string(server_->tcp_port()), key};
  }
  static ClientIdentity Identity(const TestCertificate& certificate) {
    return {certificate.Pem(), certificate.KeyPem()};
  }

  EngineWorld world_;
  // Expired, of a CA that nobody knows, and of another name: only its key counts.
  TestCertificate own_ = TestCa("Server CA")
                             .Issue({.names = {"other.example"},
                                     .not_before = 1'000'000'000,
                                     .not_after = 1'100'000'000});
  TestCa client_ca_{"Client CA"};
  TestCertificate client_ = client_ca_.Issue({.names = {"client.example"}, .client = true});
  std::unique_ptr<RpcServer> server_;
};

TEST_F(IndexServersTest, TheServerOfTheKeyAnswers) {
  const auto servers = ReachIndexServers({Place(own_.key_id())}, Identity(client_));
  const auto answer = AskOne(*servers);
  ASSERT_TRUE(answer.found.ok()) << answer.found.error().message;
  EXPECT_EQ(answer.index_server, "north");
  ASSERT_EQ(answer.found->rows.size(), 1U);
  EXPECT_EQ(answer.found->rows[0].best.certificate.names[0], "wiki.example");
  EXPECT_GT(answer.found->rows[0].score, 0);
}

TEST_F(IndexServersTest, AnotherKeyIsRefused) {
  const auto servers = ReachIndexServers({Place(client_.key_id())}, Identity(client_));
  for (int i = 0; i < 2; ++i) {
    const auto answer = AskOne(*servers);
    ASSERT_FALSE(answer.found.ok());
    EXPECT_EQ(answer.found.error().code, Code::kUntrusted);
    EXPECT_NE(answer.found.error().message.find("another key"), std::string::npos)
        << answer.found.error().message;
  }
}

TEST_F(IndexServersTest, AServerThatRefusesThisDaemonIsNamedSo) {
  const TestCertificate stranger = TestCa("Other CA").Issue({.names = {"x"}, .client = true});
  const auto servers = ReachIndexServers({Place(own_.key_id())}, Identity(stranger));
  const auto answer = AskOne(*servers);
  ASSERT_FALSE(answer.found.ok());
  EXPECT_EQ(answer.found.error().code, Code::kUntrusted) << answer.found.error().message;
  EXPECT_NE(answer.found.error().hint.find("grpc_client_ca"), std::string::npos);
}

TEST_F(IndexServersTest, NobodyThereAndBackAgain) {
  IndexServer place = Place(own_.key_id());
  const auto servers = ReachIndexServers({place}, Identity(client_));
  ASSERT_TRUE(AskOne(*servers).found.ok());
  server_.reset();
  const auto gone = AskOne(*servers);
  ASSERT_FALSE(gone.found.ok());
  EXPECT_EQ(gone.found.error().code, Code::kUnavailable) << gone.found.error().message;
  server_ = *RpcServer::Start(
      world_.engine(), {world_.folder() + "/grpc.sock", 0600, world_.folder() + "/keeper.sock",
                        TcpDoor{place.address, own_.Pem(), own_.KeyPem(), client_ca_.Pem()}});
  EXPECT_TRUE(Eventually([&] { return AskOne(*servers).found.ok(); }));
}

TEST_F(IndexServersTest, AServerThatNeverAnswersCostsTheDeadlineAlone) {
  auto silent = Listener::Bind(world_.folder() + "/silent.sock", 0600, SOCK_STREAM);
  ASSERT_TRUE(silent.ok());
  const auto servers = ReachIndexServers({{"silent", world_.folder() + "/silent.sock", {}},
                                          {"north", world_.folder() + "/grpc.sock", {}}},
                                         {});
  const auto start = std::chrono::steady_clock::now();
  const auto answers = servers->Ask("wiki", 10, start + std::chrono::milliseconds(300), [] {});
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(3));
  ASSERT_EQ(answers.size(), 2U);
  ASSERT_FALSE(answers[0].found.ok());
  EXPECT_EQ(answers[0].found.error().code, Code::kDeadlineExceeded);
  EXPECT_TRUE(answers[1].found.ok()) << answers[1].found.error().message;
}

TEST_F(IndexServersTest, AStopWaitsForNobody) {
  auto silent = Listener::Bind(world_.folder() + "/silent.sock", 0600, SOCK_STREAM);
  ASSERT_TRUE(silent.ok());
  const auto servers = ReachIndexServers({{"silent", world_.folder() + "/silent.sock", {}}}, {});
  const auto start = std::chrono::steady_clock::now();
  const auto answers =
      servers->Ask("wiki", 10, start + std::chrono::minutes(1), [&] { servers->End(); });
  EXPECT_EQ(answers.at(0).found.error().code, Code::kInterrupted);
  EXPECT_EQ(AskOne(*servers, 10, std::chrono::minutes(1)).found.error().code, Code::kInterrupted);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(30));
}

/// Says what a test wants, at a Unix socket.
class Liar final : public proto::ResolverService::Service {
 public:
  using Writer = grpc::ServerWriter<proto::SearchResponse>;
  explicit Liar(std::function<grpc::Status(Writer&)> say,
                grpc_compression_algorithm compression = GRPC_COMPRESS_NONE)
      : say_(std::move(say)) {
    std::string folder = testing::TempDir() + "liar.XXXXXX";
    folder_ = ::mkdtemp(folder.data());
    grpc::ServerBuilder builder;
    builder.AddListeningPort("unix:" + folder_ + "/s", grpc::InsecureServerCredentials());
    builder.RegisterService(this);
    builder.SetDefaultCompressionAlgorithm(compression);
    server_ = builder.BuildAndStart();
  }
  ~Liar() override {
    server_->Shutdown(std::chrono::system_clock::now());
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  Liar(const Liar&) = delete;
  Liar& operator=(const Liar&) = delete;
  grpc::Status Search(grpc::ServerContext* /*context*/, const proto::SearchRequest* request,
                      Writer* writer) override {
    own_index = request->own_index();
    return say_(*writer);
  }
  Result<index::SearchRows> Ask() {
    const auto servers = ReachIndexServers({{"liar", folder_ + "/s", {}}}, {});
    return AskOne(*servers, 3).found;
  }
  std::atomic<bool> own_index = false;

 private:
  std::function<grpc::Status(Writer&)> say_;
  std::string folder_;
  std::unique_ptr<grpc::Server> server_;
};

proto::SearchResponse Row() {
  proto::SearchResponse response;
  proto::SearchResult* row = response.mutable_result();
  row->set_score(1);
  proto::Certificate* certificate = row->mutable_best()->mutable_certificate();
  certificate->set_key(std::string(32, 'k'));
  certificate->set_certificate(std::string(32, 'c'));
  return response;
}

proto::SearchResponse Summary() {
  proto::SearchResponse response;
  response.mutable_summary()->set_estimated_total(3);
  return response;
}

Error ErrorFrom(const std::function<grpc::Status(Liar::Writer&)>& say) {
  const auto found = Liar(say).Ask();
  EXPECT_FALSE(found.ok());
  return found.ok() ? Error{} : found.error();
}

TEST(LyingIndexServerTest, AsManyRowsAsWereAskedForAreTaken) {
  Liar honest([](Liar::Writer& writer) {
    writer.Write(Summary());
    for (int i = 0; i < 3; ++i) writer.Write(Row());
    return grpc::Status::OK;
  });
  const auto found = honest.Ask();
  ASSERT_TRUE(found.ok()) << found.error().message;
  EXPECT_EQ(found->rows.size(), 3U);
  EXPECT_TRUE(honest.own_index);
}

TEST(LyingIndexServerTest, AMillionRowsAreNotRead) {
  int written = 0;
  const Error error = ErrorFrom([&written](Liar::Writer& writer) {
    while (written < 1'000'000 && writer.Write(Row())) ++written;
    return grpc::Status::OK;
  });
  EXPECT_EQ(error.code, Code::kCorrupt);
  EXPECT_LT(written, 100'000);
}

TEST(LyingIndexServerTest, HugeRowsAreNotRead) {
  const Error error = ErrorFrom([](Liar::Writer& writer) {
    proto::SearchResponse huge = Row();
    huge.mutable_result()->mutable_best()->mutable_certificate()->add_names(
        std::string(size_t{3} << 20, 'x'));
    writer.Write(huge);
    return grpc::Status::OK;
  });
  EXPECT_EQ(error.code, Code::kCorrupt) << error.message;
}

TEST(LyingIndexServerTest, NothingIsDecompressed) {
  // Its size is known only when it is too late.
  Liar packing(
      [](Liar::Writer& writer) {
        proto::SearchResponse summary = Summary();
        summary.mutable_summary()->set_did_you_mean(std::string(10'000, 'x'));
        writer.Write(summary);
        return grpc::Status::OK;
      },
      GRPC_COMPRESS_GZIP);
  EXPECT_FALSE(packing.Ask().ok());
}

TEST(LyingIndexServerTest, EndlessSummariesAreNotRead) {
  const Error error = ErrorFrom([](Liar::Writer& writer) {
    proto::SearchResponse summary;
    summary.mutable_summary()->set_did_you_mean(std::string(size_t{200} << 10, 'x'));
    while (writer.Write(summary)) continue;
    return grpc::Status::OK;
  });
  EXPECT_EQ(error.code, Code::kCorrupt) << error.message;
}

TEST(LyingIndexServerTest, WhatCannotBeReadIsRefused) {
  EXPECT_EQ(ErrorFrom([](Liar::Writer& writer) {
              writer.Write(Row());
              return grpc::Status::OK;
            }).code,
            Code::kCorrupt);
  for (const auto& spoil : std::vector<std::function<void(proto::SearchResponse&)>>{
           [](auto& row) { row.mutable_result()->clear_score(); },
           [](auto& row) { row.clear_item(); },
           [](auto& row) { row.mutable_result()->add_keys("short"); },
           [](auto& row) { row.mutable_result()->mutable_best()->add_endpoints(); }}) {
    const Error error = ErrorFrom([&spoil](Liar::Writer& writer) {
      proto::SearchResponse row = Row();
      spoil(row);
      writer.Write(row);
      return grpc::Status::OK;
    });
    EXPECT_EQ(error.code, Code::kCorrupt);
  }
}

TEST(LyingIndexServerTest, ItsOwnWordsAreNotRepeated) {
  const std::string bad = "\x1b[2Jlisten to me";
  for (const grpc::StatusCode code :
       {grpc::StatusCode::UNAVAILABLE, grpc::StatusCode::UNIMPLEMENTED,
        grpc::StatusCode::RESOURCE_EXHAUSTED, grpc::StatusCode::DATA_LOSS,
        grpc::StatusCode::PERMISSION_DENIED, grpc::StatusCode::UNKNOWN}) {
    const Error error =
        ErrorFrom([&](Liar::Writer& /*writer*/) { return grpc::Status(code, bad); });
    EXPECT_FALSE(error.message.empty());
    EXPECT_EQ((error.message + error.hint).find("listen to me"), std::string::npos);
  }
}

TEST(LyingIndexServerTest, NothingIndexedThereIsNothingFound) {
  const auto found = Liar([](Liar::Writer& /*writer*/) {
                       return grpc::Status(grpc::StatusCode::NOT_FOUND, "");
                     }).Ask();
  ASSERT_TRUE(found.ok());
  EXPECT_TRUE(found->rows.empty());
}

}  // namespace
}  // namespace commresolve::daemon
