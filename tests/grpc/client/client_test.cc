// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A client gets from the daemon what the engine itself says.

#include "grpc/client/client.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "grpc/daemon/rpc_server.h"
#include "grpc/nss_endpoint/listener.h"
#include "tests/grpc/engine/engine_world.h"

namespace commresolve::daemon {
namespace {

using fakes::EngineWorld;
using fakes::Eventually;
using fakes::MakeCertificate;
using fakes::TlsServer;

class ClientTest : public testing::Test {
 protected:
  ClientTest()
      : server_(*RpcServer::Start(world_.engine(), {world_.folder() + "/grpc.sock", 0600,
                                                    world_.folder() + "/keeper.sock"})),
        client_(*Client::Connect(world_.folder() + "/keeper.sock")) {}

  Result<Resolution> Resolve(const std::string& name, Prove prove = Prove::kMaxAge) {
    return client_->Resolve(
        {.name = *ParseTypedName(name, "cert.alt"), .prove = prove, .protocol = {}}, "cert.alt");
  }
  static std::string Place(const TlsServer& tls) {
    return "127.0.0.1:" + std::to_string(tls.port());
  }
  static ObserveOrder OrderFor(const TlsServer& tls) {
    return {.targets = {*index::ParseObserveTarget(Place(tls), Protocol::kTls)}};
  }

