// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Setting up an engine.

#include "tests/grpc/engine/engine_world.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <thread>

namespace commresolve::fakes {

bool Eventually(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return true;
}

UnixTime SharedClock::Now() const {
  std::function<void()> action;
  {
    const std::scoped_lock guard(lock_);
    action.swap(action_);
  }
  if (action) action();
  return SystemClock().Now() + ahead_;
}

void SharedClock::BeforeNextLook(std::function<void()> action) {
  const std::scoped_lock guard(lock_);
  action_ = std::move(action);
}

EngineWorld::EngineWorld() {
  std::string pattern = testing::TempDir() + "engine_test.XXXXXX";
  folder_ = ::mkdtemp(pattern.data());
  std::ofstream(folder_ + "/roots.pem") << ca_.Pem();
  auto engine = daemon::Engine::Open(MakeConfig(), clock_);
  if (!engine.ok()) {
    std::cerr << "test set-up: " << engine.error().message << '\n';
    std::abort();
  }
  engine_ = std::move(*engine);
}

EngineWorld::~EngineWorld() {
  engine_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

Config EngineWorld::MakeConfig() const {
  Config config;
  config.data_folder = folder_ + "/data";
  config.ca_file = folder_ + "/roots.pem";
  config.resolver.dns_hints = false;
  return config;
}

void EngineWorld::Observe(const TlsServer& server) {
  const auto target =
      index::ParseObserveTarget("127.0.0.1:" + std::to_string(server.port()), Protocol::kTls);
  ASSERT_TRUE(target.ok());
  size_t seen = 0;
  const Status status =
      engine_->Observe({.targets = {*target}}, nullptr,
                       [&seen](const index::ObserveReport& report, const auto& /*broken*/) {
                         seen += report.seen.ok();
                       });
  ASSERT_TRUE(status.ok()) << status.error().message;
  ASSERT_EQ(seen, 1U);
}

void EngineWorld::ObserveAndBind(const TlsServer& server, const std::string& words) {
  Observe(server);
  const EndpointVerdict verdict = engine_->VerifyServer(
      "127.0.0.1:" + std::to_string(server.port()), Protocol::kTls, daemon::Deadline::max());
  ASSERT_TRUE(verdict.shown) << verdict.failure->message;
  const auto bound = engine_->Bind({*KeywordSet::FromText(words), verdict.shown->key});
  ASSERT_TRUE(bound.ok()) << bound.error().message;
}

Resolution EngineWorld::Resolve(const std::string& name, Prove prove, daemon::Deadline deadline) {
  return engine_->Resolve(
      {.name = *ParseTypedName(name, "cert.alt"), .prove = prove, .protocol = {}}, deadline);
}

}  // namespace commresolve::fakes
