// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Attacks that once worked: by imported files, by names, and by servers at captured addresses.

#include <gtest/gtest.h>

#include "index/recorder.h"
#include "resolver/verify_endpoint.h"
#include "tests/resolver/world.h"

namespace commresolve {
namespace {

using fakes::MakeCertificate;
using fakes::TestCertificate;
using fakes::TlsServer;
using fakes::World;

constexpr const char* kHost = "bugs.debian.example";
constexpr const char* kWords = "bugs debian";
constexpr int64_t kDay = 86'400;

class AttackTest : public testing::Test {
 protected:
  World world_;

  /// As a file would say it.
  void Import(const std::vector<std::string>& chain, const std::optional<Endpoint>& endpoint,
              UnixTime time) {
    index::Recorder recorder(world_.store());
    ASSERT_TRUE(recorder.Add({chain, endpoint, time, "import", false, "test"}).ok());
    ASSERT_TRUE(recorder.Finish({}).ok());
  }
  EndpointVerdict Verify(const TlsServer& server, const std::string& host) {
    const ResolverParts parts{&world_.clock(), &world_.known_certs(),
                              &world_.store(), &world_.store(),
                              nullptr,         &world_.prober()};
    return VerifyEndpoint(world_.settings(), parts, {server.endpoint(host)}, host);
  }
  static std::string RefusalOf(const Resolution& resolution) {
    return resolution.refusal ? CodeName(resolution.refusal->code) : "answered";
  }
};

TEST_F(AttackTest, AnotherBoundKeyAtThePlaceIsNoMatch) {
  const TestCertificate debian = world_.ca().Issue({.names = {kHost}});
  const TestCertificate evil = MakeCertificate({.names = {"shop.evil.example"}});
  TlsServer server(debian);
  world_.Observe(server, kHost);
  world_.Bind(kWords, debian.key_id());
  EXPECT_EQ(Verify(server, kHost).verdict, Verdict::kMatch);
  const TlsServer shop(evil);
  world_.Observe(shop, "shop.evil.example");
  world_.Bind("evil shop", evil.key_id());
  server.Present(evil);
  for (const std::string host : {kHost, "", kHost}) {
    const EndpointVerdict verdict = Verify(server, host);
    EXPECT_EQ(verdict.verdict, Verdict::kChanged) << "'" << host << "'";
    ASSERT_EQ(verdict.bindings.size(), 1U);
    EXPECT_EQ(verdict.bindings[0].words->ToString(), kWords);
  }
  EXPECT_EQ(Verify(shop, "").verdict, Verdict::kMatch);
}

TEST_F(AttackTest, AMoveOfTheServerIsNoChange) {
  const TestCertificate debian = MakeCertificate({.names = {kHost}});
  const TestCertificate tenant = MakeCertificate({.names = {"tenant.example"}});
  TlsServer old_place(debian);
  world_.Observe(old_place, "");
  world_.Bind(kWords, debian.key_id());
  world_.clock().Advance(kDay);
  const TlsServer new_place(debian);
  ASSERT_TRUE(world_.MakeResolver()
                  .Bind(*KeywordSet::FromText("tenant"), tenant.key_id(), Tier::kPinned, false,
                        "tenant.example", "test")
                  .ok());
  EXPECT_EQ(Verify(new_place, "").verdict, Verdict::kMatch);
  old_place.Present(tenant);
  EXPECT_EQ(Verify(old_place, "").verdict, Verdict::kMatch);
}

TEST_F(AttackTest, AChainThatWasValidLongAgoBindsNothing) {
  const UnixTime now = world_.clock().Now();
  // The intermediate has expired; a file says that all was well when it had not.
  const auto bank = world_.ca()
                        .Intermediate("Old CA", now - 500 * kDay)
                        .Issue({.names = {"bank.example"}, .not_before = now - 1000 * kDay});
  const TlsServer server(bank);
  Import(bank.Chain(), server.endpoint("bank.example"), now - 800 * kDay);
  world_.settings().first_use = FirstUseMode::kAcceptNew;
  EXPECT_EQ(RefusalOf(world_.Resolve("bank")), "untrusted");
  EXPECT_TRUE(world_.Known().bindings().empty());
}

TEST_F(AttackTest, ARootThatWasTakenAwayBindsNothing) {
  const TestCertificate bank = world_.ca().Issue({.names = {"bank.example"}});
  const TlsServer server(bank);
  world_.Observe(server, "bank.example");
  world_.settings().first_use = FirstUseMode::kAcceptNew;
  world_.TrustNobody();
  EXPECT_EQ(RefusalOf(world_.Resolve("bank")), "untrusted");
  EXPECT_TRUE(world_.Known().bindings().empty());
}

TEST_F(AttackTest, WhoProvedLastAtAPlaceHoldsIt) {
  const TestCertificate honest = world_.ca().Issue({.names = {kHost}});
  TlsServer server(honest);
  world_.Observe(server, kHost);
  world_.Bind(kWords, honest.key_id());
  ASSERT_EQ(RefusalOf(world_.Resolve(kWords, Prove::kNever)), "answered");
  world_.clock().Advance(1);
  server.Present(MakeCertificate({.names = {kHost}}));
  world_.Observe(server, kHost);
  EXPECT_EQ(RefusalOf(world_.Resolve(kWords, Prove::kNever)), "unavailable");
  // No file gives it back, whatever time it names.
  Import(honest.Chain(), server.endpoint(kHost), world_.clock().Now() + 1);
  EXPECT_EQ(RefusalOf(world_.Resolve(kWords, Prove::kNever)), "unavailable");
  EXPECT_EQ(RefusalOf(world_.Resolve(kWords, Prove::kMaxAge)), "untrusted");
  server.Present(honest);
  EXPECT_EQ(RefusalOf(world_.Resolve(kWords, Prove::kMaxAge)), "answered");
  EXPECT_EQ(RefusalOf(world_.Resolve(kWords, Prove::kNever)), "answered");
}

TEST_F(AttackTest, ImportedEndpointsDoNotPushOutProvedOnes) {
  const TestCertificate honest = MakeCertificate({.names = {kHost}});
  const TlsServer server(honest);
  world_.Observe(server, kHost);
  world_.Bind(kWords, honest.key_id());
  for (int i = 1; i <= 200; ++i) {
    const IpAddress ip = *IpAddress::Parse("127.9.9." + std::to_string(i));
    Import(honest.Chain(), Endpoint{ip, 9, Protocol::kTls, kHost}, world_.clock().Now() + kDay);
  }
  world_.clock().Advance(world_.settings().max_age + 1);
  const Resolution resolution = world_.Resolve(kWords);
  ASSERT_TRUE(resolution.answer) << resolution.refusal->message;
  EXPECT_EQ(resolution.answer->endpoint.port, server.port());
}

TEST_F(AttackTest, AForgedCertificateDoesNotReplaceTheOneThatWasShown) {
  const TestCertificate honest = MakeCertificate({.names = {kHost}});
  const TlsServer server(honest);
  world_.Observe(server, kHost);
  // Anybody can make one around a public key; nobody but its owner can show it.
  const TestCertificate forged =
      fakes::TestCa("Mallory").Issue({.names = {"login.evil.example"},
                                      .not_before = world_.clock().Now() + kDay,
                                      .key = honest.key});
  world_.Import({forged});
  const auto candidate = *world_.store().FindKey(honest.key_id());
  EXPECT_EQ(candidate->certificate.names, std::vector<std::string>{kHost});
}

/// Changes the binding when a given endpoint is asked for the second time.
class MeddlingTransport final : public Transport {
 public:
  MeddlingTransport(Transport& real, std::function<void()> meddle)
      : real_(real), meddle_(std::move(meddle)) {}
  RaceResult Race(const std::vector<Endpoint>& endpoints, const ProbeOptions& options,
                  const AcceptHandshake& accept) override {
    if (++races_ == 2) meddle_();
    return real_.Race(endpoints, options, accept);
  }

 private:
  Transport& real_;
  std::function<void()> meddle_;
  int races_ = 0;
};

TEST_F(AttackTest, ARenewalDoesNotLandInABindingThatWasReplacedMeanwhile) {
  const TestCertificate old = world_.IssueOld({kHost});
  TlsServer server(old);
  world_.Observe(server, kHost);
  world_.Bind(kWords, old.key_id());
  server.Present(world_.ca().Issue({.names = {kHost}, .scts = true}));
  const TestCertificate mine = MakeCertificate({.names = {kHost}});
  world_.Import({mine});
  MeddlingTransport transport(world_.prober(), [&] { world_.Bind(kWords, mine.key_id(), true); });
  Resolver resolver(world_.settings(), {&world_.clock(), &world_.known_certs(), &world_.store(),
                                        &world_.store(), nullptr, &transport});
  const Resolution resolution = resolver.Resolve(
      {.name = *KeywordSet::FromText(kWords), .prove = Prove::kAlways, .protocol = {}});
  EXPECT_EQ(RefusalOf(resolution), "untrusted");
  EXPECT_EQ(world_.Known().Find(*KeywordSet::FromText(kWords))->accepted,
            std::vector<KeyId>{mine.key_id()});
}

}  // namespace
}  // namespace commresolve
