// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Tests of the main path over real sockets: what is bound answers, everything else is refused.

#include "resolver/resolver.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/resolver/world.h"

namespace commresolve {
namespace {

using fakes::CertificateOptions;
using fakes::MakeCertificate;
using fakes::TestCertificate;
using fakes::TlsServer;
using fakes::World;

constexpr const char* kHost = "bugs.debian.example";
constexpr const char* kWords = "bugs debian";

class ResolverTest : public testing::Test {
 protected:
  World world_;
  TestCertificate certificate_ = MakeCertificate({.names = {kHost}, .organization = "Debian"});
  TestCertificate public_ = world_.ca().Issue({.names = {kHost}, .organization = "Debian"});

  void ExpectAnswer(const Resolution& resolution, const TlsServer& server, const KeyId& key) {
    ASSERT_TRUE(resolution.answer) << resolution.refusal->message;
    EXPECT_FALSE(resolution.refusal);
    EXPECT_EQ(resolution.verdict, Verdict::kMatch);
    EXPECT_EQ(resolution.answer->endpoint.port, server.port());
    EXPECT_EQ(resolution.answer->key, key);
  }
  void ExpectRefusal(const Resolution& resolution, Verdict verdict, Code code) {
    ASSERT_TRUE(resolution.refusal);
    EXPECT_FALSE(resolution.answer);
    EXPECT_FALSE(resolution.connection);
    EXPECT_EQ(VerdictName(resolution.verdict), std::string(VerdictName(verdict)));
    EXPECT_EQ(CodeName(resolution.refusal->code), std::string(CodeName(code)))
        << resolution.refusal->message;
    EXPECT_FALSE(resolution.refusal->hint.empty());
    EXPECT_FALSE(resolution.would_change.empty());
  }
};

TEST_F(ResolverTest, BoundWordsGiveAProvedAddress) {
  const TlsServer server(public_);
  world_.Observe(server, kHost);
  world_.Bind(kWords, public_.key_id());
  const Resolution resolution = world_.Resolve("debian bugs", Prove::kAlways);
  ExpectAnswer(resolution, server, public_.key_id());
  EXPECT_TRUE(resolution.answer->fresh);
  EXPECT_EQ(resolution.answer->canonical_name, kHost);
  EXPECT_EQ(resolution.answer->tier, Tier::kPinned);
  EXPECT_EQ(server.counts().last_server_name, kHost);
}

TEST_F(ResolverTest, EveryFormOfTheNameMeansTheSame) {
  const TlsServer server(public_);
  world_.Observe(server, kHost);
  world_.Bind(kWords, public_.key_id());
  for (const std::string& name :
       {std::string("debian-bugs.cert.alt"), std::string("bugs-debian.cert.alt."),
        std::string("Debian  BUGS"), std::string(kHost), KeyText(public_.key_id()),
        NameOfKey(public_.key_id(), "cert.alt")}) {
    SCOPED_TRACE(name);
    ExpectAnswer(world_.Resolve(name), server, public_.key_id());
  }
}

TEST_F(ResolverTest, ASelfSignedCertificateNamesNobody) {
  const TlsServer server(certificate_);
  world_.Observe(server, kHost);
  EXPECT_EQ(world_.Bind(kWords, certificate_.key_id()).name, "");
  EXPECT_EQ(world_.Resolve(kWords).answer->canonical_name, "");
  ExpectRefusal(world_.Resolve(kHost), Verdict::kNew, Code::kNotFound);
  // Unless the user says so.
  ASSERT_TRUE(world_.MakeResolver()
                  .Bind(*KeywordSet::FromText(kWords), certificate_.key_id(), Tier::kPinned, false,
                        kHost, "test")
                  .ok());
  ExpectAnswer(world_.Resolve(kHost), server, certificate_.key_id());
}

TEST_F(ResolverTest, ABoundServerCannotClaimAName) {
  const fakes::TestKey key = fakes::MakeKey();
  TlsServer server(MakeCertificate({.names = {"shop.evil.example"}, .key = key}));
  world_.Observe(server, "shop.evil.example");
  const TestCertificate claim =
      MakeCertificate({.names = {"shop.evil.example", "bank.example"}, .key = key});
  world_.Bind("evil shop", claim.key_id());
  server.Present(claim);
  world_.Observe(server, "shop.evil.example");
  ExpectAnswer(world_.Resolve("evil shop", Prove::kAlways), server, claim.key_id());
  ExpectRefusal(world_.Resolve("bank.example"), Verdict::kNew, Code::kNotFound);
}

TEST_F(ResolverTest, ARenewalForAnotherNameOfTheCertificateIsNone) {
  const TestCertificate old = world_.IssueOld({"provider.example", "customer.example"});
  TlsServer server(old);
  world_.Observe(server, "provider.example");
  world_.Bind("provider", old.key_id());
  // The customer has the name, the same CA, and the provider's address.
  const TestCertificate other = world_.ca().Issue({.names = {"customer.example"}, .scts = true});
  server.Present(other);
  const std::string known = world_.Known().ToText();
  ExpectRefusal(world_.Resolve("customer.example", Prove::kAlways), Verdict::kChanged,
                Code::kUntrusted);
  ExpectRefusal(world_.Resolve("provider", Prove::kAlways), Verdict::kChanged, Code::kUntrusted);
  EXPECT_EQ(world_.Known().ToText(), known);
}

TEST_F(ResolverTest, OnlyTheWordsTakeARenewalAndWhyNever) {
  const TestCertificate old = world_.IssueOld({kHost});
  TlsServer server(old);
  world_.Observe(server, kHost);
  world_.Bind(kWords, old.key_id());
  const TestCertificate renewed = world_.ca().Issue({.names = {kHost}, .scts = true});
  server.Present(renewed);
  const std::string known = world_.Known().ToText();
  ExpectRefusal(world_.Resolve(kHost, Prove::kAlways), Verdict::kChanged, Code::kUntrusted);
  ResolveRequest why{
      .name = *KeywordSet::FromText(kWords), .prove = Prove::kAlways, .protocol = {}};
  why.may_bind = false;
  ExpectRefusal(world_.MakeResolver().Resolve(why), Verdict::kChanged, Code::kUntrusted);
  EXPECT_EQ(world_.Known().ToText(), known);
  const Resolution accepted = world_.Resolve(kWords, Prove::kAlways);
  ExpectAnswer(accepted, server, renewed.key_id());
  EXPECT_EQ(accepted.notices.size(), 1U);
  EXPECT_EQ(world_.Known().Find(*KeywordSet::FromText(kWords))->accepted.size(), 2U);
}

/// Has one view, and remembers what it was asked about.
class FixedObservers final : public ObserverSource {
 public:
  explicit FixedObservers(ObserverView view) : view_(view) {}
  ObserverView ViewOfChange(const Service& service, const std::vector<KeyId>& /*old_keys*/,
                            const KeyId& /*new_key*/, UnixTime /*now*/) override {
    asked = service;
    return view_;
  }
  std::optional<Service> asked;

