// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The key-change table: golden vectors for every row, and what must hold for every input there is.

#include "resolver/trust/key_change.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <limits>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace commresolve {
namespace {

constexpr int64_t kDay = 86'400;
constexpr UnixTime kNow = 1'770'000'000;

struct Vector {
  int line = 0;
  std::string name;
  std::map<std::string, std::string> inputs;
  std::string expected;
};

std::vector<Vector> ReadVectors() {
  std::ifstream file(std::string(COMMRESOLVE_SOURCE_DIR) +
                     "/tests/resolver/trust/testdata/key_change.txt");
  std::vector<Vector> vectors;
  std::string text;
  for (int number = 1; std::getline(file, text); ++number) {
    if (text.empty() || text[0] == '#') continue;
    Vector vector;
    vector.line = number;
    const size_t arrow = text.find("=> ");
    vector.expected = text.substr(arrow + 3);
    std::istringstream words(text.substr(0, arrow));
    words >> vector.name;
    for (std::string word; words >> word;) {
      const size_t equals = word.find('=');
      vector.inputs[word.substr(0, equals)] = word.substr(equals + 1);
    }
    vectors.push_back(vector);
  }
  return vectors;
}

/// Takes inputs out of a vector, so that one that nobody takes is noticed.
class Inputs {
 public:
  explicit Inputs(std::map<std::string, std::string> inputs) : inputs_(std::move(inputs)) {}

