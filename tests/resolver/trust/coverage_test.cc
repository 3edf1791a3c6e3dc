// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which words a certificate's keywords cover, and by what evidence.

#include "resolver/trust/coverage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/resolver/trust/candidates.h"

namespace commresolve {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

KeywordSet Words(const std::string& text) { return KeywordSet::FromText(text).value(); }

Keyword C(int evidence, const std::string& word) {
  return {word, Field::kDnsName, static_cast<EvidenceClass>(evidence)};
}

TEST(Cover, LabelBelowAWholeRegistrableLabelIsDecisive) {
  const Coverage coverage = Cover(Words("debian bugs"), {C(1, "debian"), C(2, "bugs")});
  EXPECT_TRUE(coverage.all);
  EXPECT_TRUE(coverage.decisive);
  EXPECT_THAT(coverage.self_claimed, IsEmpty());
}

TEST(Cover, NothingIsDecisiveWithoutC1OrC5) {
  EXPECT_FALSE(Cover(Words("debian bugs"), {C(2, "debian"), C(2, "bugs")}).decisive);
  EXPECT_FALSE(Cover(Words("debian bugs"), {C(3, "debian"), C(2, "bugs")}).decisive);
  EXPECT_TRUE(Cover(Words("debian bugs"), {C(2, "debian"), C(2, "bugs")}).all);
  EXPECT_TRUE(Cover(Words("debian bugs"), {C(5, "debian"), C(2, "bugs")}).decisive);
  EXPECT_TRUE(Cover(Words("debian bugs"), {C(1, "debian"), C(3, "bugs")}).decisive);
}

TEST(Cover, SelfAssertedTextNeverDecides) {
  const Coverage coverage = Cover(Words("debian bugs"), {C(1, "debian"), C(4, "bugs")});
  EXPECT_TRUE(coverage.all);
  EXPECT_FALSE(coverage.decisive);
  EXPECT_THAT(coverage.self_claimed, ElementsAre("bugs"));
}

TEST(Cover, BetterEvidenceElsewhereCountsInAnyOrder) {
  EXPECT_TRUE(Cover(Words("debian"), {C(4, "debian"), C(1, "debian")}).decisive);
  EXPECT_TRUE(Cover(Words("debian"), {C(1, "debian"), C(4, "debian")}).decisive);
}

TEST(Cover, AMissingWordIsNeitherCoveredNorSelfClaimed) {
  const Coverage coverage = Cover(Words("debian bugs"), {C(1, "debian")});
  EXPECT_FALSE(coverage.all);
  EXPECT_FALSE(coverage.decisive);
  EXPECT_THAT(coverage.self_claimed, IsEmpty());
}

TEST(Cover, PartOfARegistrableLabelIsNotTheWord) {
  EXPECT_FALSE(Cover(Words("debian"), {C(1, "debian-bugs")}).all);
  EXPECT_FALSE(Cover(Words("debian"), {C(1, "debianbugs")}).all);
  EXPECT_FALSE(Cover(Words("debian"), {C(1, "notdebian")}).all);
  EXPECT_FALSE(
      Cover(Words("debian"), {C(1, "debian-bugs"), C(2, "debian"), C(2, "bugs")}).decisive);
}

TEST(Cover, ALabelMadeUpOfAllWordsIsDecisive) {
  for (const char* label : {"debianbugs", "bugsdebian", "debian-bugs", "bugs-debian"}) {
    EXPECT_TRUE(Cover(Words("debian bugs"), {C(1, label)}).decisive) << label;
  }
}

TEST(Cover, ALabelMadeUpOfOtherTextIsNot) {
  for (const char* label :
       {"debian--bugs", "-debianbugs", "debianbugs-", "debian-bug-s", "deb-ianbugs", "debianbugss",
        "debian-bugs-debian", "debiandebian", "bugsbugs", "debian", "", "-", "mydebianbugs"}) {
    EXPECT_FALSE(Cover(Words("debian bugs"), {C(1, label)}).decisive) << label;
  }
}

TEST(Cover, OnlyAWholeC1LabelIsPutTogether) {
  for (const int evidence : {2, 3, 4, 5}) {
    EXPECT_FALSE(Cover(Words("debian bugs"), {C(evidence, "debian-bugs")}).all) << evidence;
  }
}

TEST(Cover, WordsThatBeginAlikeNeedTheRightOrder) {
  EXPECT_TRUE(Cover(Words("a ab abc"), {C(1, "abaabc")}).decisive);
  EXPECT_TRUE(Cover(Words("a ab abc"), {C(1, "abcaba")}).decisive);
  EXPECT_TRUE(Cover(Words("a ab abc"), {C(1, "a-ab-abc")}).decisive);
  EXPECT_FALSE(Cover(Words("a ab abc"), {C(1, "aababb")}).decisive);
}

TEST(Cover, EightWordsThatAllBeginAlikeAreDoneAtOnce) {
  std::string typed;
  std::string label;
  for (size_t length = 1; length <= 8; ++length) {
    typed += std::string(length, 'a') + " ";
    label += std::string(length, 'a');
  }
  const std::vector<Keyword> right(64, C(1, label.substr(1) + "b"));
  EXPECT_FALSE(Cover(Words(typed), right).decisive);
  EXPECT_TRUE(Cover(Words(typed), {C(1, label)}).decisive);
}

TEST(Cover, OtherScripts) {
  EXPECT_TRUE(Cover(Words("kümmert Wer"), {C(1, "wer-kümmert")}).decisive);
  EXPECT_FALSE(Cover(Words("kummert wer"), {C(1, "wer-kümmert")}).all);
  EXPECT_FALSE(Cover(Words("debian"), {C(1, "dеbian")}).all) << "with a Cyrillic letter";
}

TEST(Cover, NoKeywordsCoverNothing) {
  const Coverage coverage = Cover(Words("debian"), {});
  EXPECT_FALSE(coverage.all);
  EXPECT_FALSE(coverage.decisive);
}

TEST(IsDecidingLabel, AWordOrAllOfThem) {
  EXPECT_TRUE(IsDecidingLabel(Words("debian bugs"), "debian"));
  EXPECT_TRUE(IsDecidingLabel(Words("debian bugs"), "bugs-debian"));
  EXPECT_FALSE(IsDecidingLabel(Words("debian bugs"), "debian-bugs-x"));
  EXPECT_FALSE(IsDecidingLabel(Words("debian bugs"), ""));
}

}  // namespace
}  // namespace commresolve
