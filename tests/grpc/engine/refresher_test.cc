// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "grpc/engine/refresher.h"

#include <gtest/gtest.h>

#include "tests/grpc/engine/engine_world.h"

namespace commresolve::daemon {
namespace {

using fakes::EngineWorld;
using fakes::Eventually;
using fakes::MakeCertificate;
using fakes::TlsServer;

TEST(RefresherTest, AProofIsRenewedBeforeItIsTooOld) {
  EngineWorld world;
  const TlsServer server(MakeCertificate({.names = {"fresh.example"}}));
  world.ObserveAndBind(server, "fresh");
  Refresher refresher(world.engine(), 2);
  const int64_t max_age = world.engine().config()->resolver.max_age;
  for (uint64_t round = 1; round <= 3; ++round) {
    world.clock().Advance(max_age * 85 / 100);
    EXPECT_TRUE(Eventually([&] { return refresher.counts().proved >= round; })) << round;
    EXPECT_TRUE(world.Resolve("fresh", Prove::kNever).answer) << round;
  }
}

TEST(RefresherTest, AServerThatIsAwayIsTriedAgain) {
  EngineWorld world;
  auto certificate = MakeCertificate({.names = {"away.example"}});
  auto server = std::make_unique<TlsServer>(certificate);
  world.ObserveAndBind(*server, "away");
  server->Present(MakeCertificate({.names = {"other.example"}}));
  world.clock().Advance(world.engine().config()->resolver.max_age);
  Refresher refresher(world.engine(), 2);
  EXPECT_TRUE(Eventually([&] { return refresher.counts().failed >= 1; }));
  EXPECT_FALSE(world.Resolve("away", Prove::kNever).answer);
  server->Present(certificate);
  world.clock().Advance(10);
  EXPECT_TRUE(Eventually([&] { return refresher.counts().proved >= 1; }));
  EXPECT_TRUE(world.Resolve("away", Prove::kNever).answer);
}

TEST(RefresherTest, AClockThatIsSetBackIsNoticed) {
  EngineWorld world;
  const TlsServer server(MakeCertificate({.names = {"back.example"}}));
  world.clock().Advance(86'400);
  world.ObserveAndBind(server, "back");
  Refresher refresher(world.engine(), 2);
  const int64_t max_age = world.engine().config()->resolver.max_age;
  world.clock().Advance(max_age);
  EXPECT_TRUE(Eventually([&] { return refresher.counts().proved == 1; }));
  world.clock().Advance(-86'400);
  EXPECT_FALSE(world.Resolve("back", Prove::kNever).answer);
  EXPECT_TRUE(Eventually([&] { return refresher.counts().proved == 2; }));
  EXPECT_TRUE(world.Resolve("back", Prove::kNever).answer);
}

TEST(RefresherTest, ANameBoundLaterIsTakenUpAndOneUnboundIsLeft) {
  EngineWorld world;
  Refresher refresher(world.engine(), 2);
  const TlsServer server(MakeCertificate({.names = {"later.example"}}));
  world.ObserveAndBind(server, "later");
  world.clock().Advance(world.engine().config()->resolver.max_age);
  refresher.Wake();
  EXPECT_TRUE(Eventually([&] { return refresher.counts().proved >= 1; }));
  const auto watcher = world.engine().events().Watch("later");
  ASSERT_TRUE(world.engine().Unbind(*KeywordSet::FromText("later")).ok());
  refresher.Wake();
  const auto event = watcher->Next(std::chrono::seconds(30));
  ASSERT_TRUE(event);
  EXPECT_TRUE(event->unbound);
}

TEST(RefresherTest, ANameUnboundWhileItsTurnComesIsNotBoundAgain) {
  EngineWorld world;
  Config config = world.MakeConfig();
  config.resolver.first_use = FirstUseMode::kAcceptNew;
  ASSERT_TRUE(world.engine().Reload(config).ok());
  const TlsServer server(world.ca().Issue({.names = {"gone.example"}}));
  world.Observe(server);
  ASSERT_TRUE(world.Resolve("gone").answer) << "binds by itself";
  const auto words = *KeywordSet::FromText("gone");
  Refresher refresher(world.engine(), 2);
  world.clock().Advance(config.resolver.max_age);
  ASSERT_TRUE(Eventually([&] { return refresher.counts().proved == 1; }));
  const auto watcher = world.engine().events().Watch("gone");
  // The planner looks at the time after it has read the bindings.
  world.clock().BeforeNextLook([&] {
    EXPECT_TRUE(world.engine().Unbind(words).ok());
    world.clock().Advance(config.resolver.max_age);
  });
  const auto event = watcher->Next(std::chrono::seconds(30));
  ASSERT_TRUE(event);
  EXPECT_TRUE(event->unbound);
  EXPECT_TRUE((*world.engine().known_certs())->bindings().empty());
}

}  // namespace
}  // namespace commresolve::daemon
