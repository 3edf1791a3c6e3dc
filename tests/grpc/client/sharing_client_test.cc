// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the daemon's Sharing says and is told crosses the socket whole, errors and an early end too.

#include "grpc/client/sharing_client.h"

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <thread>

#include "commresolve/v1/sharing_service.grpc.pb.h"
#include "grpc/client/client.h"
#include "grpc/daemon/rpc_server.h"
#include "grpc/service/sharing_convert.h"
#include "grpc/service/status.h"
#include "tests/grpc/engine/engine_world.h"
#include "tests/grpc/service/fake_sharing.h"

namespace commresolve::daemon {
namespace {

namespace proto = ::commresolve::v1;
using fakes::EngineWorld;
using fakes::Eventually;
using fakes::FakeSharing;

KeyId Key(char fill) { return *DigestFromBytes<KeyId>(std::string(32, fill)); }

Endpoint At(const std::string& address, uint16_t port) {
  return {*IpAddress::Parse(address), port, DefaultProtocol(port), "chat.example"};
}

template <class T>
Status StatusOf(const Result<T>& result) {
  return result.ok() ? Status() : Status(result.error());
}

LookupRow Row(char fill) {
  LookupRow row;
  row.certificate.id = *DigestFromBytes<CertId>(std::string(32, 'c'));
  row.certificate.key = Key(fill);
  row.certificate.names = {"chat.example"};
  row.endpoint = At("2001:db8::7", 5222);
  row.proved_at = 1'700'000'000;
  row.standing.tier = Tier::kProven;
  row.standing.revoked = fill == 'r';
  row.finders = 3;
  row.good_finders = 2;
  row.told_by = dht::Speaker::kPublishingKey;
  return row;
}

class SharingClientTest : public testing::Test {
 protected:
  SharingClientTest() {
    fake_.key = Key('k');
    Serve(&fake_);
  }
  void Serve(Sharing* sharing) {
    client_.reset();
    server_.reset();
    RpcServerOptions options{world_.folder() + "/grpc.sock", 0600,
                             world_.folder() + "/keeper.sock"};
    options.sharing = sharing;
    server_ = *RpcServer::Start(world_.engine(), options);
    client_ = *Client::Connect(options.keeper_socket);
  }
  SharingClient& client() { return client_->sharing(); }
  std::unique_ptr<proto::SharingService::Stub> Stub() {
    return proto::SharingService::NewStub(grpc::CreateChannel(
        "unix:" + world_.folder() + "/keeper.sock", grpc::InsecureChannelCredentials()));
  }
  /// What the server says of a request that a client of this version does not make.
  Error Announce(const proto::AnnounceRequest& request) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
    proto::AnnounceResponse response;
    return FromGrpc(Stub()->Announce(&context, request, &response));
  }

