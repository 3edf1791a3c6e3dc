// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Machines with real nodes, on loopback. No address there may be published, so what a look-up
// proves is tested in a network of namespaces (tests/system).

#include "grpc/sharing/peer_sharing.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "grpc/client/client.h"
#include "grpc/daemon/rpc_server.h"
#include "index/recorder.h"
#include "resolver/trust/observers.h"
#include "tests/dht/record/samples.h"
#include "tests/grpc/engine/engine_world.h"

namespace commresolve::daemon {
namespace {

using fakes::EngineWorld;
using fakes::Eventually;
using fakes::MakeCertificate;
using fakes::TlsServer;

/// An engine and its sharing.
class Machine {
 public:
  Machine() {
    Config config = world.MakeConfig();
    config.dht_listen = {{*IpAddress::Parse("127.0.0.1"), 0}};
    EXPECT_TRUE(world.engine().Reload(config).ok());
    Open();
  }
  void Open() {
    sharing.reset();
    auto opened = PeerSharing::Open(world.engine());
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    sharing = std::move(*opened);
  }
  [[nodiscard]] std::string DhtFolder() const { return world.folder() + "/data/dht"; }
  /// A key file of a certificate.
  std::string KeyFile(const fakes::TestCertificate& certificate) const {
    const std::string path = world.folder() + "/key.pem";
    std::ofstream(path) << certificate.KeyPem();
    std::filesystem::permissions(path, std::filesystem::perms(0600));
    return path;
  }

  /// As a file would tell of a server at a global address.
  void Import(const fakes::TestCertificate& certificate, uint16_t port) {
    const auto store = world.engine().ShareStore();
    index::Recorder recorder(*store);
    const Endpoint endpoint{*IpAddress::Parse("9.9.9.9"), port, Protocol::kTls, ""};
    ASSERT_TRUE(
        recorder.Add({certificate.Chain(), endpoint, world.clock().Now(), "import", false, "test"})
            .ok());
    ASSERT_TRUE(recorder.Finish({}).ok());
  }

  EngineWorld world;
  std::unique_ptr<PeerSharing> sharing;
};

class PeerSharingTest : public testing::Test {
 protected:
  void Connect() {
    ASSERT_TRUE(first_.sharing->Join({}).ok());
    const auto listens = first_.sharing->status().listens4.ToString();
    const Status joined = second_.sharing->Join({listens});
    ASSERT_TRUE(joined.ok()) << joined.error().message;
    ASSERT_TRUE(Eventually([&] {
      return first_.sharing->status().health.connected &&
             second_.sharing->status().health.connected;
    }));
  }
  static Announcement Announced(const std::string& key_file) {
    Announcement announcement;
    announcement.key_file = key_file;
    announcement.names = {"garden.debian.org"};
    announcement.endpoints = {
        {*IpAddress::Parse("9.9.9.9"), 443, Protocol::kTls, "garden.debian.org"}};
    return announcement;
  }
  Result<LookupSummary> Lookup(Machine& machine, const std::string& words) {
    rows_.clear();
    return machine.sharing->Lookup(
        words,
        [this](const LookupRow& row) {
          rows_.push_back(row);
          return true;
        },
        nullptr);
  }

