// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Search and Resolve with peers, over the sockets: what is here comes first, who may ask, and who
// is never asked.

#include "grpc/client/search.h"

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include "grpc/daemon/rpc_server.h"
#include "grpc/service/status.h"
#include "tests/grpc/engine/engine_world.h"
#include "tests/grpc/service/fake_sharing.h"

namespace commresolve::daemon {
namespace {

namespace proto = ::commresolve::v1;
using fakes::Eventually;
using fakes::MakeCertificate;
using fakes::TlsServer;
using testing::ElementsAre;
using testing::HasSubstr;

KeyId Key(char fill) { return *DigestFromBytes<KeyId>(std::string(32, fill)); }

LookupRow Row(const KeyId& key) {
  LookupRow row;
  row.certificate.key = key;
  row.endpoint = {*IpAddress::Parse("192.0.2.7"), 443, Protocol::kTls, "moss.example"};
  row.proved_at = 1'700'000'000;
  row.standing.tier = Tier::kProven;
  return row;
}

class SearchWithPeersTest : public testing::Test {
 protected:
  SearchWithPeersTest() {
    RpcServerOptions options{Socket("grpc.sock"), 0600, Socket("keeper.sock")};
    options.sharing = &fake_;
    server_ = *RpcServer::Start(world_.engine(), options);
    client_ = *Client::Connect(options.keeper_socket);
    fake_.summary.claimed = 3;
  }
  [[nodiscard]] std::string Socket(const std::string& name) const {
    return world_.folder() + "/" + name;
  }
  /// Waits until the search index knows it too.
  void Observe(const TlsServer& server, const std::string& word) {
    world_.Observe(server);
    ASSERT_TRUE(Eventually([&] {
      const auto found = world_.engine().Search(word, 0, 10, Deadline::max());
      return found.ok() && !found->found.rows.empty();
    }));
  }
  Result<PeersPart> Search(const std::string& query) { return Search(*client_, query); }
  Result<PeersPart> Search(Client& client, const std::string& query) {
    own_.clear();
    theirs_.clear();
    return client.SearchWithPeers(
        query, 10,
        [this](const RankedRows& ranked) {
          EXPECT_TRUE(theirs_.empty());
          own_.push_back(ranked.found.rows.size());
        },
        [this](const LookupRow& row) {
          theirs_.push_back(row.certificate.key);
          return enough_ == 0 || theirs_.size() < enough_;
        },
        stop_);
  }
  Resolution Resolve(const std::string& typed, bool ask = true) {
    ResolveRequest request{
        .name = *ParseTypedName(typed, "cert.alt"), .protocol = {}, .ask_peers = ask};
    if (!IsUnderSuffix(typed, "cert.alt")) request.typed = typed;
    auto resolution = client_->Resolve(request, "cert.alt");
    EXPECT_TRUE(resolution.ok()) << resolution.error().message;
    return std::move(*resolution);
  }
  /// As a client that says nothing of peers.
  void SearchAndResolveAt(const std::string& socket) {
    const auto stub = proto::ResolverService::NewStub(
        grpc::CreateChannel("unix:" + Socket(socket), grpc::InsecureChannelCredentials()));
    grpc::ClientContext context;
    proto::SearchRequest request;
    request.set_query("moss");
    const auto reader = stub->Search(&context, request);
    for (proto::SearchResponse response; reader->Read(&response);) {
    }
    EXPECT_EQ(reader->Finish().error_code(),
              fake_.lookups > 0 ? grpc::StatusCode::OK : grpc::StatusCode::NOT_FOUND);
    grpc::ClientContext again;
    proto::ResolveRequest name;
    name.set_name("moss");
    proto::ResolveResponse response;
    EXPECT_EQ(stub->Resolve(&again, name, &response).error_code(), grpc::StatusCode::NOT_FOUND);
  }