  EngineWorld world_;
  std::unique_ptr<RpcServer> server_;
  std::unique_ptr<Client> client_;
};

TEST_F(ClientTest, ObserveBindAndResolve) {
  const TlsServer tls(MakeCertificate({.names = {"bugs.example"}}));
  std::vector<index::ObserveReport> reports;
  const Status observed = client_->Observe(
      OrderFor(tls), nullptr,
      [&reports](const auto& report, const auto& /*broken*/) { reports.push_back(report); });
  ASSERT_TRUE(observed.ok()) << observed.error().message;
  ASSERT_EQ(reports.size(), 1U);
  ASSERT_TRUE(reports[0].seen.ok());
  EXPECT_EQ(reports[0].seen->names, std::vector<std::string>{"bugs.example"});
  EXPECT_TRUE(reports[0].fresh);

  const KeyId key = reports[0].seen->key;
  const auto bound = client_->Bind({.words = *KeywordSet::FromText("bugs"),
                                    .key = key,
                                    .reason = "chosen",
                                    .tier = Tier::kProven});
  ASSERT_TRUE(bound.ok()) << bound.error().message;
  EXPECT_EQ(bound->tier, Tier::kProven);
  EXPECT_EQ(bound->reason, "chosen");

  for (const std::string& name : {std::string("bugs"), NameOfKey(key, "cert.alt")}) {
    const auto resolution = Resolve(name);
    ASSERT_TRUE(resolution.ok()) << resolution.error().message;
    ASSERT_TRUE(resolution->answer) << resolution->refusal->message;
    EXPECT_EQ(resolution->answer->endpoint.port, tls.port());
    EXPECT_EQ(resolution->answer->key, key);
  }
}

TEST_F(ClientTest, ARefusalComesWithWhatLedToIt) {
  TlsServer tls(MakeCertificate({.names = {"bugs.example"}}));
  world_.ObserveAndBind(tls, "bugs");
  tls.Present(MakeCertificate({.names = {"bugs.example"}}));
  const auto resolution = Resolve("bugs", Prove::kAlways);
  ASSERT_TRUE(resolution.ok());
  EXPECT_EQ(resolution->verdict, Verdict::kChanged);
  ASSERT_TRUE(resolution->refusal);
  EXPECT_EQ(resolution->refusal->code, Code::kUntrusted);
  ASSERT_EQ(resolution->changes.size(), 1U);
  EXPECT_STREQ(resolution->changes[0].outcome.row, "none");
  ASSERT_TRUE(resolution->binding);
  EXPECT_EQ(resolution->binding->words, *KeywordSet::FromText("bugs"));
  EXPECT_TRUE(resolution->trace.empty());

  size_t warnings = 0;
  const Status observed = client_->Observe(
      OrderFor(tls), nullptr,
      [&warnings](const auto& /*report*/, const auto& broken) { warnings += broken.size(); });
  ASSERT_TRUE(observed.ok()) << observed.error().message;
  EXPECT_EQ(warnings, 1U);
}

TEST_F(ClientTest, WithoutLeaveToBindTheTraceIsTold) {
  ResolveRequest request{
      .name = *KeywordSet::FromText("nobody"), .prove = Prove::kNever, .protocol = {}};
  request.may_bind = false;
  const auto resolution = client_->Resolve(request, "cert.alt");
  ASSERT_TRUE(resolution.ok());
  EXPECT_EQ(resolution->refusal->code, Code::kNotFound);
  EXPECT_FALSE(resolution->trace.empty());
}

TEST_F(ClientTest, SearchTellsRowsAndStandings) {
  const TlsServer tls(MakeCertificate({.names = {"bugs.example"}}));
  world_.ObserveAndBind(tls, "bugs");
  const auto ranked = client_->Search("bugs", 0, 10);
  ASSERT_TRUE(ranked.ok()) << ranked.error().message;
  ASSERT_EQ(ranked->found.rows.size(), 1U);
  EXPECT_EQ(ranked->standings[0].tier, Tier::kPinned);
  EXPECT_EQ(ranked->found.rows[0].best.endpoints[0].endpoint.port, tls.port());
  EXPECT_FALSE(ranked->found.more);
  EXPECT_EQ(client_->Search("\"", 0, 10).error().code, Code::kInvalidArgument);
}

TEST_F(ClientTest, WordsAreRevokedWithAllTheirKeys) {
  const TlsServer tls(MakeCertificate({.names = {"bugs.example"}}));
  world_.ObserveAndBind(tls, "bugs");
  const auto words = *KeywordSet::FromText("bugs");
  const auto revoked = client_->Revoke(words, "stolen", false);
  ASSERT_TRUE(revoked.ok()) << revoked.error().message;
  ASSERT_EQ(revoked->size(), 1U);
  const EndpointVerdict verdict = client_->VerifyServer(Place(tls), Protocol::kTls);
  EXPECT_EQ(verdict.verdict, Verdict::kRevoked);
  EXPECT_TRUE(client_->Revoke(revoked->front(), "", true).ok());
  EXPECT_EQ(client_->VerifyServer(Place(tls), Protocol::kTls).verdict, Verdict::kMatch);
  EXPECT_TRUE(client_->Unbind(words).ok());
  EXPECT_EQ(client_->Unbind(words).error().code, Code::kNotFound);
  EXPECT_EQ(client_->Revoke(words, "", false).error().code, Code::kNotFound);
}

TEST_F(ClientTest, AServerThatCannotBeReachedIsAFailure) {
  const EndpointVerdict verdict = client_->VerifyServer("127.0.0.1:1", Protocol::kTls);
  ASSERT_TRUE(verdict.failure);
  EXPECT_EQ(verdict.failure->code, Code::kUnavailable);
}

TEST_F(ClientTest, ObservationsEndWhenTheyAreStopped) {
  const TlsServer silent(MakeCertificate({}), {.behaviour = fakes::Behaviour::kStall});
  std::atomic<bool> stop{false};
  std::thread stopper([&] {
    EXPECT_TRUE(Eventually([&] { return silent.counts().connections > 0; }));
    stop = true;
  });
  const Status observed =
      client_->Observe(OrderFor(silent), &stop, [](const auto&, const auto&) {});
  stopper.join();
  ASSERT_FALSE(observed.ok());
  EXPECT_EQ(observed.error().code, Code::kInterrupted);
  // The daemon has noticed, and lets others write.
  const TlsServer tls(MakeCertificate({.names = {"next.example"}}));
  EXPECT_TRUE(Eventually([&] {
    return client_->Observe(OrderFor(tls), nullptr, [](const auto&, const auto&) {}).ok();
  }));
}

TEST_F(ClientTest, TheOpenSocketOnlyAnswers) {
  const auto open = Client::Connect(world_.folder() + "/grpc.sock");
  ASSERT_TRUE(open.ok());
  EXPECT_EQ((*open)->Unbind(*KeywordSet::FromText("bugs")).error().code, Code::kUntrusted);
  EXPECT_EQ((*open)->Search("bugs", 0, 1).error().code, Code::kNotFound);
}

TEST_F(ClientTest, ADaemonOfAnotherUserIsNotAsked) {
  const std::string socket = world_.folder() + "/keeper.sock";
  EXPECT_TRUE(Client::Connect(socket, ::geteuid()).ok());
  if (::geteuid() == 0) GTEST_SKIP() << "root may serve everybody's data";
  EXPECT_EQ(Client::Connect(socket, ::geteuid() + 1).error().code, Code::kUntrusted);
}

TEST_F(ClientTest, ADaemonThatHangsIsNotWaitedFor) {
  // Connections are taken by the kernel, and nobody says a word.
  const std::string socket = world_.folder() + "/mute.sock";
  const auto mute = Listener::Bind(socket, 0600, SOCK_STREAM);
  ASSERT_TRUE(mute.ok());
  EXPECT_EQ(Client::Connect(socket).error().code, Code::kUnavailable);
}

TEST_F(ClientTest, NobodyAtTheSocket) {
  EXPECT_EQ(Client::Connect(world_.folder() + "/none.sock").error().code, Code::kUnavailable);
  EXPECT_EQ(Client::Connect("/" + std::string(200, 'x')).error().code, Code::kInvalidArgument);
  server_.reset();
  EXPECT_EQ(client_->Search("bugs", 0, 1).error().code, Code::kUnavailable);
}

}  // namespace
}  // namespace commresolve::daemon