  Machine first_;
  Machine second_;
  std::vector<LookupRow> rows_;
};

TEST_F(PeerSharingTest, NothingHappensBeforeTheUserJoins) {
  const SharingStatus status = first_.sharing->status();
  EXPECT_FALSE(status.membership.joined);
  EXPECT_FALSE(status.running);
  EXPECT_FALSE(std::filesystem::exists(first_.DhtFolder()));
  const auto found = Lookup(first_, "garden");
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.error().code, Code::kUnavailable);
  EXPECT_FALSE(found.error().hint.empty());
  EXPECT_EQ(first_.sharing->Publish({.postings = true, .observations = true}, nullptr).error().code,
            Code::kUnavailable);
}

TEST_F(PeerSharingTest, JoinsLeavesAndRemembers) {
  Connect();
  second_.Open();
  EXPECT_TRUE(second_.sharing->status().membership.joined);
  EXPECT_TRUE(Eventually([&] { return second_.sharing->status().health.connected; }));
  ASSERT_TRUE(second_.sharing->Leave().ok());
  EXPECT_FALSE(second_.sharing->status().running);
  ASSERT_TRUE(second_.sharing->Leave().ok());
  second_.Open();
  EXPECT_FALSE(second_.sharing->status().membership.joined);
  ASSERT_TRUE(second_.sharing->Join({}).ok());
  EXPECT_TRUE(Eventually([&] { return second_.sharing->status().health.connected; }))
      << "whom it knew and where it began is remembered";
}

TEST_F(PeerSharingTest, ABadPeerIsRefusedAndNothingRemembered) {
  const Status joined = first_.sharing->Join({"nowhere"});
  EXPECT_EQ(joined.error().code, Code::kInvalidArgument);
  EXPECT_FALSE(first_.sharing->status().membership.joined);
}

TEST_F(PeerSharingTest, AnnouncesRestartsAndWithdraws) {
  Connect();
  const auto certificate = MakeCertificate({.names = {"garden.debian.org"}});
  const auto announced = second_.sharing->Announce(Announced(second_.KeyFile(certificate)));
  ASSERT_TRUE(announced.ok()) << announced.error().message;
  EXPECT_EQ(announced->key, certificate.key_id());
  const auto confirmed = [&] {
    const auto all = second_.sharing->status().announcements;
    return all.size() == 1 && all[0].put.confirmed && all[0].put.replicas > 0;
  };
  EXPECT_TRUE(Eventually(confirmed));
  second_.Open();
  EXPECT_TRUE(Eventually(confirmed));
  ASSERT_TRUE(second_.sharing->Withdraw(certificate.key_id()).ok());
  EXPECT_TRUE(second_.sharing->status().announcements[0].announcement.endpoints.empty());
  EXPECT_TRUE(Eventually(confirmed)) << "that it lives nowhere is said";
  second_.world.clock().Advance(4 * 86'400);
  EXPECT_TRUE(Eventually([&] { return second_.sharing->status().announcements.empty(); }));
  EXPECT_EQ(second_.sharing->Withdraw(certificate.key_id()).error().code, Code::kNotFound);
}

TEST_F(PeerSharingTest, APublishingKeyAnnouncesForAKeyThatIsNotHere) {
  Connect();
  const dht::SigningKey owner = dht::NewSigningKey("RSA-2048");
  const std::string path = second_.world.folder() + "/statement";
  const auto delegate = [&](UnixTime until) {
    dht::Delegation delegation;
    delegation.publishing_key = ParseObserver(*second_.sharing->PublishingKeyText())->bytes;
    delegation.valid_from = second_.world.clock().Now();
    delegation.sequence = static_cast<uint32_t>(delegation.valid_from);
    delegation.valid_until = delegation.valid_from + until;
    std::ofstream(path) << dht::WriteDelegation(delegation, owner).value();
  };
  delegate(dht::kDay);
  Announcement wanted = Announced("");
  wanted.statement_file = path;
  const auto announced = second_.sharing->Announce(wanted);
  ASSERT_TRUE(announced.ok()) << announced.error().message;
  EXPECT_EQ(announced->key, owner.id());
  const auto state = [&] { return second_.sharing->status().announcements.at(0).put; };
  EXPECT_TRUE(Eventually([&] { return state().confirmed && state().replicas > 0; }));
  second_.Open();
  EXPECT_EQ(state().problem, "");
  EXPECT_EQ(second_.sharing->status().publishing_key, *second_.sharing->PublishingKeyText());
  second_.world.clock().Advance(2 * dht::kDay);
  EXPECT_TRUE(Eventually([&] { return !state().problem.empty(); })) << "the statement has ended";
  delegate(9 * dht::kDay);
  second_.world.clock().Advance(61);
  EXPECT_TRUE(Eventually([&] { return state().problem.empty(); })) << "the new one is taken up";
  ASSERT_TRUE(second_.sharing->Withdraw(owner.id()).ok());
  EXPECT_TRUE(Eventually([&] { return state().confirmed; })) << "that it lives nowhere is said";
}

TEST_F(PeerSharingTest, RolloversAreSaidRestartedAndTakenBack) {
  Connect();
  const auto old_one = MakeCertificate({.names = {"garden.debian.org"}});
  const KeyId next = MakeCertificate({.names = {"garden.debian.org"}}).key_id();
  const auto said = second_.sharing->AnnounceRollover({{}, second_.KeyFile(old_one), {next}, 0});
  ASSERT_TRUE(said.ok()) << said.error().message;
  EXPECT_EQ(said->key, old_one.key_id());
  EXPECT_GT(said->from, 0);
  const auto confirmed = [&] {
    const auto all = second_.sharing->status().rollovers;
    return all.size() == 1 && all[0].put.confirmed && all[0].put.replicas > 0;
  };
  EXPECT_TRUE(Eventually(confirmed));
  second_.Open();
  EXPECT_TRUE(Eventually(confirmed));
  EXPECT_EQ(second_.sharing->status().rollovers[0].rollover, *said);
  ASSERT_TRUE(second_.sharing->WithdrawRollover(old_one.key_id()).ok());
  EXPECT_TRUE(second_.sharing->status().rollovers[0].rollover.new_keys.empty());
  EXPECT_TRUE(Eventually(confirmed)) << "that it is taken back is said";
  second_.world.clock().Advance(31 * 86'400);
  EXPECT_TRUE(Eventually([&] { return second_.sharing->status().rollovers.empty(); }));
  EXPECT_EQ(second_.sharing->WithdrawRollover(old_one.key_id()).error().code, Code::kNotFound);
}

TEST_F(PeerSharingTest, WhatNoRolloverCanSayIsRefused) {
  const auto certificate = MakeCertificate({.names = {"garden.debian.org"}});
  const std::string file = first_.KeyFile(certificate);
  const KeyId next = MakeCertificate({.names = {"garden.debian.org"}}).key_id();
  const auto refusal = [&](const std::vector<KeyId>& new_keys, UnixTime from) {
    const auto said = first_.sharing->AnnounceRollover({{}, file, new_keys, from});
    return said.ok() ? Code::kInternal : said.error().code;
  };
  const UnixTime now = first_.world.clock().Now();
  EXPECT_EQ(refusal({}, 0), Code::kInvalidArgument);
  EXPECT_EQ(refusal({certificate.key_id()}, 0), Code::kInvalidArgument);
  EXPECT_EQ(refusal({next}, now + 16 * 86'400), Code::kInvalidArgument);
  std::vector<KeyId> many(9);
  for (size_t i = 0; i < many.size(); ++i) many[i].bytes[0] = static_cast<uint8_t>(i);
  EXPECT_EQ(refusal(many, 0), Code::kInvalidArgument);
  EXPECT_TRUE(first_.sharing->status().rollovers.empty());
  EXPECT_EQ(refusal({next, next}, now + 14 * 86'400), Code::kInternal) << "this one is fine";
}

/// The first machine is that of an owner; the second has bound his key.
class OwnerAndUserTest : public PeerSharingTest {
 protected:
  void SetUp() override {
    second_.world.ObserveAndBind(server_, "moss garden");
    Connect();
    const auto said =
        first_.sharing->AnnounceRollover({{}, first_.KeyFile(old_), {next_.key_id()}, 0});
    ASSERT_TRUE(said.ok()) << said.error().message;
    ASSERT_TRUE(Eventually([&] { return first_.sharing->status().rollovers[0].put.confirmed; }));
  }
  /// True once `condition` holds, while hours go by on both machines.
  bool InHours(const std::function<bool()>& condition) {
    return Eventually([&] {
      if (condition()) return true;
      first_.world.clock().Advance(60);
      second_.world.clock().Advance(60);
      return false;
    });
  }
  [[nodiscard]] bool UserHeard() const {
    return std::filesystem::exists(second_.DhtFolder() + "/rollovers-heard");
  }
  Resolution Resolve() { return second_.world.Resolve("moss garden", Prove::kAlways); }

  const fakes::TestCertificate old_ = MakeCertificate({.names = {"garden.debian.org"}});
  const fakes::TestCertificate next_ = MakeCertificate({.names = {"garden.debian.org"}});
  TlsServer server_{old_};
};

TEST_F(OwnerAndUserTest, AKeyThatWasAnnouncedIsAcceptedADayLater) {
  Config config = *second_.world.engine().config();
  config.dht_rollovers = true;
  ASSERT_TRUE(second_.world.engine().Reload(config).ok());
  ASSERT_TRUE(InHours([this] { return UserHeard(); }));
  second_.Open();
  second_.world.clock().Advance(25 * 3'600);
  server_.Present(MakeCertificate({.names = {"garden.debian.org"}}));
  EXPECT_FALSE(Resolve().answer);
  server_.Present(next_);
  const Resolution accepted = Resolve();
  ASSERT_TRUE(accepted.answer) << accepted.refusal->message;
  EXPECT_EQ(accepted.answer->key, next_.key_id());
}

TEST_F(OwnerAndUserTest, OnlyWhoAgreedAsksPeersAboutIt) {
  // The name has no address after hours, so its key is looked for all the same, in the same rounds.
  const uint64_t before = second_.sharing->status().health.searches;
  server_.Present(next_);
  ASSERT_TRUE(InHours([&] { return second_.sharing->status().health.searches > before + 3; }));
  EXPECT_FALSE(UserHeard());
  EXPECT_FALSE(Resolve().answer);
  std::ofstream(second_.world.folder() + "/data/observers")
      << "# commresolve observers 1\n" + KeyText(next_.key_id()) + " 40\n";
  EXPECT_TRUE(InHours([this] { return UserHeard(); })) << "who chose observers agreed";
  second_.world.clock().Advance(25 * 3'600);
  EXPECT_FALSE(Resolve().answer) << "it was learned after the new key was seen";
}

TEST_F(PeerSharingTest, PrivatePlacesAreNotAnnounced) {
  const auto certificate = MakeCertificate({.names = {"garden.debian.org"}});
  Announcement inside = Announced(first_.KeyFile(certificate));
  inside.endpoints[0].ip = *IpAddress::Parse("192.168.1.7");
  EXPECT_EQ(first_.sharing->Announce(inside).error().code, Code::kInvalidArgument);
  Announcement local = Announced(first_.KeyFile(certificate));
  local.names = {"printer.local"};
  local.endpoints[0].server_name = "printer.local";
  EXPECT_EQ(first_.sharing->Announce(local).error().code, Code::kInvalidArgument);
  EXPECT_TRUE(first_.sharing->status().announcements.empty());
}

TEST_F(PeerSharingTest, WordsThatManySawAreFoundAndPrivateOnesAreNot) {
  Connect();
  const auto known = MakeCertificate({.names = {"moss-garden.debian.org"}});
  const auto hidden = MakeCertificate({.names = {"attic.internal"}});
  const auto rare = MakeCertificate({.names = {"rare-bird.debian.org"}});
  for (const uint16_t port : std::initializer_list<uint16_t>{443, 8443, 9443}) {
    first_.Import(known, port);
    first_.Import(hidden, port);
  }
  first_.world.Observe(TlsServer(rare));
  const auto published = first_.sharing->Publish({.postings = true, .observations = true}, nullptr);
  ASSERT_TRUE(published.ok()) << published.error().message;
  EXPECT_EQ(published->listings, 3U);
  EXPECT_EQ(published->withheld, 2U);
  EXPECT_GT(published->posting_sets, 0U);
  EXPECT_EQ(published->observations, 0U) << "loopback is nobody's business";
  EXPECT_GT(published->rare_or_private, 0U);
  const auto claimed = [&](const std::string& words) {
    const auto found = Lookup(second_, words);
    EXPECT_TRUE(found.ok()) << found.error().message;
    return found.ok() ? found->claimed : 99;
  };
  EXPECT_TRUE(Eventually([&] { return claimed("moss debian") == 1; }));
  EXPECT_EQ(claimed("attic"), 0U);
  EXPECT_EQ(claimed("bird"), 0U);
  EXPECT_TRUE(rows_.empty()) << "nothing was proved";

  const auto stopped = first_.sharing->Publish({.postings = false}, nullptr);
  ASSERT_TRUE(stopped.ok());
  EXPECT_EQ(stopped->posting_sets, 0U);
  EXPECT_EQ(stopped->removed, published->posting_sets);
  EXPECT_TRUE(first_.sharing->status().membership.observations);
}

TEST_F(PeerSharingTest, BoundAndPrivateWordsAreNotAskedFor) {
  Connect();
  second_.world.ObserveAndBind(TlsServer(MakeCertificate({.names = {"moss.debian.org"}})), "moss");
  for (const char* words : {"moss", "attic.internal", "192.168.0.1", "--"}) {
    const auto found = Lookup(second_, words);
    ASSERT_FALSE(found.ok()) << words;
    EXPECT_EQ(found.error().code, Code::kInvalidArgument) << words;
  }
}

TEST_F(PeerSharingTest, BoundAndPrivateWordsCauseNoQuestionAtThePublicDoor) {
  Connect();
  const TlsServer bound(MakeCertificate({.names = {"moss.debian.org"}}));
  second_.world.ObserveAndBind(bound, "moss");
  RpcServerOptions options{second_.world.folder() + "/grpc.sock", 0600,
                           second_.world.folder() + "/keeper.sock"};
  options.sharing = second_.sharing.get();
  const auto server = *RpcServer::Start(second_.world.engine(), options);
  const auto client = *Client::Connect(options.keeper_socket);
  const auto search = [&](const std::string& query) {
    return client->SearchWithPeers(
        query, 10, [](const RankedRows&) {}, [](const LookupRow&) { return true; }, nullptr);
  };
  const auto resolve = [&](const std::string& typed) {
    return client->Resolve({.name = *ParseTypedName(typed, "cert.alt"),
                            .protocol = {},
                            .ask_peers = true,
                            .typed = typed},
                           "cert.alt");
  };
  const auto questions = [&] { return second_.sharing->status().questions; };
  const uint64_t before = questions();
  for (const char* query : {"moss", "Moss", "moss.internal fern", "192.168.0.1"}) {
    const auto part = search(query);
    ASSERT_TRUE(part.ok()) << query << part.error().message;
    ASSERT_TRUE(part->problem) << query;
    EXPECT_EQ(part->problem->code, Code::kInvalidArgument) << query;
  }
  EXPECT_TRUE(resolve("moss")->answer);
  EXPECT_EQ(resolve("fern attic.internal")->refusal->code, Code::kNotFound);
  EXPECT_EQ(questions(), before);
  ASSERT_TRUE(search("fern garden")->summary);
  EXPECT_EQ(questions(), before + 1) << "one bucket";
  EXPECT_EQ(resolve("fern garden")->refusal->code, Code::kNotFound);
  EXPECT_EQ(questions(), before + 2);
}

TEST_F(PeerSharingTest, ADamagedFileIsNamed) {
  first_.sharing.reset();
  std::filesystem::create_directories(first_.DhtFolder());
  std::ofstream(first_.DhtFolder() + "/membership") << "joined perhaps\n";
  const auto opened = PeerSharing::Open(first_.world.engine());
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, Code::kCorrupt);
}

}  // namespace
}  // namespace commresolve::daemon
