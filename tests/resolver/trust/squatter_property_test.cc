// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The property of docs/trust-model.md: whatever certificates an attacker adds, the first-use
// decision stays what it was or becomes a refusal. It is never another key.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "resolver/trust/first_use.h"
#include "tests/resolver/trust/candidates.h"

namespace commresolve {
namespace {

constexpr uint32_t kSets = 10'000;
const char* const kTyped = "debian bugs";

class Dice {
 public:
  explicit Dice(uint32_t seed) : engine_(seed) {}
  /// 0 to `choices` - 1.
  uint32_t Roll(uint32_t choices) { return static_cast<uint32_t>(engine_() % choices); }
  bool Often() { return Roll(4) != 0; }
  template <class T>
  const T& Pick(const std::vector<T>& list) {
    return list[Roll(static_cast<uint32_t>(list.size()))];
  }
  template <class T>
  void Shuffle(std::vector<T>& list) {
    for (size_t i = list.size(); i > 1; --i) {
      std::swap(list[i - 1], list[Roll(static_cast<uint32_t>(i))]);
    }
  }

 private:
  std::mt19937 engine_;
};

/// The service that the words mean: proved or not, alone or with an older key and other services of
/// the same owner.
std::vector<Candidate> HonestSet(Dice& dice) {
  const std::vector<std::string> names =
      dice.Often() ? std::vector<std::string>{"bugs.debian.org"}
                   : std::vector<std::string>{"debian.org", "bugs.debian.org"};
  std::vector<Candidate> honest;
  honest.push_back(PublicCandidate("honest", names));
  if (dice.Often()) honest.back() = Proved(honest.back(), dice.Roll(2 * kTestMaxAge));
  if (dice.Roll(3) == 0) honest.push_back(PublicCandidate("honest, older key", names));
  if (dice.Roll(3) == 0) honest.push_back(Proved(PublicCandidate("www", {"www.debian.org"})));
  return honest;
}

/// Text that only the certificate itself says.
Candidate Stuffed(Dice& dice, const std::string& owner) {
  Candidate candidate = MakeCandidate(owner);
  for (uint32_t i = dice.Roll(20); i > 0; --i) AddText(candidate, kTyped);
  AddText(candidate, "debian bugs official", EvidenceClass::kSelfAsserted,
          dice.Often() ? Field::kOrganization : Field::kDnsName);
  candidate.certificate.names = {"bugs.debian.org", "debian.org"};
  candidate.certificate.self_signed = true;
  candidate.certificate.public_chain = {false, kTestNow, "self-signed certificate"};
  return candidate;
}

/// Names that a public CA gives to anybody who owns the domain, or has a place below one.
const std::vector<std::string>& LookAlikes() {
  static const std::vector<std::string> names = {
      "debian-bugs.xyz", "bugs-debian.net",         "debianbugs.com",  "bugs.debian.evil.com",
      "bugs.debian.xyz", "debian.bugs.example.com", "debian.bugs.xyz", "bugs.people.debian.org",
      "*.debian.online", "debian.github.io",        "bugs.dеbian.org", "debian.org.evil.com"};
  return names;
}

Candidate LookAlike(Dice& dice, const std::string& owner) {
  std::vector<std::string> names;
  for (uint32_t i = 1 + dice.Roll(3); i > 0; --i) {
    const auto name = NormaliseHostName(dice.Pick(LookAlikes()));
    if (name.ok()) names.push_back(*name);
  }
  Candidate candidate = PublicCandidate(owner, names);
  AddText(candidate, kTyped);
  if (dice.Roll(4) == 0) AddText(candidate, "debian", EvidenceClass::kOrganization);
  return candidate;
}

/// Somebody else's public certificate, published again: the key cannot be proved.
Candidate Borrowed(Dice& dice, const std::string& owner) {
  return PublicCandidate(owner, {dice.Often() ? "bugs.debian.net" : "debian-bugs.org"});
}

void Spoil(Dice& dice, Candidate& candidate, bool below_the_tier) {
  if (dice.Roll(5) == 0) candidate.certificate.not_after = kTestNow - dice.Roll(1'000);
  if (dice.Roll(7) == 0) candidate.certificate.not_before = kTestNow + 1 + dice.Roll(1'000);
  if (dice.Often()) candidate = Proved(candidate, dice.Roll(2 * kTestMaxAge));
  if (!below_the_tier || !candidate.certificate.public_chain.valid) return;
  switch (dice.Roll(3)) {
    case 0:
      candidate.endpoints.front().proved_at.reset();
      break;
    case 1:
      candidate.certificate.public_chain = {false, kTestNow, "unknown issuer"};
      break;
    default:
      candidate.certificate.not_after = kTestNow - 1;
      break;
  }
}

/// Up to 12 certificates of an attacker. Below the tier: each lacks a public chain, a proof, or
/// current dates.
std::vector<Candidate> AttackerSet(Dice& dice, bool below_the_tier) {
  std::vector<Candidate> attackers;
  for (uint32_t i = dice.Roll(13); i > 0; --i) {
    const std::string owner = "attacker " + std::to_string(i);
    const uint32_t kind = dice.Roll(5);
    if (kind == 0 && !attackers.empty()) {
      attackers.push_back(dice.Pick(attackers));  // The same key once more.
      continue;
    }
    attackers.push_back(kind < 2    ? Stuffed(dice, owner)
                        : kind == 2 ? Borrowed(dice, owner)
                                    : LookAlike(dice, owner));
    Spoil(dice, attackers.back(), below_the_tier);
    if (kind == 2) attackers.back().endpoints.front().proved_at.reset();
  }
  return attackers;
}

std::vector<KeyId> SomeKeys(Dice& dice, const std::vector<Candidate>& list) {
  std::vector<KeyId> keys;
  for (const Candidate& candidate : list) {
    if (dice.Roll(10) == 0) keys.push_back(candidate.key());
  }
  return keys;
}

FirstUseDecision Decide(const Candidates& candidates, const std::vector<KeyId>& rejected) {
  return DecideFirstUse(KeywordSet::FromText(kTyped).value(), candidates, rejected, kTestNow,
                        kTestMaxAge);
}

Candidates Mix(Dice& dice, std::vector<Candidate> all, const std::vector<Candidate>& more,
               bool complete) {
  all.insert(all.end(), more.begin(), more.end());
  dice.Shuffle(all);
  return {std::move(all), complete};
}

struct Tally {
  uint32_t kept = 0;
  uint32_t refused = 0;
};

/// Runs all sets; `honest` and `below_the_tier` say who takes part.
Tally RunSets(bool with_honest, bool below_the_tier) {
  Tally tally;
  for (uint32_t seed = 0; seed < kSets; ++seed) {
    Dice dice(seed);
    const std::vector<Candidate> honest = with_honest ? HonestSet(dice) : std::vector<Candidate>();
    const std::vector<Candidate> attackers = AttackerSet(dice, below_the_tier);
    const std::vector<KeyId> rejected = SomeKeys(dice, attackers);
    const bool complete = dice.Roll(8) != 0;
    const FirstUseDecision before = Decide({honest, true}, rejected);
    const FirstUseDecision after = Decide(Mix(dice, honest, attackers, complete), rejected);
    const bool same = after.chosen == before.chosen;
    EXPECT_TRUE(same || !after.chosen) << "seed " << seed << ": " << after.reason;
    if (after.chosen) ++tally.kept;
    if (!same) ++tally.refused;
    if (testing::Test::HasFailure()) break;
  }
  return tally;
}

TEST(SquatterProperty, AddedCertificatesNeverChangeTheChosenKeyIntoAnother) {
  const Tally tally = RunSets(true, false);
  EXPECT_GT(tally.kept, kSets / 20) << "the test has to see answers that survive";
  EXPECT_GT(tally.refused, kSets / 20) << "and answers that turn into refusals";
}

TEST(SquatterProperty, BelowTheTierNothingIsChosenWhateverTheHonestSideIs) {
  EXPECT_GT(RunSets(true, true).kept, kSets / 20);
  EXPECT_EQ(RunSets(false, true).kept, 0U);
}

TEST(SquatterProperty, TheResidualRiskIsThatTheOnlyPublicLookAlikeIsChosen) {
  // Documented in docs/trust-model.md: with no trace of the real site, accept-new takes this one.
  const auto squatter = Proved(PublicCandidate("squatter", {"debian-bugs.xyz"}));
  EXPECT_EQ(Decide({{squatter}, true}, {}).chosen, TestKey("squatter"));
}

TEST(SquatterProperty, TheOrderOfCandidatesDoesNotMatter) {
  for (uint32_t seed = 0; seed < 1'000; ++seed) {
    Dice dice(seed);
    const std::vector<Candidate> honest = HonestSet(dice);
    const std::vector<Candidate> attackers = AttackerSet(dice, dice.Often());
    const FirstUseDecision one = Decide(Mix(dice, honest, attackers, true), {});
    const FirstUseDecision two = Decide(Mix(dice, honest, attackers, true), {});
    ASSERT_EQ(one.chosen, two.chosen) << "seed " << seed;
    ASSERT_EQ(one.refusal, two.refusal) << "seed " << seed;
    ASSERT_EQ(one.reason, two.reason) << "seed " << seed;
  }
}

}  // namespace
}  // namespace commresolve
