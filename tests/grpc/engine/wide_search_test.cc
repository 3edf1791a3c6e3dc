// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Tests of WideSearch with index servers that say what a test wants.

#include "grpc/engine/wide_search.h"

#include <gtest/gtest.h>

#include <atomic>

#include "tests/grpc/engine/engine_world.h"

namespace commresolve::daemon {
namespace {

using fakes::EngineWorld;
using fakes::Eventually;
using fakes::TlsServer;

/// Says what `answers` holds, and remembers what it was asked.
class ToldServers final : public IndexServers {
 public:
  std::vector<IndexServerAnswer> Ask(const std::string& query, size_t count, Deadline deadline,
                                     const std::function<void()>& meanwhile) override {
    ++asked;
    last_query = query;
    last_count = count;
    patience = deadline - std::chrono::steady_clock::now();
    meanwhile();
    return answers;
  }
  void End() override {}
  std::vector<IndexServerAnswer> answers;
  int asked = 0;
  std::string last_query;
  size_t last_count = 0;
  std::chrono::steady_clock::duration patience{};
};

index::SearchRow RowOf(const KeyId& key, const std::string& name) {
  index::SearchRow row;
  row.best.certificate.key = key;
  row.best.certificate.names = {name};
  row.keys = {key};
  row.score = 1;
  return row;
}

KeyId Key(uint8_t number) {
  KeyId key;
  key.bytes[0] = number;
  return key;
}

class WideSearchTest : public testing::Test {
 protected:
  WideSearchTest() {
    auto servers = std::make_unique<ToldServers>();
    servers_ = servers.get();
    wide_ = std::make_unique<WideSearch>(world_.engine(), std::move(servers));
  }
  void Tell(const std::string& server, std::vector<index::SearchRow> rows) {
    index::SearchRows found;
    found.estimated_total = rows.size();
    found.rows = std::move(rows);
    servers_->answers.push_back({server, std::move(found)});
  }
  Result<RankedRows> Search(const std::string& query, Deadline deadline = Deadline::max()) {
    return wide_->Search(query, 0, 10, deadline);
  }

  EngineWorld world_;
  ToldServers* servers_ = nullptr;
  std::unique_ptr<WideSearch> wide_;
};

TEST_F(WideSearchTest, AnEmptyIndexHereIsNoFailure) {
  Tell("north", {RowOf(Key(1), "wiki.example")});
  servers_->answers.push_back({"south", Error{Code::kUnavailable, "connection refused"}});
  const auto ranked = Search("wiki");
  ASSERT_TRUE(ranked.ok()) << ranked.error().message;
  ASSERT_EQ(ranked->found.rows.size(), 1U);
  EXPECT_EQ(ranked->found.rows[0].index_server, "north");
  EXPECT_EQ(ranked->standings[0].tier, Tier::kClaimed);
  ASSERT_EQ(ranked->missing.size(), 1U);
  EXPECT_EQ(ranked->missing[0].index_server, "south");
  EXPECT_EQ(ranked->missing[0].error.message, "connection refused");
}

TEST_F(WideSearchTest, WhatIsHeldHereIsShownFromHere) {
  const TlsServer tls(world_.ca().Issue({.names = {"wiki.example"}}));
  world_.ObserveAndBind(tls, "wiki");
  const auto own = [&] { return world_.engine().Search("wiki", 0, 10, Deadline::max()); };
  ASSERT_TRUE(Eventually([&] { return own().ok() && own()->found.rows.size() == 1; }));
  const KeyId key = own()->found.rows[0].best.key();
  Tell("north", {RowOf(key, "forged.example"), RowOf(Key(1), "wiki.other")});
  const auto ranked = Search("wiki");
  ASSERT_TRUE(ranked.ok());
  ASSERT_EQ(ranked->found.rows.size(), 2U);
  EXPECT_EQ(ranked->found.rows[0].index_server, "");
  EXPECT_EQ(ranked->standings[0].tier, Tier::kPinned);
  EXPECT_EQ(ranked->found.rows[1].best.key(), Key(1));
}

TEST_F(WideSearchTest, ATierIsNeverTakenFromAServerNorGivenToItsNames) {
  const TlsServer tls(world_.ca().Issue({.names = {"wiki.example"}}));
  world_.ObserveAndBind(tls, "wiki");
  const KeyId key = *DigestFromBytes<KeyId>(
      world_.engine().known_certs().value()->bindings()[0].accepted[0].view());
  index::SearchRow forged = RowOf(key, "bank.example");
  SeenEndpoint seen;
  seen.proved_at = world_.clock().Now();
  forged.best.endpoints = {seen};
  Tell("liar", {forged});
  const auto ranked = Search("bank");
  ASSERT_TRUE(ranked.ok());
  ASSERT_EQ(ranked->found.rows.size(), 1U);
  EXPECT_EQ(ranked->standings[0].tier, Tier::kClaimed);
  EXPECT_TRUE(ranked->standings[0].bindings.empty());
}

TEST_F(WideSearchTest, ARevokedKeyIsTold) {
  ASSERT_TRUE(world_.engine().Revoke(Key(1), "stolen", false).ok());
  Tell("north", {RowOf(Key(1), "wiki.example")});
  const auto ranked = Search("wiki");
  ASSERT_TRUE(ranked.ok());
  EXPECT_TRUE(ranked->standings.at(0).revoked);
}

TEST_F(WideSearchTest, AQueryThatCannotBeReadIsToldToNobody) {
  const auto ranked = Search("port:x");
  ASSERT_FALSE(ranked.ok());
  EXPECT_EQ(ranked.error().code, Code::kInvalidArgument);
  EXPECT_EQ(servers_->asked, 0);
}

TEST_F(WideSearchTest, ServersAreAskedForTheFirstRowsAndNotForLong) {
  const auto soon = std::chrono::steady_clock::now() + std::chrono::milliseconds(500);
  ASSERT_TRUE(wide_->Search("wiki key:abcd", 30, 20, soon).ok());
  EXPECT_EQ(servers_->last_query, "wiki key:abcd");
  EXPECT_EQ(servers_->last_count, 50U);
  EXPECT_LE(servers_->patience, std::chrono::milliseconds(450));
  ASSERT_TRUE(wide_->Search("wiki", 10'000, 1'000, Deadline::max()).ok());
  EXPECT_EQ(servers_->last_count, kMaxRowsOfServer);
  EXPECT_LE(servers_->patience, std::chrono::seconds(1));
  EXPECT_GT(servers_->patience, std::chrono::milliseconds(700));
}

}  // namespace
}  // namespace commresolve::daemon