  template <class T>
  T Take(const std::string& name, const std::map<std::string, T>& meanings, T unset) {
    const auto entry = inputs_.find(name);
    if (entry == inputs_.end()) return unset;
    const auto meaning = meanings.find(entry->second);
    EXPECT_NE(meaning, meanings.end()) << name << "=" << entry->second;
    inputs_.erase(entry);
    return meaning == meanings.end() ? unset : meaning->second;
  }
  bool Flag(const std::string& name) {
    return Take<bool>(name, {{"yes", true}, {"no", false}}, false);
  }
  void TakeOld(KeyChangeInput& in) {
    const std::string old = inputs_.contains("old") ? inputs_["old"] : "unknown";
    inputs_.erase("old");
    if (old == "unknown") return;
    const size_t colon = old.find(':');
    const std::map<std::string, int64_t> lifetimes = {{"6d", 6}, {"90d", 90}, {"forever", 36'500}};
    in.old_not_before = kNow - std::stoll(old.substr(colon + 1)) * kDay;
    in.old_not_after = in.old_not_before + lifetimes.at(old.substr(0, colon)) * kDay;
  }
  [[nodiscard]] const std::map<std::string, std::string>& rest() const { return inputs_; }

 private:
  std::map<std::string, std::string> inputs_;
};

KeyChangeInput InputOf(const Vector& vector) {
  Inputs inputs(vector.inputs);
  KeyChangeInput in;
  in.now = kNow;
  in.in_rejected = inputs.Flag("rejected");
  in.in_accepted = inputs.Flag("accepted");
  in.in_rollover = inputs.Flag("rollover");
  in.in_signer_pins = inputs.Flag("signer");
  in.both_live_for_7_days = inputs.Flag("both_live");
  in.new_chain_for_name = inputs.Flag("chain");
  in.same_issuer_organization = inputs.Flag("issuer_same");
  in.critical = inputs.Flag("critical");
  in.binding_had_public_chain = inputs.Flag("had_chain");
  in.observers = inputs.Take<ObserverView>("observers",
                                           {{"nobody", ObserverView::kNobodyToAsk},
                                            {"old", ObserverView::kOnlyOldKey},
                                            {"new", ObserverView::kEveryoneNewKey}},
                                           in.observers);
  in.new_ct = inputs.Take<CtEvidence>("ct",
                                      {{"none", CtEvidence::kNone},
                                       {"embedded", CtEvidence::kEmbedded},
                                       {"logged", CtEvidence::kLogged}},
                                      in.new_ct);
  in.renewal = inputs.Take<RenewalPolicy>(
      "renewal", {{"accept", RenewalPolicy::kAccept}, {"hold", RenewalPolicy::kHold}}, in.renewal);
  inputs.TakeOld(in);
  EXPECT_THAT(inputs.rest(), testing::IsEmpty()) << vector.name;
  return in;
}

std::string Describe(const KeyChangeOutcome& outcome) {
  return std::string(VerdictName(outcome.verdict)) + " " + outcome.row +
         (outcome.add_key ? " add" : "") + (outcome.notice ? " notice" : "");
}

TEST(KeyChange, GoldenVectors) {
  const std::vector<Vector> vectors = ReadVectors();
  ASSERT_GE(vectors.size(), 40U);
  std::set<std::string> names;
  std::set<std::string> rows;
  for (const Vector& vector : vectors) {
    const KeyChangeOutcome outcome = DecideKeyChange(InputOf(vector));
    EXPECT_EQ(Describe(outcome), vector.expected) << vector.name << " on line " << vector.line;
    EXPECT_FALSE(outcome.reason.empty()) << vector.name;
    EXPECT_TRUE(names.insert(vector.name).second) << vector.name << " stands there twice";
    rows.insert(outcome.row);
  }
  EXPECT_THAT(rows, testing::ElementsAre("1", "2", "3", "4", "5", "6", "6b", "7", "8", "none"));
}

/// Calls `check` for every combination of the inputs (with the old certificate early, due, expired,
/// or unknown).
template <class Check>
void ForEveryInput(const Check& check) {
  constexpr unsigned kFlags = 9;
  for (unsigned bits = 0; bits < (1U << kFlags) * 3 * 3 * 2 * 4; ++bits) {
    unsigned rest = bits;
    const auto take = [&rest](unsigned choices) {
      const unsigned choice = rest % choices;
      rest /= choices;
      return choice;
    };
    KeyChangeInput in;
    in.now = kNow;
    for (bool* flag : {&in.in_rejected, &in.in_accepted, &in.in_rollover, &in.in_signer_pins,
                       &in.both_live_for_7_days, &in.new_chain_for_name,
                       &in.same_issuer_organization, &in.critical, &in.binding_had_public_chain}) {
      *flag = take(2) == 1;
    }
    in.observers = static_cast<ObserverView>(take(3));
    in.new_ct = static_cast<CtEvidence>(take(3));
    in.renewal = static_cast<RenewalPolicy>(take(2));
    const unsigned age = take(4);  // 0: the validity is unknown.
    if (age > 0) {
      in.old_not_before = kNow - kDay * (age == 1 ? 10 : age == 2 ? 80 : 100);
      in.old_not_after = in.old_not_before + 90 * kDay;
    }
    check(in);
    if (testing::Test::HasFailure()) return;
  }
}

TEST(KeyChange, RejectedIsAlwaysRevokedAndNothingElseIs) {
  ForEveryInput([](const KeyChangeInput& in) {
    EXPECT_EQ(DecideKeyChange(in).verdict == Verdict::kRevoked, in.in_rejected);
  });
}

TEST(KeyChange, OnlyAMatchAddsAKeyOrIsAnnounced) {
  ForEveryInput([](const KeyChangeInput& in) {
    const KeyChangeOutcome out = DecideKeyChange(in);
    EXPECT_NE(out.verdict, Verdict::kNew);
    if (out.verdict != Verdict::kMatch) {
      EXPECT_FALSE(out.add_key);
      EXPECT_FALSE(out.notice);
    } else {
      EXPECT_EQ(out.add_key, !in.in_accepted);
    }
  });
}

TEST(KeyChange, AMatchNeedsAnAcceptedKeyAnAnnouncementOrAChainForTheName) {
  ForEveryInput([](const KeyChangeInput& in) {
    if (DecideKeyChange(in).verdict != Verdict::kMatch) return;
    EXPECT_TRUE(in.in_accepted || in.in_rollover || in.in_signer_pins || in.new_chain_for_name);
  });
}

TEST(KeyChange, ACriticalBindingAcceptsOnlyProofOrAConfirmedRoutineRenewal) {
  ForEveryInput([](const KeyChangeInput& in) {
    const KeyChangeOutcome out = DecideKeyChange(in);
    if (!in.critical || out.verdict != Verdict::kMatch) return;
    const bool proof = in.in_accepted || in.in_rollover || in.in_signer_pins;
    const bool confirmed_routine = in.observers == ObserverView::kEveryoneNewKey &&
                                   in.new_chain_for_name && in.new_ct == CtEvidence::kLogged &&
                                   in.same_issuer_organization &&
                                   RenewalIsDue(in.old_not_before, in.old_not_after, in.now);
    EXPECT_TRUE(proof || confirmed_routine) << out.row;
  });
}

TEST(KeyChange, ACriticalBindingNeverAcceptsMoreThanTheSameOneUncritical) {
  ForEveryInput([](KeyChangeInput in) {
    if (!in.critical || DecideKeyChange(in).verdict != Verdict::kMatch) return;
    in.critical = false;
    EXPECT_EQ(DecideKeyChange(in).verdict, Verdict::kMatch);
  });
}

TEST(KeyChange, NothingIsAcceptedUnconfirmedWithRenewalHold) {
  ForEveryInput([](const KeyChangeInput& in) {
    if (in.renewal != RenewalPolicy::kHold || in.observers != ObserverView::kNobodyToAsk) return;
    if (in.in_accepted || in.in_rollover || in.in_signer_pins) return;
    EXPECT_NE(DecideKeyChange(in).verdict, Verdict::kMatch);
  });
}

TEST(KeyChange, WhatOnlyISeeIsNeverAcceptedWithoutProof) {
  ForEveryInput([](const KeyChangeInput& in) {
    if (in.observers != ObserverView::kOnlyOldKey) return;
    if (in.in_accepted || in.in_rollover || in.in_signer_pins) return;
    EXPECT_NE(DecideKeyChange(in).verdict, Verdict::kMatch);
  });
}

TEST(KeyChange, EvidenceForTheKeyNeverUndoesAMatch) {
  ForEveryInput([](const KeyChangeInput& in) {
    if (in.in_rejected || DecideKeyChange(in).verdict != Verdict::kMatch) return;
    for (bool KeyChangeInput::* flag :
         {&KeyChangeInput::in_accepted, &KeyChangeInput::in_rollover,
          &KeyChangeInput::in_signer_pins, &KeyChangeInput::both_live_for_7_days,
          &KeyChangeInput::new_chain_for_name, &KeyChangeInput::same_issuer_organization,
          &KeyChangeInput::binding_had_public_chain}) {
      KeyChangeInput more = in;
      more.*flag = true;
      EXPECT_EQ(DecideKeyChange(more).verdict, Verdict::kMatch);
    }
    KeyChangeInput more = in;
    more.new_ct = CtEvidence::kLogged;
    EXPECT_EQ(DecideKeyChange(more).verdict, Verdict::kMatch);
  });
}

TEST(RenewalIsDue, TheLastThirdAndAfter) {
  EXPECT_FALSE(RenewalIsDue(0, 90, 0));
  EXPECT_FALSE(RenewalIsDue(0, 90, 59));
  EXPECT_TRUE(RenewalIsDue(0, 90, 60));
  EXPECT_TRUE(RenewalIsDue(0, 90, 90));
  EXPECT_TRUE(RenewalIsDue(0, 90, 91));
  EXPECT_FALSE(RenewalIsDue(0, 90, -1));
}

TEST(RenewalIsDue, UnknownOrSenselessValidityIsNeverDue) {
  EXPECT_FALSE(RenewalIsDue(0, 0, kNow));
  EXPECT_FALSE(RenewalIsDue(90, 0, kNow));
  EXPECT_FALSE(RenewalIsDue(5, 5, 5));
}

TEST(RenewalIsDue, ExtremeTimesDoNotOverflow) {
  constexpr int64_t kLeast = std::numeric_limits<int64_t>::min();
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  EXPECT_FALSE(RenewalIsDue(kLeast, kMost, 0));
  EXPECT_TRUE(RenewalIsDue(kLeast, kMost, kMost));
  EXPECT_FALSE(RenewalIsDue(0, kMost, kLeast));
  EXPECT_TRUE(RenewalIsDue(kLeast, 0, kMost));
}

}  // namespace
}  // namespace commresolve
