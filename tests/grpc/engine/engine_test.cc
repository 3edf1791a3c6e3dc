// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "grpc/engine/engine.h"

#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "tests/grpc/engine/engine_world.h"

namespace commresolve::daemon {
namespace {

using fakes::EngineWorld;
using fakes::Eventually;
using fakes::MakeCertificate;
using fakes::TlsServer;

class EngineTest : public testing::Test {
 protected:
  EngineWorld world_;
};

TEST_F(EngineTest, OneDaemonHasTheData) {
  const auto second = Engine::Open(world_.MakeConfig(), world_.clock());
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, Code::kBusy);
}

TEST_F(EngineTest, ManyThreadsGetTheSameAnswer) {
  const TlsServer server(MakeCertificate({.names = {"bugs.debian.example"}}));
  world_.ObserveAndBind(server, "debian bugs");
  const uint64_t before = server.counts().connections;
  std::atomic<int> answered{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 24; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 20; ++j)
        answered += world_.Resolve("debian-bugs.cert.alt").answer ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(answered, 24 * 20);
  EXPECT_EQ(server.counts().connections, before) << "answered from the proof on record";
}

TEST_F(EngineTest, WhatIsOnRecordDoesNotWaitForTheNetwork) {
  const TlsServer server(MakeCertificate({.names = {"quick.example"}}));
  const TlsServer silent(MakeCertificate({.names = {"silent.example"}}));
  world_.ObserveAndBind(server, "quick");
  world_.ObserveAndBind(silent, "silent");
  // More slow questions than there are workers for the network.
  std::vector<std::thread> slow;
  for (int i = 0; i < 100; ++i) {
    slow.emplace_back([&] { world_.Resolve("silent", Prove::kAlways); });
  }
  EXPECT_TRUE(world_
                  .Resolve("quick", Prove::kMaxAge,
                           std::chrono::steady_clock::now() + std::chrono::seconds(20))
                  .answer);
  for (std::thread& thread : slow) thread.join();
}

TEST_F(EngineTest, TheDeadlineOfTheCallerHolds) {
  const TlsServer server(MakeCertificate({.names = {"late.example"}}));
  world_.ObserveAndBind(server, "late");
  const Resolution resolution =
      world_.Resolve("late", Prove::kAlways, std::chrono::steady_clock::now());
  ASSERT_TRUE(resolution.refusal);
}

TEST_F(EngineTest, WhatWasObservedCanBeSearchedAtOnce) {
  const TlsServer server(MakeCertificate({.names = {"garden.river.example"}}));
  world_.Observe(server);
  const auto ranked = world_.engine().Search("river garden", 0, 10, Deadline::max());
  ASSERT_TRUE(ranked.ok()) << ranked.error().message;
  ASSERT_EQ(ranked->found.rows.size(), 1U);
  ASSERT_EQ(ranked->standings.size(), 1U);
  EXPECT_EQ(ranked->standings[0].tier, Tier::kProven);
}

TEST_F(EngineTest, AnImportIsIndexedByTheKeeper) {
  const auto certificate = MakeCertificate({.names = {"imported.example"}});
  std::ofstream(world_.folder() + "/one.pem") << certificate.Pem();
  index::ImportSummary summary;
  ASSERT_TRUE(world_.engine().Import({world_.folder() + "/one.pem"}, {}, summary).ok());
  EXPECT_EQ(summary.fresh, 1U);
  EXPECT_TRUE(Eventually([&] {
    const auto found = world_.engine().Search("imported", 0, 10, Deadline::max());
    return found.ok() && found->found.rows.size() == 1;
  }));
}

TEST_F(EngineTest, AChangedKeyIsToldToWatchersOnce) {
  TlsServer server(MakeCertificate({.names = {"watch.example"}}));
  world_.ObserveAndBind(server, "watch");
  const auto watcher = world_.engine().events().Watch("");
  ASSERT_TRUE(world_.Resolve("watch", Prove::kAlways).answer);
  EXPECT_EQ(watcher->Next(std::chrono::seconds(10))->verdict, Verdict::kMatch);
  server.Present(MakeCertificate({.names = {"watch.example"}}));
  world_.Resolve("watch", Prove::kAlways);
  world_.Resolve("watch", Prove::kAlways);
  const auto changed = watcher->Next(std::chrono::seconds(10));
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->verdict, Verdict::kChanged);
  EXPECT_EQ(changed->changes.size(), 1U);
  EXPECT_FALSE(watcher->Next(std::chrono::milliseconds(0)));
}

TEST_F(EngineTest, AWordThatNobodyBoundIsToldToNobody) {
  const TlsServer server(MakeCertificate({.names = {"secret.example"}}));
  world_.Observe(server);
  const auto watcher = world_.engine().events().Watch("");
  world_.Resolve("secret", Prove::kAlways);
  EXPECT_FALSE(watcher->Next(std::chrono::milliseconds(0)));
}

TEST_F(EngineTest, SettingsAreTakenUpButNotAnotherFolder) {
  Config config = world_.MakeConfig();
  config.resolver.max_age = 77;
  ASSERT_TRUE(world_.engine().Reload(config).ok());
  EXPECT_EQ(world_.engine().config()->resolver.max_age, 77);
  config.data_folder = "/elsewhere";
  EXPECT_EQ(world_.engine().Reload(config).error().code, Code::kInvalidArgument);
  EXPECT_EQ(world_.engine().config()->resolver.max_age, 77);
}

TEST_F(EngineTest, ChangesOfBindingsAreTold) {
  const TlsServer server(MakeCertificate({.names = {"told.example"}}));
  std::atomic<int> changes{0};
  world_.engine().OnChange([&changes] { ++changes; });
  world_.ObserveAndBind(server, "told");
  const int bound = changes;
  EXPECT_GT(bound, 0);
  ASSERT_TRUE(world_.engine().Unbind(*KeywordSet::FromText("told")).ok());
  EXPECT_EQ(changes, bound + 1);
  EXPECT_EQ(world_.engine().Unbind(*KeywordSet::FromText("told")).error().code, Code::kNotFound);
  EXPECT_EQ(changes, bound + 1);
}

}  // namespace
}  // namespace commresolve::daemon