 private:
  const ObserverView view_;
};

TEST_F(ResolverTest, WhatOnlyWeSeeIsHeldAlthoughItLooksLikeARenewal) {
  const TestCertificate old = world_.IssueOld({kHost});
  TlsServer server(old);
  world_.Observe(server, kHost);
  world_.Bind(kWords, old.key_id());
  server.Present(world_.ca().Issue({.names = {kHost}, .scts = true}));
  FixedObservers others(ObserverView::kOnlyOldKey);
  world_.SetObservers(&others);
  const std::string known = world_.Known().ToText();
  const Resolution held = world_.Resolve(kWords, Prove::kAlways);
  ExpectRefusal(held, Verdict::kHold, Code::kUntrusted);
  EXPECT_NE(held.refusal->message.find("only you see this"), std::string::npos)
      << held.refusal->message;
  ASSERT_TRUE(others.asked);
  EXPECT_EQ(others.asked->names, std::vector<std::string>{kHost});
  ASSERT_EQ(others.asked->endpoints.size(), 1U);
  EXPECT_EQ(others.asked->endpoints[0], server.endpoint(kHost));
  EXPECT_EQ(world_.Known().ToText(), known);

  FixedObservers nobody(ObserverView::kNobodyToAsk);
  world_.SetObservers(&nobody);
  EXPECT_TRUE(world_.Resolve(kWords, Prove::kAlways).answer);
}

/// Holds what owners said against what is asked, by the rule of resolver/trust/rollover.h.
class FixedRollovers final : public RolloverSource {
 public:
  bool MayFollow(const std::vector<KeyId>& old_keys, const KeyId& new_key, UnixTime first_seen,
                 UnixTime now) override {
    return commresolve::MayFollow(said, old_keys, new_key, first_seen, now);
  }
  std::vector<KnownRollover> said;
};

/// A bound server whose owner said two days ago that `next_` may follow.
class RolloverTest : public ResolverTest {
 protected:
  RolloverTest() : server_(certificate_) {
    world_.Observe(server_, kHost);
    world_.Bind(kWords, certificate_.key_id(), /*critical=*/true);
    Say(certificate_.key_id(), world_.clock().Now() - 2 * kDay);
    world_.SetRollovers(&rollovers_);
    server_.Present(next_);
  }
  void Say(const KeyId& old_key, UnixTime learned) {
    const UnixTime now = world_.clock().Now();
    rollovers_.said = {{old_key, next_.key_id(), now - 3 * kDay, now + 9 * kDay, learned}};
  }
  [[nodiscard]] size_t BoundKeys() const {
    return world_.Known().Find(*KeywordSet::FromText(kWords))->accepted.size();
  }

