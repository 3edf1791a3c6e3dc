// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Peers as a second source of candidates: when they are asked, and that it changes no decision.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "tests/resolver/world.h"

namespace commresolve {
namespace {

using fakes::TestCertificate;
using fakes::TlsServer;
using fakes::World;
using testing::HasSubstr;

constexpr const char* kHost = "bugs.debian.org";
constexpr const char* kWords = "bugs debian";

/// Counts questions, and nominates the keys that it was given.
class Peers final : public CandidateSource {
 public:
  explicit Peers(World& world) : world_(world) {}

  Result<Candidates> Find(const KeywordSet& /*words*/, size_t /*limit*/) override {
    ++questions;
    if (failure) return *failure;
    if (on_question) on_question();
    Candidates found;
    for (const KeyId& key : keys) {
      const auto candidate = world_.store().FindKey(key);
      if (candidate.ok() && *candidate) found.list.push_back(**candidate);
    }
    return found;
  }
  Result<std::optional<Candidate>> FindKey(const KeyId& /*key*/) override {
    return Error{Code::kInternal, "peers are not asked for keys"};
  }
  Result<std::vector<KeyId>> KeysSeenAt(const IpAddress& /*ip*/, uint16_t /*port*/) override {
    return Error{Code::kInternal, "peers are not asked for places"};
  }

  int questions = 0;
  std::vector<KeyId> keys;
  std::function<void()> on_question;
  std::optional<Error> failure;

 private:
  World& world_;
};

class PeersTest : public testing::Test {
 protected:
  /// What a look-up does: the server proves its key, which is recorded.
  void TheyKnow(const TlsServer& server, const KeyId& key) {
    peers_.keys = {key};
    peers_.on_question = [this, &server] { world_.Observe(server, kHost); };
  }
  Resolution Resolve(const std::string& name, bool ask = true, Prove prove = Prove::kMaxAge,
                     bool joined = true) {
    Resolver resolver(world_.settings(),
                      {&world_.clock(), &world_.known_certs(), &world_.store(), &world_.store(),
                       nullptr, &world_.prober(), nullptr, nullptr, joined ? &peers_ : nullptr});
    ResolveRequest request{
        .name = *ParseTypedName(name, "cert.alt"), .prove = prove, .protocol = {}};
    request.ask_peers = ask;
    return resolver.Resolve(request);
  }

  World world_;
  Peers peers_{world_};
  TestCertificate public_ = world_.ca().Issue({.names = {kHost}});
};

TEST_F(PeersTest, BoundWordsAndNamesThatAreNoWordsAskNobody) {
  const TlsServer server(public_);
  world_.Observe(server, kHost);
  world_.Bind(kWords, public_.key_id());
  for (const std::string& name : {std::string(kWords), std::string("bugs-debian.cert.alt"),
                                  std::string(kHost), KeyText(public_.key_id())}) {
    EXPECT_TRUE(Resolve(name, true, Prove::kAlways).answer) << name;
  }
  EXPECT_TRUE(Resolve("else.debian.org").refusal);
  EXPECT_EQ(peers_.questions, 0);
}

TEST_F(PeersTest, BoundWordsAskNobodyEvenIfTheyCannotBeAnswered) {
  {
    const TlsServer server(public_);
    world_.Observe(server, kHost);
    world_.Bind(kWords, public_.key_id());
  }
  EXPECT_EQ(Resolve(kWords, true, Prove::kAlways).refusal->code, Code::kUnavailable);
  EXPECT_EQ(peers_.questions, 0);
}

TEST_F(PeersTest, WhatIsKnownHereAsksNobody) {
  const TlsServer server(public_);
  world_.Observe(server, kHost);
  const Resolution refused = Resolve(kWords);
  EXPECT_EQ(refused.refusal->code, Code::kUntrusted);
  EXPECT_EQ(refused.candidates.size(), 1U);
  EXPECT_TRUE(refused.notices.empty());
  EXPECT_EQ(peers_.questions, 0);
}

TEST_F(PeersTest, UnlessItIsWantedNobodyIsAsked) {
  EXPECT_EQ(Resolve(kWords, false).refusal->code, Code::kNotFound);
  EXPECT_EQ(peers_.questions, 0);
}

TEST_F(PeersTest, TheUserDecidesAboutWhatTheyNominate) {
  const TlsServer server(public_);
  TheyKnow(server, public_.key_id());
  const Resolution refused = Resolve(kWords);
  EXPECT_EQ(refused.refusal->code, Code::kUntrusted);
  EXPECT_EQ(refused.verdict, Verdict::kNew);
  ASSERT_EQ(refused.candidates.size(), 1U);
  EXPECT_EQ(refused.candidates[0].key(), public_.key_id());
  EXPECT_THAT(refused.notices, testing::ElementsAre(HasSubstr("1 proved to carry the words")));
  EXPECT_TRUE(world_.Known().bindings().empty());
  EXPECT_EQ(peers_.questions, 1);
}

TEST_F(PeersTest, WithoutTheWordsANomineeIsNone) {
  const TestCertificate other = world_.ca().Issue({.names = {"other.example"}});
  const TlsServer server(other);
  TheyKnow(server, other.key_id());
  const Resolution refused = Resolve(kWords);
  EXPECT_EQ(refused.refusal->code, Code::kNotFound);
  EXPECT_TRUE(refused.candidates.empty());
}

TEST_F(PeersTest, FirstUseTakesTheSameEvidenceAsEver) {
  world_.settings().first_use = FirstUseMode::kAcceptNew;
  const TestCertificate forged = fakes::MakeCertificate({.names = {kHost}});
  const TlsServer forger(forged);
  TheyKnow(forger, forged.key_id());
  EXPECT_EQ(Resolve(kWords).refusal->code, Code::kUntrusted) << "its text is self-asserted";
  EXPECT_TRUE(world_.Known().bindings().empty());
}

TEST_F(PeersTest, AcceptNewBindsTheOnlyPublicOne) {
  world_.settings().first_use = FirstUseMode::kAcceptNew;
  const TlsServer server(public_);
  TheyKnow(server, public_.key_id());
  const Resolution answered = Resolve(kWords);
  ASSERT_TRUE(answered.answer) << answered.refusal->message;
  EXPECT_EQ(answered.answer->tier, Tier::kProven);
  EXPECT_EQ(world_.Known().bindings().size(), 1U);
}

TEST_F(PeersTest, ThatTheyCannotBeAskedIsToldAndNoFailure) {
  peers_.failure = Error{Code::kUnavailable, "this machine is no peer", "join it"};
  const Resolution refused = Resolve(kWords);
  EXPECT_EQ(refused.refusal->code, Code::kNotFound);
  EXPECT_THAT(refused.notices,
              testing::ElementsAre("peers could not be asked: this machine is no peer (join it)"));
  const Resolution alone = Resolve(kWords, true, Prove::kMaxAge, false);
  EXPECT_EQ(alone.refusal->code, Code::kNotFound);
  EXPECT_THAT(alone.notices, testing::ElementsAre(HasSubstr("peers could not be asked: a daemon")));
}

TEST_F(PeersTest, WithoutHandshakesNobodyIsAsked) {
  const Resolution refused = Resolve(kWords, true, Prove::kNever);
  EXPECT_EQ(refused.refusal->code, Code::kNotFound);
  EXPECT_THAT(refused.notices, testing::ElementsAre(HasSubstr("takes a handshake")));
  EXPECT_EQ(peers_.questions, 0);
}

}  // namespace
}  // namespace commresolve
