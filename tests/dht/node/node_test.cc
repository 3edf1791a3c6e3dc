// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Nodes with real sockets, on loopback.

#include "dht/node/node.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "dht/node/state_file.h"

namespace commresolve::dht {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr uint16_t kType = 0xc001;
constexpr seconds kPatience{15};

/// Payloads that begin with 'g' are good.
ValueRule Rule() {
  return {.type = kType,
          .name = "test",
          .expiry = std::chrono::hours(1),
          .check = [](const DhtKey&, uint64_t value_id, std::span<const uint8_t> payload,
                      UnixTime) -> Status {
            if (payload[0] == 'g' && value_id == ValueId(payload)) return {};
            return Error{Code::kUntrusted, "not good"};
          }};
}

class NodeTest : public testing::Test {
 protected:
  NodeTest() {
    std::string folder = testing::TempDir() + "node_test.XXXXXX";
    folder_ = mkdtemp(folder.data());
  }
  ~NodeTest() override { std::filesystem::remove_all(folder_); }

  NodeOptions Options(const char* ip, std::vector<PeerAddress> seeds) const {
    NodeOptions options;
    options.engine.network = 4711;
    options.engine.rules = {Rule()};
    options.engine.seeds = std::move(seeds);
    const PeerAddress any{*IpAddress::Parse(ip), 0};
    (any.ip.is_v6() ? options.bind6 : options.bind4) = any;
    return options;
  }
  std::unique_ptr<Node> Start(NodeOptions options) {
    auto node = Node::Start(std::move(options), clock_);
    EXPECT_TRUE(node) << node.error().message;
    return node ? std::move(*node) : nullptr;
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
  static PutResult Put(Node& node, const DhtKey& key, const std::string& payload) {
    std::promise<PutResult> promise;
    node.Put(key, kType, {payload.begin(), payload.end()}, kPatience,
             [&](const PutResult& result) { promise.set_value(result); });
    return promise.get_future().get();
  }
  static std::vector<std::string> Get(Node& node, const DhtKey& key) {
    std::vector<std::string> found;
    std::promise<GetEnd> promise;
    node.Get(
        key, kPatience,
        [&](const FoundValue& value) {
          found.emplace_back(value.payload.begin(), value.payload.end());
          return true;
        },
        [&](GetEnd end) { promise.set_value(end); });
    EXPECT_EQ(promise.get_future().get(), GetEnd::kComplete);
    return found;
  }
  static bool Connected(const Node& node, size_t peers) {
    return Within(kPatience, [&] {
      const Health health = node.health();
      return health.connected && health.peers4 + health.peers6 >= peers;
    });
  }

  SystemClock clock_;
  std::string folder_;
};

TEST_F(NodeTest, ThreeNodesShare) {
  const auto a = Start(Options("127.0.0.1", {}));
  const auto b = Start(Options("127.0.0.1", {a->Bound(false)}));
  const auto c = Start(Options("127.0.0.1", {a->Bound(false)}));
  for (const Node* node : {a.get(), b.get(), c.get()}) ASSERT_TRUE(Connected(*node, 2));
  const PutResult put = Put(*b, {1}, "good news");
  EXPECT_TRUE(put.confirmed);
  EXPECT_EQ(put.replicas, 3U) << "itself is one of them";
  EXPECT_EQ(Get(*c, {1}), std::vector<std::string>{"good news"});
  EXPECT_EQ(Get(*c, {2}), std::vector<std::string>{});
  EXPECT_FALSE(Put(*b, {1}, "bad news").confirmed);
  ASSERT_TRUE(Within(kPatience, [&] { return a->health().stored_values == 1; }));
  const Health health = a->health();
  EXPECT_EQ(health.stored_bytes, 9U);
  EXPECT_EQ(health.estimated_size, 3U);
  EXPECT_EQ(health.networks, 1U);
  EXPECT_FALSE(health.zombie);
  EXPECT_EQ(health.faults, 0U);
}

TEST_F(NodeTest, SpeaksIpv6Alone) {
  const auto a = Start(Options("::1", {}));
  const auto b = Start(Options("::1", {a->Bound(true)}));
  ASSERT_TRUE(Connected(*b, 1));
  EXPECT_EQ(b->Bound(false).port, 0);
  EXPECT_TRUE(Put(*b, {1}, "good").confirmed);
  EXPECT_EQ(Get(*a, {1}), std::vector<std::string>{"good"});
}

TEST_F(NodeTest, AClientIsInNobodysTable) {
  const auto a = Start(Options("127.0.0.1", {}));
  const auto b = Start(Options("127.0.0.1", {a->Bound(false)}));
  ASSERT_TRUE(Connected(*b, 1));
  NodeOptions options = Options("127.0.0.1", {a->Bound(false)});
  options.engine.client = true;
  const auto client = Start(std::move(options));
  ASSERT_TRUE(Connected(*client, 2));
  EXPECT_EQ(Put(*client, {1}, "good").replicas, 2U);
  EXPECT_EQ(Get(*a, {1}), std::vector<std::string>{"good"});
  EXPECT_EQ(a->health().peers4, 1U);
  EXPECT_EQ(b->health().peers4, 1U);
}

TEST_F(NodeTest, ARestartKeepsThePlaceAndThePeers) {
  const auto a = Start(Options("127.0.0.1", {}));
  NodeOptions options = Options("127.0.0.1", {a->Bound(false)});
  options.state_file = folder_ + "/node";
  auto b = Start(options);
  ASSERT_TRUE(Connected(*b, 1));
  const DhtKey id = b->id();
  EXPECT_TRUE(b->Stop());
  struct stat status{};
  ASSERT_EQ(stat(options.state_file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);

  options.engine.seeds.clear();
  b = Start(options);
  EXPECT_EQ(b->id(), id);
  EXPECT_TRUE(Connected(*b, 1));
}

TEST_F(NodeTest, ADamagedStateIsSaidAndNotUsed) {
  NodeOptions options = Options("127.0.0.1", {});
  options.state_file = folder_ + "/node";
  const std::string id(40, 'a');
  for (const std::string& text :
       {std::string(), std::string("something else\n"), std::string("commresolve-dht-node 1\n"),
        "commresolve-dht-node 1\nid " + id + "\npeer " + id + " 192.0.2.1\n",
        "commresolve-dht-node 1\nid " + id + "0\n"}) {
    std::ofstream(options.state_file) << text;
    const auto node = Node::Start(options, clock_);
    ASSERT_FALSE(node) << text;
    EXPECT_EQ(node.error().code, Code::kCorrupt) << text;
    EXPECT_FALSE(node.error().hint.empty());
  }
}

TEST_F(NodeTest, StoppingCallsBackWhatIsUnderWay) {
  const auto node = Start(Options("127.0.0.1", {}));
  std::atomic<int> unconfirmed = 0;
  std::atomic<int> failed = 0;
  const auto ask = [&] {
    node->Put({1}, kType, {'g'}, std::chrono::minutes(10),
              [&](const PutResult& result) { unconfirmed += result.confirmed ? 0 : 1; });
    node->Get(
        {1}, std::chrono::minutes(10), [](const FoundValue&) { return true; },
        [&](GetEnd) { ++failed; });
  };
  ask();
  EXPECT_TRUE(node->Stop());
  EXPECT_EQ(unconfirmed, 1);
  EXPECT_EQ(failed, 1);
  ask();
  EXPECT_EQ(unconfirmed, 2);
  EXPECT_EQ(failed, 2);
}

TEST_F(NodeTest, APatienceEnds) {
  const auto node = Start(Options("127.0.0.1", {}));
  std::promise<PutResult> put;
  node->Put({1}, kType, {'g'}, milliseconds(50),
            [&](const PutResult& result) { put.set_value(result); });
  EXPECT_FALSE(put.get_future().get().confirmed);
  EXPECT_EQ(node->health().faults, 0U);
}

TEST_F(NodeTest, DebiansDhtnodeDisturbsNobody) {
  const auto a = Start(Options("127.0.0.1", {}));
  const auto b = Start(Options("127.0.0.1", {a->Bound(false)}));
  const auto c = Start(Options("127.0.0.1", {a->Bound(false)}));
  for (const Node* node : {a.get(), b.get(), c.get()}) ASSERT_TRUE(Connected(*node, 2));
  const std::string log = folder_ + "/dhtnode.log";
  const std::string command =
      "dhtnode -n 4711 -p 0 -b " + a->Bound(false).ToString() + " >" + log + " 2>&1";
  std::FILE* dhtnode = popen(command.c_str(), "w");
  ASSERT_NE(dhtnode, nullptr);
  // It joins, and puts, gets and listens as its own users would.
  const std::string key(40, 'a');
  const std::string talk = "p " + key + " hello\ng " + key + "\nl " + key + "\n";
  EXPECT_TRUE(Within(kPatience, [&] {
    static_cast<void>(std::fputs(talk.c_str(), dhtnode));
    static_cast<void>(std::fflush(dhtnode));
    const Health health = a->health();
    return health.peers4 >= 3 && health.dropped[static_cast<size_t>(Drop::kValue)] > 0;
  })) << "it is not there";

  for (uint8_t i = 1; i <= 20; ++i) {
    EXPECT_TRUE(Put(*b, {i}, "good news").confirmed);
    EXPECT_EQ(Get(*c, {i}), std::vector<std::string>{"good news"});
  }
  DhtKey its_key;
  its_key.fill(0xaa);
  EXPECT_EQ(Get(*c, its_key), std::vector<std::string>{});
  for (const Node* node : {a.get(), b.get(), c.get()}) {
    EXPECT_LE(node->health().stored_values, 20U);
    EXPECT_EQ(node->health().faults, 0U);
  }
  static_cast<void>(std::fputs("x\n", dhtnode));
  EXPECT_EQ(pclose(dhtnode), 0) << "it was disturbed";
}

TEST_F(NodeTest, AnAddressInUseIsSaid) {
  const auto a = Start(Options("127.0.0.1", {}));
  NodeOptions options = Options("127.0.0.1", {});
  options.bind4 = a->Bound(false);
  const auto b = Node::Start(options, clock_);
  ASSERT_FALSE(b);
  EXPECT_EQ(b.error().code, Code::kUnavailable);
  options.bind4.reset();
  EXPECT_EQ(Node::Start(options, clock_).error().code, Code::kInvalidArgument);
  options = Options("127.0.0.1", {});
  options.engine.rules.clear();
  EXPECT_EQ(Node::Start(options, clock_).error().code, Code::kInvalidArgument);
}

}  // namespace
}  // namespace commresolve::dht