  EngineWorld world_;
  FakeSharing fake_;
  std::unique_ptr<RpcServer> server_;
  std::unique_ptr<Client> client_;
};

TEST_F(SharingClientTest, JoinAndLeave) {
  const std::vector<std::string> nodes = {"node.example:4222", "[2001:db8::1]:4222"};
  ASSERT_TRUE(client().Join(nodes).ok());
  auto status = client().GetStatus();
  ASSERT_TRUE(status.ok()) << status.error().message;
  EXPECT_TRUE(status->membership.joined);
  EXPECT_EQ(status->membership.bootstrap, nodes);
  ASSERT_TRUE(client().Leave().ok());
  status = client().GetStatus();
  ASSERT_TRUE(status.ok());
  EXPECT_FALSE(status->membership.joined);
}

TEST_F(SharingClientTest, StatusComesWhole) {
  SharingStatus& said = fake_.answer;
  said.membership = {true, true, true, true, {"a:1"}};
  said.running = true;
  said.problem = "the disk is full";
  said.listens4 = {*IpAddress::Parse("0.0.0.0"), 4222};
  dht::Health& health = said.health;
  health.peers4 = 1;
  health.peers6 = 2;
  health.networks = 3;
  health.estimated_size = 4;
  health.connected = true;
  health.zombie = true;
  health.joins = 5;
  health.stored_values = 6;
  health.stored_bytes = 7;
  health.searches = 8;
  health.received = 9;
  health.sent = 10;
  health.received_bytes = 11;
  health.sent_bytes = 12;
  for (size_t i = 1; i < health.dropped.size(); ++i) health.dropped[i] = 20 + i;
  health.refused_by_rule = 13;
  health.refused_for_room = 14;
  health.faults = 15;
  for (size_t i = 0; i < said.queue.size(); ++i) said.queue[i] = {i + 1, i + 2, i + 3, 4, 5, 6};
  const Announcement announcement{Key('k'), "/k.pem", {At("192.0.2.7", 443)}, {"chat.example"}};
  const Announcement vouched{Key('v'), "", {}, {}, "/v.statement"};
  const PutState put{true, 8, 1'700'000'000, "unreadable"};
  said.announcements = {{announcement, put}, {vouched, {}}};
  const RolloverStatement rollover{Key('k'), "/k.pem", {Key('l'), Key('m')}, 1'800'000'000};
  said.rollovers = {{rollover, put}, {{Key('n'), "/n.pem", {}, 5}, {}}};
  said.questions = 16;
  said.pseudonym = "abc";
  said.observer = "def";
  said.publishing_key = "ghi";
  said.membership.named = true;

  const auto status = client().GetStatus();
  ASSERT_TRUE(status.ok()) << status.error().message;
  EXPECT_EQ(status->membership, said.membership);
  EXPECT_TRUE(status->running);
  EXPECT_EQ(status->problem, said.problem);
  EXPECT_EQ(status->listens4, said.listens4);
  EXPECT_EQ(status->listens6.port, 0);
  EXPECT_EQ(status->queue, said.queue);
  EXPECT_EQ(status->questions, 16U);
  EXPECT_EQ(status->pseudonym, "abc");
  EXPECT_EQ(status->observer, "def");
  EXPECT_EQ(status->publishing_key, "ghi");
  EXPECT_TRUE(status->membership.named);
  ASSERT_EQ(status->announcements.size(), 2U);
  EXPECT_EQ(status->announcements[1].announcement, vouched);
  const AnnouncementState& state = status->announcements[0];
  EXPECT_EQ(state.announcement, announcement);
  ASSERT_EQ(status->rollovers.size(), 2U);
  EXPECT_EQ(status->rollovers[0].rollover, rollover);
  EXPECT_EQ(status->rollovers[1].rollover, said.rollovers[1].rollover);
  for (const PutState& told_put : {state.put, status->rollovers[0].put}) {
    EXPECT_TRUE(told_put.confirmed);
    EXPECT_EQ(told_put.replicas, 8U);
    EXPECT_EQ(told_put.next_put, 1'700'000'000);
    EXPECT_EQ(told_put.problem, "unreadable");
  }
  const dht::Health& told = status->health;
  EXPECT_EQ(told.peers4, 1U);
  EXPECT_EQ(told.peers6, 2U);
  EXPECT_EQ(told.networks, 3U);
  EXPECT_EQ(told.estimated_size, 4U);
  EXPECT_TRUE(told.connected);
  EXPECT_TRUE(told.zombie);
  EXPECT_EQ(told.joins, 5U);
  EXPECT_EQ(told.stored_values, 6U);
  EXPECT_EQ(told.stored_bytes, 7U);
  EXPECT_EQ(told.searches, 8U);
  EXPECT_EQ(told.received, 9U);
  EXPECT_EQ(told.sent, 10U);
  EXPECT_EQ(told.received_bytes, 11U);
  EXPECT_EQ(told.sent_bytes, 12U);
  EXPECT_EQ(told.dropped, health.dropped);
  EXPECT_EQ(told.refused_by_rule, 13U);
  EXPECT_EQ(told.refused_for_room, 14U);
  EXPECT_EQ(told.faults, 15U);
}

TEST_F(SharingClientTest, WhatIsNotSaidToPublishStays) {
  fake_.report = {1, 2, 3, 4, 5, 6, 7};
  const auto report = client().Publish({.postings = true}, nullptr);
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(fake_.told_choice.postings, true);
  EXPECT_EQ(fake_.told_choice.observations, std::nullopt);
  EXPECT_EQ(report->listings, 1U);
  EXPECT_EQ(report->withheld, 2U);
  EXPECT_EQ(report->posting_sets, 3U);
  EXPECT_EQ(report->observations, 4U);
  EXPECT_EQ(report->rare_or_private, 5U);
  EXPECT_EQ(report->changed, 6U);
  EXPECT_EQ(report->removed, 7U);
  ASSERT_TRUE(client().Publish({.observations = false, .named = true}, nullptr).ok());
  EXPECT_EQ(fake_.told_choice.postings, std::nullopt);
  EXPECT_EQ(fake_.told_choice.observations, false);
  EXPECT_EQ(fake_.told_choice.named, true);
}

TEST_F(SharingClientTest, AnnounceAndWithdraw) {
  Announcement wanted{
      KeyId(), "/etc/key.pem", {At("192.0.2.7", 5222)}, {"chat.example", "b.example"}};
  wanted.endpoints.push_back({*IpAddress::Parse("2001:db8::7"), 443, Protocol::kXmppClient, ""});
  const auto announced = client().Announce(wanted);
  ASSERT_TRUE(announced.ok()) << announced.error().message;
  EXPECT_EQ(fake_.told, wanted);
  wanted.key = Key('k');
  EXPECT_EQ(*announced, wanted);
  EXPECT_TRUE(client().Withdraw(Key('k')).ok());
  const Status unknown = client().Withdraw(Key('x'));
  EXPECT_EQ(unknown.error().code, Code::kNotFound);
  EXPECT_EQ(unknown.error().hint, "see what is");
}

TEST_F(SharingClientTest, APublishingKeyAndItsStatement) {
  fake_.answer.publishing_key = "ghi";
  EXPECT_EQ(client().PublishingKeyText().value(), "ghi");
  Announcement wanted{KeyId(), "", {At("192.0.2.7", 443)}, {}, "/srv/statement"};
  ASSERT_TRUE(client().Announce(wanted).ok());
  EXPECT_EQ(fake_.told, wanted);
  wanted.key_file = "/k.pem";
  EXPECT_EQ(client().Announce(wanted).error().code, Code::kInvalidArgument) << "only one of both";
}

TEST_F(SharingClientTest, RolloversAreSaidAndTakenBack) {
  RolloverStatement wanted{KeyId(), "/etc/key.pem", {Key('l'), Key('m')}, 1'800'000'000};
  const auto said = client().AnnounceRollover(wanted);
  ASSERT_TRUE(said.ok()) << said.error().message;
  EXPECT_EQ(fake_.told_rollover, wanted);
  wanted.key = Key('k');
  EXPECT_EQ(*said, wanted);
  EXPECT_TRUE(client().WithdrawRollover(Key('k')).ok());
  EXPECT_EQ(client().WithdrawRollover(Key('x')).error().code, Code::kNotFound);
}

TEST_F(SharingClientTest, WhatCannotBeSaidOfFollowersIsNamed) {
  const auto refused = [](const auto& change) {
    proto::AnnounceRolloverRequest request;
    request.set_key_file("/k.pem");
    request.add_new_keys(std::string(32, 'l'));
    change(request);
    const auto read = FromProto(request);
    return read.ok() ? "" : read.error().message;
  };
  EXPECT_EQ(refused([](auto&) {}), "");
  EXPECT_EQ(refused([](auto& request) { request.set_key_file("k.pem"); }),
            "key_file: is not an absolute path");
  EXPECT_EQ(refused([](auto& request) { request.add_new_keys("short"); }),
            "new_keys: a digest has 32 bytes, not 5");
  EXPECT_EQ(refused([](auto& request) { request.set_from(-1); }), "from: is before 1970");
}

TEST_F(SharingClientTest, WhatCannotBeAnnouncedIsNamed) {
  const auto refused = [&](const auto& change) {
    proto::AnnounceRequest request;
    request.set_key_file("/k.pem");
    proto::Endpoint* const endpoint = request.add_endpoints();
    endpoint->set_address("192.0.2.7");
    endpoint->set_port(5222);
    change(request, *endpoint);
    const Error error = Announce(request);
    EXPECT_EQ(error.code, Code::kInvalidArgument) << error.message;
    return error.message;
  };
  EXPECT_EQ(refused([](auto& request, auto&) { request.set_key_file("k.pem"); }),
            "key_file: is not an absolute path");
  EXPECT_EQ(refused([](auto&, auto& endpoint) { endpoint.set_address("host"); }),
            "endpoints: 'host' is no IP address");
  EXPECT_EQ(refused([](auto&, auto& endpoint) { endpoint.set_port(65536); }),
            "endpoints: bad port");
  refused([](auto&, auto& endpoint) { endpoint.set_protocol(proto::PROTOCOL_QUIC); });
  refused([](auto&, auto& endpoint) { endpoint.set_server_name("*.example.org"); });
  refused([](auto& request, auto&) { request.add_names("no name"); });

  proto::AnnounceRequest fine;
  fine.set_key_file("/k.pem");
  proto::Endpoint* const endpoint = fine.add_endpoints();
  endpoint->set_address("192.0.2.7");
  endpoint->set_port(5222);
  Announce(fine);
  ASSERT_EQ(fake_.told.endpoints.size(), 1U);
  EXPECT_EQ(fake_.told.endpoints[0].protocol, Protocol::kXmppClient);
}

TEST_F(SharingClientTest, RowsComeBeforeTheSummary) {
  fake_.rows = {Row('a'), Row('r')};
  fake_.summary = {5, 2, 1, 1, 1, false, true, 7, 8};
  std::vector<LookupRow> rows;
  const auto summary = client().Lookup(
      "Chat Example",
      [&rows](const LookupRow& row) {
        rows.push_back(row);
        return true;
      },
      nullptr);
  ASSERT_TRUE(summary.ok()) << summary.error().message;
  EXPECT_EQ(fake_.told_text, "Chat Example");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].certificate.key, Key('a'));
  EXPECT_EQ(rows[0].certificate.names, fake_.rows[0].certificate.names);
  EXPECT_EQ(rows[0].endpoint, fake_.rows[0].endpoint);
  EXPECT_EQ(rows[0].proved_at, 1'700'000'000);
  EXPECT_EQ(rows[0].standing.tier, Tier::kProven);
  EXPECT_FALSE(rows[0].standing.revoked);
  EXPECT_TRUE(rows[1].standing.revoked);
  EXPECT_EQ(rows[0].finders, 3U);
  EXPECT_EQ(rows[0].good_finders, 2U);
  EXPECT_EQ(rows[0].told_by, dht::Speaker::kPublishingKey);
  EXPECT_EQ(summary->claimed, 5U);
  EXPECT_EQ(summary->proved, 2U);
  EXPECT_EQ(summary->nowhere, 1U);
  EXPECT_EQ(summary->unreachable, 1U);
  EXPECT_EQ(summary->lied, 1U);
  EXPECT_FALSE(summary->complete);
  EXPECT_TRUE(summary->too_common);
  EXPECT_EQ(summary->values, 7U);
  EXPECT_EQ(summary->bytes, 8U);
}

TEST_F(SharingClientTest, RefusalsPassWithTheirHints) {
  fake_.refusal = Error{Code::kUnavailable, "not joined", "join first"};
  const auto all = [](const LookupRow&) { return true; };
  for (const Status& status :
       {client().Join({}), client().Leave(), StatusOf(client().Publish({}, nullptr)),
        StatusOf(client().Announce({Key('k'), "/k.pem", {}, {}})),
        StatusOf(client().Lookup("x", all, nullptr))}) {
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().code, Code::kUnavailable);
    EXPECT_EQ(status.error().message, "not joined");
    EXPECT_EQ(status.error().hint, "join first");
  }
}

TEST_F(SharingClientTest, ALookupEndsWhenItIsStopped) {
  fake_.rows = {Row('a')};
  fake_.wait_for_stop = true;
  std::atomic<bool> stop{false};
  const auto summary = client().Lookup(
      "x",
      [&stop](const LookupRow&) {
        stop = true;
        return true;
      },
      &stop);
  ASSERT_FALSE(summary.ok());
  EXPECT_EQ(summary.error().code, Code::kInterrupted);
  EXPECT_TRUE(Eventually([this] { return fake_.stopped.load(); }));
}

TEST_F(SharingClientTest, ALookupEndsWhenTheSinkHasEnough) {
  fake_.rows = {Row('a'), Row('b')};
  fake_.wait_for_stop = true;
  const auto summary = client().Lookup("x", [](const LookupRow&) { return false; }, nullptr);
  ASSERT_TRUE(summary.ok()) << summary.error().message;
  EXPECT_EQ(summary->proved, 1U);
  EXPECT_FALSE(summary->complete);
  EXPECT_TRUE(Eventually([this] { return fake_.stopped.load(); }));
}

TEST_F(SharingClientTest, PublishingEndsWhenItIsStopped) {
  fake_.wait_for_stop = true;
  std::atomic<bool> stop{true};
  EXPECT_EQ(client().Publish({}, &stop).error().code, Code::kInterrupted);
}

TEST_F(SharingClientTest, TheDaemonEndsItsCallsWhenItStops) {
  fake_.wait_for_stop = true;
  Code code = Code::kInternal;
  {
    std::atomic<bool> begun{false};
    fake_.rows = {Row('a')};
    std::jthread caller([&] {
      const auto summary = client().Lookup(
          "x",
          [&begun](const LookupRow&) {
            begun = true;
            return true;
          },
          nullptr);
      code = summary.ok() ? Code::kNotFound : summary.error().code;
    });
    ASSERT_TRUE(Eventually([&begun] { return begun.load(); }));
    server_.reset();
  }
  EXPECT_EQ(code, Code::kInterrupted);
}

TEST_F(SharingClientTest, OnlyTheKeepersSocketShares) {
  const auto elsewhere = *Client::Connect(world_.folder() + "/grpc.sock");
  EXPECT_EQ(elsewhere->sharing().GetStatus().error().code, Code::kUntrusted);
  Serve(nullptr);
  EXPECT_EQ(client().Join({}).error().code, Code::kUntrusted);
}

}  // namespace
}  // namespace commresolve::daemon
