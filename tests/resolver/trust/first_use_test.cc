// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Who is chosen at first use, and every reason why nobody is.

#include "resolver/trust/first_use.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/resolver/trust/candidates.h"

namespace commresolve {
namespace {

using testing::HasSubstr;

KeywordSet Words(const std::string& text) { return KeywordSet::FromText(text).value(); }

FirstUseDecision Decide(std::vector<Candidate> list, const std::vector<KeyId>& rejected = {},
                        bool complete = true) {
  return DecideFirstUse(Words("debian bugs"), {std::move(list), complete}, rejected, kTestNow,
                        kTestMaxAge);
}

Candidate Honest() { return Proved(PublicCandidate("honest", {"bugs.debian.org"})); }

void ExpectRefused(const FirstUseDecision& decision, Code code) {
  EXPECT_EQ(decision.chosen, std::nullopt);
  EXPECT_EQ(decision.refusal, code) << decision.reason;
  EXPECT_FALSE(decision.reason.empty());
}

void ExpectNotEligible(const Candidate& candidate, const std::string& reason) {
  const FirstUseDecision decision = Decide({candidate});
  ExpectRefused(decision, Code::kUntrusted);
  ASSERT_EQ(decision.considered.size(), 1U);
  EXPECT_FALSE(decision.considered[0].eligible);
  EXPECT_THAT(decision.considered[0].reason, HasSubstr(reason));
}

TEST(FirstUseMode, NamesReadBack) {
  for (const auto mode : {FirstUseMode::kAsk, FirstUseMode::kAcceptNew, FirstUseMode::kRefuse}) {
    EXPECT_EQ(ParseFirstUseMode(FirstUseModeName(mode)), mode);
  }
  EXPECT_STREQ(FirstUseModeName(FirstUseMode::kAcceptNew), "accept-new");
  EXPECT_EQ(ParseFirstUseMode("yes"), std::nullopt);
}

TEST(FirstUse, TheOnlyQualifyingKeyIsChosen) {
  const FirstUseDecision decision = Decide({Honest()});
  EXPECT_EQ(decision.chosen, TestKey("honest"));
  ASSERT_EQ(decision.considered.size(), 1U);
  EXPECT_TRUE(decision.considered[0].eligible);
  EXPECT_FALSE(decision.reason.empty());
}

TEST(FirstUse, NobodyCarriesTheWords) {
  ExpectRefused(Decide({}), Code::kNotFound);
  ExpectRefused(Decide({Proved(PublicCandidate("other", {"www.debian.org"}))}), Code::kNotFound);
}

TEST(FirstUse, EveryConditionIsNeeded) {
  Candidate candidate = Honest();
  candidate.endpoints.front().proved_at.reset();
  ExpectNotEligible(candidate, "not proved");

  candidate = Honest();
  candidate.certificate.public_chain = {false, kTestNow, "self-signed certificate"};
  ExpectNotEligible(candidate, "self-signed certificate");

  candidate = Honest();
  candidate.certificate.not_after = kTestNow - 1;
  ExpectNotEligible(candidate, "not valid now");

  candidate = Honest();
  candidate.certificate.not_before = kTestNow + 1;
  ExpectNotEligible(candidate, "not valid now");

  ExpectNotEligible(Proved(PublicCandidate("deep", {"bugs.debian.evil.org"})), "registrable label");

  candidate = Proved(PublicCandidate("half", {"debian.org"}));
  AddText(candidate, "bugs");
  ExpectNotEligible(candidate, "'bugs'");
}

TEST(FirstUse, ARejectedKeyIsNotChosen) {
  const FirstUseDecision decision = Decide({Honest()}, {TestKey("honest")});
  ExpectRefused(decision, Code::kUntrusted);
  EXPECT_THAT(decision.considered[0].reason, HasSubstr("rejected"));
}

TEST(FirstUse, TheProofHasToBeRecent) {
  const auto honest = PublicCandidate("honest", {"bugs.debian.org"});
  EXPECT_TRUE(Decide({Proved(honest, kTestMaxAge)}).chosen.has_value());
  ExpectRefused(Decide({Proved(honest, kTestMaxAge + 1)}), Code::kUntrusted);
  EXPECT_TRUE(Decide({Proved(honest, -5)}).chosen.has_value()) << "proved while deciding";
  ExpectRefused(Decide({Proved(honest, -kTestMaxAge - 1)}), Code::kUntrusted);
}

TEST(FirstUse, AProofIsVoidOnceAnotherKeyAnsweredThere) {
  Candidate candidate = Honest();
  candidate.endpoints.front().wrong_at = kTestNow - 10;
  ExpectNotEligible(candidate, "not proved");
  candidate.endpoints.front().wrong_at = kTestNow - 100;
  EXPECT_TRUE(Decide({candidate}).chosen.has_value()) << "proved again since";
}

TEST(FirstUse, TwoQualifyingKeysAreAmbiguous) {
  const auto squatter = Proved(PublicCandidate("squatter", {"debian-bugs.xyz"}));
  ExpectRefused(Decide({Honest(), squatter}), Code::kAmbiguous);
  ExpectRefused(Decide({squatter, Honest()}), Code::kAmbiguous);
}

TEST(FirstUse, ARivalThatCouldNotBeProvedStandsInTheWay) {
  const auto squatter = Proved(PublicCandidate("squatter", {"debian-bugs.xyz"}));
  const auto silent = PublicCandidate("honest", {"bugs.debian.org"});
  ExpectRefused(Decide({squatter, silent}), Code::kAmbiguous);
}

TEST(FirstUse, ARejectedRivalStandsInTheWay) {
  const auto squatter = Proved(PublicCandidate("squatter", {"debian-bugs.xyz"}));
  ExpectRefused(Decide({squatter, Honest()}, {TestKey("honest")}), Code::kAmbiguous);
}

TEST(FirstUse, WhoCouldNotBeChosenAnywayIsNoRival) {
  auto stuffed = Proved(MakeCandidate("stuffed"));
  AddText(stuffed, "debian bugs debian bugs");
  auto expired = PublicCandidate("expired", {"bugs.debian.net"});
  expired.certificate.not_after = kTestNow - 1;
  const auto deep = Proved(PublicCandidate("deep", {"bugs.debian.evil.org"}));
  EXPECT_EQ(Decide({stuffed, expired, deep, Honest()}).chosen, TestKey("honest"));
}

TEST(FirstUse, AnOlderKeyOfTheSameNamesIsNoRival) {
  const auto older = PublicCandidate("older", {"bugs.debian.org"});
  EXPECT_EQ(Decide({older, Honest()}).chosen, TestKey("honest"));
  const auto wildcard = Proved(PublicCandidate("honest", {"*.debian.org", "bugs.debian.org"}));
  const auto another = PublicCandidate("older", {"bugs.debian.org", "www.debian.org"});
  EXPECT_EQ(Decide({another, wildcard}).chosen, TestKey("honest"));
}

TEST(FirstUse, ANameBelowTheSameDomainIsARival) {
  const auto tenant = Proved(PublicCandidate("tenant", {"bugs.people.debian.org"}));
  const auto silent = PublicCandidate("honest", {"bugs.debian.org"});
  ExpectRefused(Decide({tenant, silent}), Code::kAmbiguous);
}

TEST(FirstUse, ASharedNameDoesNotExcuseAnotherOne) {
  const auto tenant = Proved(PublicCandidate("tenant", {"bugs.people.debian.org"}));
  const auto silent = PublicCandidate("honest", {"bugs.debian.org", "bugs.people.debian.org"});
  ExpectRefused(Decide({tenant, silent}), Code::kAmbiguous);
}

TEST(FirstUse, AVouchedRivalWithoutADecidingNameStandsInTheWay) {
  auto vouched = PublicCandidate("vouched", {"bts.example.org"});
  AddText(vouched, "debian bugs", EvidenceClass::kVouched);
  ExpectRefused(Decide({Honest(), vouched}), Code::kAmbiguous);
}

TEST(FirstUse, AnIncompleteListIsAmbiguous) {
  ExpectRefused(Decide({Honest()}, {}, false), Code::kAmbiguous);
  ExpectRefused(Decide({}, {}, false), Code::kNotFound);
}

TEST(FirstUse, EveryCandidateIsExplained) {
  auto stuffed = MakeCandidate("stuffed");
  AddText(stuffed, "debian bugs");
  const FirstUseDecision decision = Decide({stuffed, Honest()});
  ASSERT_EQ(decision.considered.size(), 2U);
  EXPECT_EQ(decision.considered[0].key, TestKey("stuffed"));
  EXPECT_EQ(decision.considered[1].key, TestKey("honest"));
  for (const Eligibility& standing : decision.considered) EXPECT_FALSE(standing.reason.empty());
}

}  // namespace
}  // namespace commresolve
