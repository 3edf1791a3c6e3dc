// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Peers with real sockets and queues, on loopback.

#include "dht/peer/peer.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <future>
#include <thread>

#include "dht/find/owner_search.h"
#include "dht/peer/record_rules.h"
#include "tests/dht/record/samples.h"

namespace commresolve::dht {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class PeerTest : public testing::Test {
 protected:
  PeerTest() {
    std::string folder = testing::TempDir() + "peer_test.XXXXXX";
    folder_ = mkdtemp(folder.data());
  }
  ~PeerTest() override {
    peers_.clear();
    queues_.clear();
    std::filesystem::remove_all(folder_);
  }

  Peer& Add(Signers signers, PublishOptions publish = {}) {
    PeerOptions options;
    options.node.engine.network = 4712;
    options.node.bind4 = PeerAddress{*IpAddress::Parse("127.0.0.1"), 0};
    if (!peers_.empty()) options.node.engine.seeds = {peers_.front()->Bound(false)};
    options.signers = std::move(signers);
    options.publish = publish;
    const std::string folder = folder_ + "/" + std::to_string(queues_.size());
    std::filesystem::create_directory(folder);
    queues_.push_back(PublishQueue::Open(folder, clock_.Now()).value());
    peers_.push_back(Peer::Start(std::move(options), *queues_.back(), clock_).value());
    return *peers_.back();
  }
  template <class Predicate>
  static bool Within(seconds time, Predicate holds) {
    const auto end = std::chrono::steady_clock::now() + time;
    while (!holds()) {
      if (std::chrono::steady_clock::now() > end) return false;
      std::this_thread::sleep_for(milliseconds(20));
    }
    return true;
  }
  std::vector<Place> Find(Peer& peer, const KeyId& key) const {
    OwnerSearch search(peer.getter(), clock_, {});
    std::promise<std::vector<Place>> promise;
    search.Find(key, seconds(5), [&](const auto& places) { promise.set_value(places); });
    return promise.get_future().get();
  }
  OwnerRecord Record(const KeyId& key, const std::string& address) const {
    OwnerRecord record;
    record.subject = key;
    record.valid_from = clock_.Now();
    record.names = {"garden.debian.org"};
    record.endpoints = {{*IpAddress::Parse(address), 443, Protocol::kTls, "garden.debian.org"}};
    return record;
  }

  std::string folder_;
  SystemClock clock_;
  std::vector<std::unique_ptr<PublishQueue>> queues_;
  std::vector<std::unique_ptr<Peer>> peers_;
};

TEST_F(PeerTest, TheRulesAreThoseOfAllRecords) {
  const std::vector<ValueRule> rules = RecordRules();
  ASSERT_EQ(rules.size(), 4U);
  const SigningKey key = NewSigningKey("P-256");
  const DhtKey where = SubjectKey(RecordType::kOwner, key.id());
  const std::string payload = *WriteOwner(SampleOwner(key.id()), key);
  const std::vector<uint8_t> bytes(payload.begin(), payload.end());
  for (size_t i = 0; i < rules.size(); ++i) {
    EXPECT_EQ(rules[i].check(where, ValueId(payload), bytes, kNow).ok(), i == 1) << rules[i].name;
  }
  EXPECT_FALSE(rules[1].check(where, ValueId(payload) + 1, bytes, kNow).ok());
}

TEST_F(PeerTest, WhatAnOwnerQueuesIsFoundByOthersAndReplaced) {
  const SigningKey key = NewSigningKey("P-256");
  Signers signers;
  signers.owner = [&](const KeyId& owner) { return owner == key.id() ? &key : nullptr; };
  Add({});
  Peer& owner = Add(signers, {.announcements = true});
  Peer& stranger = Add({});
  ASSERT_TRUE(
      Within(seconds(30), [&] { return owner.health().connected && stranger.health().connected; }));
  const Content first = Content::Of(Record(key.id(), "9.9.9.9")).value();
  ASSERT_TRUE(queues_[1]->Put(first, clock_.Now()).ok());
  owner.Wake();
  ASSERT_TRUE(
      Within(seconds(30), [&] { return (*queues_[1]->Find(first.stream()))->confirmed_at != 0; }));
  const auto places = Find(stranger, key.id());
  ASSERT_EQ(places.size(), 1U);
  EXPECT_EQ(places[0].endpoint.ip.ToString(), "9.9.9.9");
  EXPECT_EQ(places[0].speaker, Speaker::kOwner);
  EXPECT_EQ(places[0].key, key.id());

  const Content moved = Content::Of(Record(key.id(), "8.8.4.4")).value();
  ASSERT_TRUE(queues_[1]->Put(moved, clock_.Now()).ok());
  owner.Wake();
  EXPECT_TRUE(Within(seconds(30), [&] {
    const auto now = Find(stranger, key.id());
    return now.size() == 1 && now[0].endpoint.ip.ToString() == "8.8.4.4";
  }));
}

TEST_F(PeerTest, WhatIsWantedLaterIsPutThen) {
  const SigningKey key = NewSigningKey("P-256");
  Signers signers;
  signers.owner = [&](const KeyId&) { return &key; };
  Add({});
  Peer& owner = Add(signers);
  ASSERT_TRUE(Within(seconds(30), [&] { return owner.health().connected; }));
  const Content content = Content::Of(Record(key.id(), "9.9.9.9")).value();
  ASSERT_TRUE(queues_[1]->Put(content, clock_.Now()).ok());
  owner.Configure({.announcements = true});
  EXPECT_TRUE(Within(seconds(30),
                     [&] { return (*queues_[1]->Find(content.stream()))->confirmed_at != 0; }));
}

TEST_F(PeerTest, AMissingKeyIsAProblemThatIsTold) {
  Add({});
  Peer& owner = Add({}, {.announcements = true});
  ASSERT_TRUE(Within(seconds(30), [&] { return owner.health().connected; }));
  const Content content = Content::Of(Record(SomeKey(3), "9.9.9.9")).value();
  ASSERT_TRUE(queues_[1]->Put(content, clock_.Now()).ok());
  owner.Wake();
  EXPECT_TRUE(Within(seconds(30), [&] { return !owner.problem().empty(); }));
}

TEST_F(PeerTest, StopCallsBackWhatIsUnderWay) {
  Peer& alone = Add({});
  std::promise<void> over;
  alone.getter().Get(
      SampleBucket(), seconds(60), [](auto, auto) { return true; }, [&] { over.set_value(); });
  EXPECT_TRUE(alone.Stop().ok());
  EXPECT_EQ(over.get_future().wait_for(seconds(10)), std::future_status::ready);
  EXPECT_TRUE(alone.Stop().ok());
}

}  // namespace
}  // namespace commresolve::dht