  static constexpr int64_t kDay = 86'400;
  TestCertificate next_ = MakeCertificate({.names = {kHost}});
  TlsServer server_;
  FixedRollovers rollovers_;
};

TEST_F(RolloverTest, AKeyThatTheOldOneAnnouncedIsAdded) {
  const Resolution accepted = world_.Resolve(kWords, Prove::kAlways);
  ExpectAnswer(accepted, server_, next_.key_id());
  ASSERT_EQ(accepted.changes.size(), 1U);
  EXPECT_STREQ(accepted.changes[0].outcome.row, "3");
  EXPECT_EQ(BoundKeys(), 2U);
  world_.SetRollovers(nullptr);
  ExpectAnswer(world_.Resolve(kWords, Prove::kAlways), server_, next_.key_id());
}

TEST_F(RolloverTest, WhatWasLearnedLessThanADayAgoDecidesNothing) {
  Say(certificate_.key_id(), world_.clock().Now() - kDay + 60);
  ExpectRefusal(world_.Resolve(kWords, Prove::kAlways), Verdict::kChanged, Code::kUntrusted);
  EXPECT_EQ(BoundKeys(), 1U);
  world_.clock().Advance(120);
  ExpectAnswer(world_.Resolve(kWords, Prove::kAlways), server_, next_.key_id());
}

TEST_F(RolloverTest, WhatWasLearnedAfterTheKeyWasSeenDecidesNothing) {
  rollovers_.said.clear();
  ExpectRefusal(world_.Resolve(kWords, Prove::kAlways), Verdict::kChanged, Code::kUntrusted);
  world_.clock().Advance(kDay);
  Say(certificate_.key_id(), world_.clock().Now());
  world_.clock().Advance(3 * kDay);
  ExpectRefusal(world_.Resolve(kWords, Prove::kAlways), Verdict::kChanged, Code::kUntrusted);
  EXPECT_EQ(BoundKeys(), 1U);
}

TEST_F(RolloverTest, ARejectedKeyStaysRejected) {
  ASSERT_TRUE(world_.known_certs()
                  .Edit([&](KnownCerts& known) -> Status {
                    auto binding = known.Find(*KeywordSet::FromText(kWords));
                    binding->rejected = {next_.key_id()};
                    return known.Put(*binding);
                  })
                  .ok());
  ExpectRefusal(world_.Resolve(kWords, Prove::kAlways), Verdict::kRevoked, Code::kUntrusted);
  EXPECT_EQ(BoundKeys(), 1U);
}

TEST_F(RolloverTest, OnlyAnAcceptedKeySpeaks) {
  Say(MakeCertificate({.names = {kHost}}).key_id(), world_.clock().Now() - 2 * kDay);
  ExpectRefusal(world_.Resolve(kWords, Prove::kAlways), Verdict::kChanged, Code::kUntrusted);
  EXPECT_EQ(BoundKeys(), 1U);
}

TEST_F(RolloverTest, ARejectedKeySpeaksNoLonger) {
  const TestCertificate other = MakeCertificate({.names = {kHost}});
  ASSERT_TRUE(world_.known_certs()
                  .Edit([&](KnownCerts& known) -> Status {
                    auto binding = known.Find(*KeywordSet::FromText(kWords));
                    binding->accepted = {certificate_.key_id(), other.key_id()};
                    binding->rejected = {certificate_.key_id()};
                    return known.Put(*binding);
                  })
                  .ok());
  EXPECT_FALSE(world_.Resolve(kWords, Prove::kAlways).answer);
  EXPECT_EQ(BoundKeys(), 2U);
}

TEST_F(ResolverTest, YoungProofAnswersWithoutAHandshake) {
  const TlsServer server(certificate_);
  world_.Observe(server, kHost);
  world_.Bind(kWords, certificate_.key_id());
  const uint64_t before = server.counts().connections;
  for (const Prove prove : {Prove::kMaxAge, Prove::kNever}) {
    const Resolution resolution = world_.Resolve(kWords, prove);
    ExpectAnswer(resolution, server, certificate_.key_id());
    EXPECT_FALSE(resolution.answer->fresh);
  }
  EXPECT_EQ(server.counts().connections, before);
}

TEST_F(ResolverTest, OldProofIsNoProof) {
  const TlsServer server(certificate_);
  world_.Observe(server, kHost);
  world_.Bind(kWords, certificate_.key_id());
  world_.clock().Advance(world_.settings().max_age + 1);
  ExpectRefusal(world_.Resolve(kWords, Prove::kNever), Verdict::kNew, Code::kUnavailable);
  const Resolution again = world_.Resolve(kWords, Prove::kMaxAge);
  ExpectAnswer(again, server, certificate_.key_id());
  EXPECT_TRUE(again.answer->fresh);
}

TEST_F(ResolverTest, ProofFromTheFutureIsNoProof) {
  const TlsServer server(certificate_);
  world_.Observe(server, kHost);
  world_.Bind(kWords, certificate_.key_id());
  world_.clock().Advance(-3600);
  ExpectRefusal(world_.Resolve(kWords, Prove::kNever), Verdict::kNew, Code::kUnavailable);
}

TEST_F(ResolverTest, ChangedKeyIsRefusedAndTheBindingStays) {
  TlsServer server(certificate_);
  world_.Observe(server, kHost);
  world_.Bind(kWords, certificate_.key_id());
  const TestCertificate other = MakeCertificate({.names = {kHost}});
  server.Present(other);
  const std::string known = world_.Known().ToText();
  const Resolution refused = world_.Resolve(kWords, Prove::kAlways);
  ExpectRefusal(refused, Verdict::kChanged, Code::kUntrusted);
  ASSERT_EQ(refused.changes.size(), 1U);
  EXPECT_EQ(refused.changes[0].certificate.key, other.key_id());
  EXPECT_EQ(world_.Known().ToText(), known);
  EXPECT_EQ(server.counts().bytes, 0U);
  // The old proof is void now that another key has answered there.
  ExpectRefusal(world_.Resolve(kWords, Prove::kNever), Verdict::kNew, Code::kUnavailable);
  // Asked again it says the same, and the old key is welcome back.
  ExpectRefusal(world_.Resolve(kWords, Prove::kMaxAge), Verdict::kChanged, Code::kUntrusted);
  server.Present(certificate_);
  ExpectAnswer(world_.Resolve(kWords, Prove::kAlways), server, certificate_.key_id());
}

TEST_F(ResolverTest, SameKeyInANewCertificateMatches) {
  TlsServer server(certificate_);
  world_.Observe(server, kHost);
  world_.Bind(kWords, certificate_.key_id());
  server.Present(MakeCertificate({.names = {"else.example"}, .key = certificate_.key}));
  ExpectAnswer(world_.Resolve(kWords, Prove::kAlways), server, certificate_.key_id());
}

TEST_F(ResolverTest, DnsLeadsToTheNewAddressButOnlyTheKeyOpensIt) {
  auto first = std::make_unique<TlsServer>(certificate_);
  const uint16_t port = first->port();
  world_.Observe(*first, kHost);
  world_.Bind(kWords, certificate_.key_id());
  first.reset();
  const TlsServer moved(certificate_, {.addresses = {"127.0.0.9"}, .port = port});
  world_.dns().AddAddress(kHost, IpAddress::Parse("127.0.0.9").value());
  ExpectAnswer(world_.Resolve(kWords, Prove::kAlways), moved, certificate_.key_id());
}

TEST_F(ResolverTest, DnsCannotLeadAstray) {
  auto honest = std::make_unique<TlsServer>(certificate_);
  const uint16_t port = honest->port();
  world_.Observe(*honest, kHost);
  world_.Bind(kWords, certificate_.key_id());
  honest.reset();
  world_.dns().AddAddress(kHost, IpAddress::Parse("127.0.0.66").value());
  TlsServer attacker(MakeCertificate({.names = {kHost}}),
                     {.addresses = {"127.0.0.66"}, .port = port});
  ExpectRefusal(world_.Resolve(kWords, Prove::kAlways), Verdict::kChanged, Code::kUntrusted);
  attacker.Present(Borrow(certificate_));
  ExpectRefusal(world_.Resolve(kWords, Prove::kAlways), Verdict::kNew, Code::kUnavailable);
  EXPECT_EQ(attacker.counts().bytes, 0U);
}

TEST_F(ResolverTest, NoDnsQuestionIfTheRecordedAddressProves) {
  const TlsServer server(certificate_);
  world_.Observe(server, kHost);
  world_.Bind(kWords, certificate_.key_id());
  ExpectAnswer(world_.Resolve(kWords, Prove::kAlways), server, certificate_.key_id());
  EXPECT_EQ(world_.dns().queries(), 0U);
}

TEST_F(ResolverTest, UnboundWordsAreNotAnsweredByDefault) {
  const TlsServer server(certificate_);
  world_.Observe(server, kHost);
  const Resolution refused = world_.Resolve(kWords);
  ExpectRefusal(refused, Verdict::kNew, Code::kUntrusted);
  ASSERT_EQ(refused.candidates.size(), 1U);
  EXPECT_EQ(refused.candidates[0].key(), certificate_.key_id());
  ExpectRefusal(world_.Resolve("nothing like it"), Verdict::kNew, Code::kNotFound);
}

TEST_F(ResolverTest, RevokedKeyIsRefusedWhateverIsBound) {
  const TlsServer server(certificate_);
  world_.Observe(server, kHost);
  world_.Bind(kWords, certificate_.key_id());
  ASSERT_TRUE(world_.known_certs().Edit([this](KnownCerts& known) {
    return known.Revoke({certificate_.key_id(), world_.clock().Now(), "stolen"});
  }));
  const uint64_t before = server.counts().connections;
  ExpectRefusal(world_.Resolve(kWords), Verdict::kRevoked, Code::kUntrusted);
  ExpectRefusal(world_.Resolve(KeyText(certificate_.key_id())), Verdict::kRevoked,
                Code::kUntrusted);
  EXPECT_EQ(server.counts().connections, before);
}

TEST_F(ResolverTest, DamagedKnownCertsFailsClosed) {
  const TlsServer server(certificate_);
  world_.Observe(server, kHost);
  world_.Bind(kWords, certificate_.key_id());
  ASSERT_TRUE(ReplaceFile(world_.known_certs().path(), world_.Known().ToText() + "@revo\n"));
  ExpectRefusal(world_.Resolve(kWords), Verdict::kNew, Code::kCorrupt);
}

TEST_F(ResolverTest, ConnectionIsHandedOverAndTalksToTheProvedKey) {
  const TlsServer server(certificate_);
  world_.Observe(server, kHost);
  world_.Bind(kWords, certificate_.key_id());
  ResolveRequest request{.name = ParseTypedName(kWords, "cert.alt").value(),
                         .prove = Prove::kAlways,
                         .protocol = {},
                         .keep_connection = true};
  Resolution resolution = world_.MakeResolver().Resolve(request);
  ASSERT_TRUE(resolution.connection);
  int in[2];
  int out[2];
  ASSERT_EQ(::pipe(in), 0);
  ASSERT_EQ(::pipe(out), 0);
  ASSERT_EQ(::write(in[1], "hello", 5), 5);
  ::close(in[1]);
  EXPECT_TRUE(resolution.connection->Pipe(in[0], out[1], nullptr).ok());
  char echoed[16] = {};
  EXPECT_EQ(::read(out[0], echoed, sizeof echoed), 5);
  EXPECT_STREQ(echoed, "hello");
  for (const int fd : {in[0], out[0], out[1]}) ::close(fd);
}

class FirstUseTest : public ResolverTest {
 protected:
  FirstUseTest() { world_.settings().first_use = FirstUseMode::kAcceptNew; }
  TestCertificate Public(const std::string& name) { return world_.ca().Issue({.names = {name}}); }
};

TEST_F(FirstUseTest, TheOnlyPublicIdentityIsBoundAndThenContinued) {
  const TestCertificate certificate = Public("bugs.debian.org");
  const TlsServer server(certificate);
  world_.Observe(server, "bugs.debian.org");
  const Resolution first = world_.Resolve(kWords);
  ExpectAnswer(first, server, certificate.key_id());
  EXPECT_EQ(first.answer->tier, Tier::kProven);
  world_.clock().Advance(world_.settings().max_age + 1);
  EXPECT_EQ(world_.Resolve(kWords).answer->tier, Tier::kContinued);
  EXPECT_EQ(world_.Known().bindings().at(0).tier, Tier::kContinued);
}

TEST_F(FirstUseTest, NotForARequestThatIsAboutBoundWordsAlone) {
  const TlsServer server(Public("bugs.debian.org"));
  world_.Observe(server, "bugs.debian.org");
  ResolveRequest request{
      .name = *KeywordSet::FromText(kWords), .prove = Prove::kAlways, .protocol = {}};
  request.first_use = false;
  ExpectRefusal(world_.MakeResolver().Resolve(request), Verdict::kNew, Code::kUntrusted);
  EXPECT_TRUE(world_.Known().bindings().empty());
  request.first_use = true;
  EXPECT_TRUE(world_.MakeResolver().Resolve(request).answer);
}

TEST_F(FirstUseTest, SelfAssertedWordsNeverDecide) {
  const TlsServer server(certificate_);
  world_.Observe(server, kHost);
  ExpectRefusal(world_.Resolve(kWords), Verdict::kNew, Code::kUntrusted);
  EXPECT_TRUE(world_.Known().bindings().empty());
}

TEST_F(FirstUseTest, LookAlikeMakesItAmbiguousNotWrong) {
  const TestCertificate honest = Public("bugs.debian.org");
  const TestCertificate squatter = Public("debian-bugs.xyz");
  const TlsServer server(honest);
  const TlsServer squat(squatter);
  world_.Observe(server, "bugs.debian.org");
  world_.Observe(squat, "debian-bugs.xyz");
  ExpectRefusal(world_.Resolve(kWords), Verdict::kNew, Code::kAmbiguous);
  world_.Bind(kWords, honest.key_id());
  ExpectAnswer(world_.Resolve(kWords), server, honest.key_id());
}

TEST_F(FirstUseTest, AForgedCertificateAroundAPublicKeyHidesNoRival) {
  const TestCertificate honest = Public("bugs.debian.org");
  const TestCertificate squatter = Public("debian-bugs.xyz");
  const fakes::TestCa forger("Forger");
  const TlsServer squat(squatter);
  world_.Import({honest});
  // A private CA signs the honest server's public key, with a later date and other words.
  world_.Import({forger.Issue(
      {.names = {"nothing.example"}, .not_before = world_.clock().Now() - 60, .key = honest.key})});
  world_.Observe(squat, "debian-bugs.xyz");
  ExpectRefusal(world_.Resolve(kWords), Verdict::kNew, Code::kAmbiguous);
}

TEST_F(FirstUseTest, ManyForgedCopiesHideNoRival) {
  const TestCertificate honest = Public("bugs.debian.org");
  const TestCertificate squatter = Public("debian-bugs.xyz");
  const TlsServer squat(squatter);
  world_.Import({honest});
  std::vector<TestCertificate> copies;
  for (int i = 0; i < 100; ++i) {
    copies.push_back(
        MakeCertificate({.names = {"bugs.debian.org"}, .not_before = world_.clock().Now() - 60}));
  }
  world_.Import(copies);
  world_.Observe(squat, "debian-bugs.xyz");
  ExpectRefusal(world_.Resolve(kWords), Verdict::kNew, Code::kAmbiguous);
}

TEST_F(FirstUseTest, UnreachableRivalStillCounts) {
  const TestCertificate honest = Public("bugs.debian.org");
  const TestCertificate squatter = Public("debian-bugs.xyz");
  world_.Import({honest});
  const TlsServer squat(squatter);
  world_.Observe(squat, "debian-bugs.xyz");
  ExpectRefusal(world_.Resolve(kWords), Verdict::kNew, Code::kAmbiguous);
}

}  // namespace
}  // namespace commresolve
