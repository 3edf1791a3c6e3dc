// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Setting up a World.

#include "tests/resolver/world.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "index/recorder.h"

namespace commresolve::fakes {
namespace {

std::string TemporaryFolder() {
  char pattern[] = "/tmp/commresolve-world-XXXXXX";
  const char* folder = ::mkdtemp(pattern);
  if (folder == nullptr) std::abort();
  return folder;
}

template <class T>
T Need(Result<T> result) {
  if (!result.ok()) {
    std::cerr << "test set-up: " << result.error().message << '\n';
    std::abort();
  }
  return std::move(result).value();
}

void Need(const Status& status) {
  if (status.ok()) return;
  std::cerr << "test set-up: " << status.error().message << '\n';
  std::abort();
}

}  // namespace

World::World()
    : folder_(TemporaryFolder()),
      ca_("Example Public CA"),
      clock_(SystemClock().Now()),
      known_certs_(folder_ + "/data/known_certs") {
  std::ofstream(folder_ + "/roots.pem") << ca_.Pem();
  store_ = Need(index::Store::Open(folder_ + "/data", folder_ + "/roots.pem"));
  prober_ = Need(Prober::Make(clock_));
  lookup_ = Need(MakeDnsLookup({dns_.server()}, settings_.suffix));
  settings_.probe.deadline = std::chrono::seconds(20);
}

World::~World() {
  store_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void World::Observe(const TlsServer& server, const std::string& server_name) {
  RaceResult race = prober_->Race({server.endpoint(server_name)}, settings_.probe,
                                  [](const Handshake&) { return true; });
  ASSERT_TRUE(race.winner) << race.losers.front().handshake.error().message;
  const Handshake& shake = race.winner->handshake;
  index::Recorder recorder(*store_);
  Need(recorder.Add({shake.chain, shake.endpoint, shake.time, "probe", true, "test"}));
  Need(recorder.Finish({}));
}

void World::Import(const std::vector<TestCertificate>& certificates) {
  index::Recorder recorder(*store_);
  for (const TestCertificate& certificate : certificates) {
    Need(recorder.Add({certificate.Chain(), std::nullopt, clock_.Now(), "import", false, "test"}));
  }
  Need(recorder.Finish({}));
}

void World::TrustNobody() {
  store_.reset();
  std::ofstream(folder_ + "/none.pem") << TestCa("Nobody").Pem();
  store_ = Need(index::Store::Open(folder_ + "/data", folder_ + "/none.pem"));
}

TestCertificate World::IssueOld(const std::vector<std::string>& names) const {
  constexpr int64_t kDay = 86'400;
  const UnixTime now = clock_.Now();
  return ca_.Issue(
      {.names = names, .not_before = now - 80 * kDay, .not_after = now + 10 * kDay, .scts = true});
}

Resolver World::MakeResolver() {
  return Resolver(settings_, {&clock_, &known_certs_, store_.get(), store_.get(), lookup_.get(),
                              prober_.get(), observers_, rollovers_});
}

Resolution World::Resolve(const std::string& name, Prove prove) {
  return MakeResolver().Resolve(
      {.name = Need(ParseTypedName(name, settings_.suffix)), .prove = prove, .protocol = {}});
}

Binding World::Bind(const std::string& words, const KeyId& key, bool critical) {
  return Need(MakeResolver().Bind(Need(KeywordSet::FromText(words)), key, Tier::kPinned, critical,
                                  "", "bound by the test"));
}

KnownCerts World::Known() const { return *Need(known_certs_.Load()); }

}  // namespace commresolve::fakes