  fakes::EngineWorld world_;
  fakes::FakeSharing fake_;
  std::unique_ptr<RpcServer> server_;
  std::unique_ptr<Client> client_;
  std::vector<size_t> own_;  ///< Rows that were handed over at once.
  std::vector<KeyId> theirs_;
  size_t enough_ = 0;
  const std::atomic<bool>* stop_ = nullptr;
};

TEST_F(SearchWithPeersTest, WhatIsHereComesFirstAndNoKeyTwice) {
  const auto certificate = MakeCertificate({.names = {"moss.example"}});
  Observe(TlsServer(certificate), "moss");
  fake_.rows = {Row(certificate.key_id()), Row(Key('a')), Row(Key('b'))};
  fake_.summary.proved = 3;
  const auto part = Search("moss");
  ASSERT_TRUE(part.ok()) << part.error().message;
  EXPECT_THAT(own_, ElementsAre(1));
  EXPECT_THAT(theirs_, ElementsAre(Key('a'), Key('b')));
  EXPECT_EQ(fake_.told_text, "moss");
  ASSERT_TRUE(part->summary);
  EXPECT_EQ(part->summary->proved, 3U);
  EXPECT_EQ(part->summary->claimed, 3U);
  EXPECT_FALSE(part->problem);
}

TEST_F(SearchWithPeersTest, NothingIndexedHereIsNoErrorThen) {
  fake_.rows = {Row(Key('a'))};
  const auto part = Search("moss");
  ASSERT_TRUE(part.ok()) << part.error().message;
  EXPECT_THAT(own_, ElementsAre(0));
  EXPECT_EQ(theirs_.size(), 1U);
}

TEST_F(SearchWithPeersTest, OnlyPlainWordsAreAskedFor) {
  for (const char* query : {"moss port:443", "org:moss", "\"moss garden\"", "moss -garden", "mos*",
                            "san:moss.example", "key:abcdefgh", "expired:no moss"}) {
    const auto part = Search(query);
    ASSERT_TRUE(part.ok()) << query << part.error().message;
    ASSERT_TRUE(part->problem) << query;
    EXPECT_EQ(part->problem->code, Code::kInvalidArgument) << query;
    EXPECT_THAT(own_, ElementsAre(0)) << query;
  }
  EXPECT_EQ(Search("port:x").error().code, Code::kInvalidArgument);
  EXPECT_EQ(fake_.lookups, 0);
}

TEST_F(SearchWithPeersTest, WithoutPeersWhatIsHereStands) {
  Observe(TlsServer(MakeCertificate({.names = {"moss.example"}})), "moss");
  fake_.refusal = Error{Code::kUnavailable, "this machine is no peer", "join"};
  const auto part = Search("moss");
  ASSERT_TRUE(part.ok()) << part.error().message;
  EXPECT_THAT(own_, ElementsAre(1));
  ASSERT_TRUE(part->problem);
  EXPECT_EQ(part->problem->code, Code::kUnavailable);
  EXPECT_EQ(part->problem->hint, "join");
  EXPECT_FALSE(part->summary);
}

TEST_F(SearchWithPeersTest, OnlyTheOwnerOfTheDataAsks) {
  const auto anybody = *Client::Connect(Socket("grpc.sock"));
  const auto part = Search(*anybody, "moss");
  ASSERT_TRUE(part.ok()) << part.error().message;
  ASSERT_TRUE(part->problem);
  EXPECT_EQ(part->problem->code, Code::kUntrusted);
  const auto refused = anybody->Resolve(
      {.name = *ParseTypedName("moss", "cert.alt"), .protocol = {}, .ask_peers = true}, "cert.alt");
  ASSERT_TRUE(refused.ok());
  EXPECT_THAT(refused->notices, ElementsAre(HasSubstr("peers could not be asked")));
  EXPECT_EQ(fake_.lookups, 0);
}

TEST_F(SearchWithPeersTest, WithoutAWishTheSettingDecides) {
  SearchAndResolveAt("keeper.sock");
  EXPECT_EQ(fake_.lookups, 0);
  Config config = world_.MakeConfig();
  config.search_peers = true;
  ASSERT_TRUE(world_.engine().Reload(config).ok());
  SearchAndResolveAt("grpc.sock");
  EXPECT_EQ(fake_.lookups, 0);
  fake_.lookups = 10;
  SearchAndResolveAt("keeper.sock");
  EXPECT_EQ(fake_.lookups, 12);
  ASSERT_TRUE(client_->Search("moss", 0, 10).error().code == Code::kNotFound);
  EXPECT_EQ(Resolve("moss", false).refusal->code, Code::kNotFound);
  EXPECT_EQ(fake_.lookups, 12) << "whoever says no is heard";
}

TEST_F(SearchWithPeersTest, EndsWhenItIsStoppedOrEnough) {
  fake_.rows = {Row(Key('a')), Row(Key('b'))};
  fake_.wait_for_stop = true;
  enough_ = 1;
  const auto part = Search("moss");
  ASSERT_TRUE(part.ok()) << part.error().message;
  EXPECT_EQ(theirs_.size(), 1U);
  EXPECT_TRUE(Eventually([this] { return fake_.stopped.load(); }));
  fake_.stopped = false;
  enough_ = 0;
  const std::atomic<bool> stop{true};
  stop_ = &stop;
  EXPECT_EQ(Search("moss").error().code, Code::kInterrupted);
}

TEST_F(SearchWithPeersTest, ResolveAsksForUnboundWordsThatNobodyHereKnows) {
  const Resolution refused = Resolve("moss garden");
  EXPECT_EQ(refused.refusal->code, Code::kNotFound);
  EXPECT_EQ(fake_.lookups, 1);
  EXPECT_EQ(fake_.told_text, "garden moss");
  EXPECT_THAT(refused.notices, ElementsAre(HasSubstr("peers were asked")));
  Resolve("moss-garden.cert.alt");
  EXPECT_EQ(fake_.lookups, 2);
  EXPECT_EQ(fake_.told_text, "garden moss");
}

TEST_F(SearchWithPeersTest, ResolveAsksNobodyForAnythingElse) {
  const TlsServer bound(MakeCertificate({.names = {"fern.example"}}));
  world_.ObserveAndBind(bound, "fern");
  Observe(TlsServer(MakeCertificate({.names = {"moss.example"}})), "moss");
  EXPECT_TRUE(Resolve("fern").answer);
  EXPECT_EQ(Resolve("moss").refusal->code, Code::kUntrusted);
  EXPECT_EQ(Resolve("nothing", false).refusal->code, Code::kNotFound);
  EXPECT_TRUE(Resolve("attic.internal").refusal);
  for (const char* text :
       {"attic.internal garden", "garden 192.168.0.1", "https://attic.internal/ x"}) {
    EXPECT_THAT(Resolve(text).notices, ElementsAre(HasSubstr("is not asked of other people")))
        << text;
  }
  EXPECT_EQ(fake_.lookups, 0);
}

TEST_F(SearchWithPeersTest, WhatALookUpProvedIsACandidate) {
  const auto certificate = MakeCertificate({.names = {"moss.example"}});
  const TlsServer server(certificate);
  fake_.on_lookup = [&] { world_.Observe(server); };
  fake_.rows = {Row(certificate.key_id())};
  EXPECT_EQ(Resolve("moss").refusal->code, Code::kUntrusted);
  EXPECT_EQ(fake_.lookups, 1);
}

TEST_F(SearchWithPeersTest, TheDaemonEndsItWhenItStops) {
  fake_.wait_for_stop = true;
  std::jthread stopper([this] {
    EXPECT_TRUE(Eventually([this] { return fake_.lookups > 0; }));
    server_.reset();
  });
  const auto part = Search("moss");
  stopper.join();
  EXPECT_TRUE(fake_.stopped);
  if (part.ok()) {
    ASSERT_TRUE(part->problem);
    EXPECT_EQ(part->problem->code, Code::kInterrupted);
  }
}

}  // namespace
}  // namespace commresolve::daemon
