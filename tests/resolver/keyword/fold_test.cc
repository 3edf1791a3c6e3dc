// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Keyword normal form: words, limits, stability, and that the ASCII path agrees with ICU.

#include "resolver/keyword/fold.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <thread>
#include <vector>

namespace commresolve {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string Join(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::string Repeat(std::string_view text, size_t times) {
  std::string result;
  for (size_t i = 0; i < times; ++i) result += text;
  return result;
}

TEST(FoldCaseTest, FoldsAsUnicodeSays) {
  EXPECT_EQ(FoldCase("Debian-BUGS_7@x"), "debian-bugs_7@x");
  EXPECT_EQ(FoldCase("STRASSE"), FoldCase("Straße"));
  EXPECT_EQ(FoldCase("ＡＢＣ①ﬁ"), "abc1fi");
  EXPECT_EQ(FoldCase("K\u0308"), "k\u0308") << "no composed form exists";
  EXPECT_EQ(FoldCase("U\u0308"), "ü");
  EXPECT_EQ(FoldCase("soft\u00adhyphen zero\u200bwidth"), "softhyphen zerowidth");
  EXPECT_EQ(FoldCase(""), "");
}

TEST(FoldCaseTest, InvalidUtf8BecomesTheReplacementCharacter) {
  EXPECT_EQ(FoldCase("a\xff"), "a\uFFFD");
  EXPECT_EQ(FoldCase("\xc3"), "\uFFFD");
}

TEST(FoldWordsTest, CutsAtEverythingThatIsNoWord) {
  EXPECT_THAT(FoldWords("Debian-Bugs_And.Tests/x@y"),
              ElementsAre("debian", "bugs", "and", "tests", "x", "y"));
  EXPECT_THAT(FoldWords("https://bugs.debian.org:443/?a=b&c"),
              ElementsAre("https", "bugs", "debian", "org", "443", "a", "b", "c"));
  EXPECT_THAT(FoldWords("O = Software in the Public Interest, Inc."),
              ElementsAre("o", "software", "in", "the", "public", "interest", "inc"));
  EXPECT_THAT(FoldWords("3.14 1,000 12:30 a;b"),
              ElementsAre("3", "14", "1", "000", "12", "30", "a", "b"));
  EXPECT_THAT(FoldWords("(c) C++ \"x\" a$b"), ElementsAre("c", "c", "x", "a", "b"));
}

TEST(FoldWordsTest, TheApostropheStaysInsideAWord) {
  EXPECT_THAT(FoldWords("Let's ENCRYPT"), ElementsAre("let's", "encrypt"));
  EXPECT_THAT(FoldWords("Let’s ENCRYPT"), ElementsAre("let's", "encrypt"));
  EXPECT_THAT(FoldWords("'can't' dogs' 1'000 1'a a'1 a''b"),
              ElementsAre("can't", "dogs", "1'000", "1", "a", "a", "1", "a", "b"));
}

TEST(FoldWordsTest, WithoutLettersOrDigitsThereAreNoWords) {
  for (const char* text :
       {"", " ", "-", "...", "'", "''", "\u2028", "💩", "\u0301", "€ § ©", "\xff\xfe"}) {
    EXPECT_THAT(FoldWords(text), IsEmpty()) << text;
  }
}

TEST(FoldWordsTest, KeepsDiacriticsOrderAndDuplicates) {
  EXPECT_THAT(FoldWords("Kümmert kummert KÜMMERT"), ElementsAre("kümmert", "kummert", "kümmert"));
  EXPECT_THAT(FoldWords("Ku\u0308mmert"), ElementsAre("kümmert"));
}

TEST(FoldWordsTest, CutsScriptsWithoutBlanksByTheDictionary) {
  EXPECT_THAT(FoldWords("東京都庁"), ElementsAre("東京", "都庁"));
  EXPECT_THAT(FoldWords("ภาษาไทย"), ElementsAre("ภาษา", "ไทย"));
  EXPECT_THAT(FoldWords("Debian东京"), ElementsAre("debian", "东京"));
}

TEST(FoldWordsTest, SeparatorsAreFoundAfterFolding) {
  EXPECT_THAT(FoldWords("a／b．c－d＿e＠f"), ElementsAre("a", "b", "c", "d", "e", "f"));
  EXPECT_THAT(FoldWords("℀"), ElementsAre("a", "c"));
}

TEST(FoldWordsTest, ALongWordIsCutAtACharacter) {
  EXPECT_THAT(FoldWords(std::string(65, 'A') + " b"), ElementsAre(std::string(64, 'a'), "b"));
  EXPECT_THAT(FoldWords("x" + Repeat("ü", 40)), ElementsAre("x" + Repeat("ü", 31)));
  EXPECT_THAT(FoldWords(std::string(63, 'a') + "'bc"), ElementsAre(std::string(63, 'a')))
      << "a word never ends in an apostrophe";
  EXPECT_THAT(FoldWords(std::string(63, 'a') + "'bc é"), ElementsAre(std::string(63, 'a'), "é"));
}

TEST(FoldWordsTest, LooksAtABoundedPartOfTheInput) {
  const std::string text = Repeat("ab ", 3'413);  // 10'239 bytes
  EXPECT_EQ(FoldWords(text + "c d").size(), 3'414U);
  EXPECT_EQ(FoldWords(text + "é d").size(), 3'413U) << "no half of a character";
  size_t bytes = 0;
  for (const std::string& word : FoldWords(Repeat("\uFDFA", 5'000))) bytes += word.size() + 1;
  EXPECT_LE(bytes, kMaxFoldInput + 1) << "U+FDFA folds to 33 bytes";
  EXPECT_GT(bytes, kMaxFoldInput - 100);
}

/// A word behind a blank changes nothing before it, and "é" sends all of the text through ICU.
std::vector<std::string> WordsByIcu(const std::string& ascii) {
  std::vector<std::string> words = FoldWords(ascii + " é");
  EXPECT_EQ(words.back(), "é");
  words.pop_back();
  return words;
}

TEST(FoldWordsTest, TheAsciiPathAgreesWithIcuOnEveryPairAndTriple) {
  const std::string around = "aZ09'";
  for (int first = 0; first < 128; ++first) {
    for (int second = 0; second < 128; ++second) {
      const std::string pair = {static_cast<char>(first), static_cast<char>(second)};
      ASSERT_EQ(FoldWords(pair), WordsByIcu(pair)) << first << ' ' << second;
    }
    for (const char left : around) {
      for (const char right : around) {
        const std::string triple = {left, static_cast<char>(first), right};
        ASSERT_EQ(FoldWords(triple), WordsByIcu(triple)) << triple;
      }
    }
  }
}

TEST(FoldWordsTest, TheAsciiPathAgreesWithIcuOnRandomText) {
  std::mt19937 random(20'260'322);
  const std::string likely = "abzABZ0199''''..,,--__::;; @/\"$+\r\n\t";
  for (int i = 0; i < 40'000; ++i) {
    std::string text;
    const size_t size = random() % (i % 50 == 0 ? 400 : 30);
    while (text.size() < size) {
      text +=
          random() % 8 == 0 ? static_cast<char>(random() % 128) : likely[random() % likely.size()];
    }
    if (i % 100 == 0) text += std::string(50 + random() % 20, 'x') + "'y" + text;
    ASSERT_EQ(FoldWords(text), WordsByIcu(text)) << text;
  }
}

TEST(FoldWordsTest, FoldingAgainChangesNothing) {
  std::mt19937 random(9);
  const std::vector<std::string> parts = {
      "a",  "Z",  "1",  "'",  "’",  " ",  "-",      "ü",  "ß", "\u0301", "東", "京", "都",     "庁",
      "カ", "ー", "ภา", "ษา", "ไ",  "ทย", "ๆ",      "ກ",  "က", "ក",      "ب'", "ב",  "\u203f", "ℵ",
      "½",  "Ⅷ",  "ﷺ",  "ｶﾞ", "한", "·",  "\u200d", "💩", "1⃣", "İ",      "ς",  "ŉ"};
  for (int i = 0; i < 5'000; ++i) {
    std::string text;
    for (size_t n = random() % 40; n > 0; --n) text += parts[random() % parts.size()];
    const std::vector<std::string> words = FoldWords(text);
    ASSERT_EQ(FoldWords(Join(words)), words) << text;
    for (const std::string& word : words) {
      ASSERT_LE(word.size(), kMaxKeywordBytes);
      ASSERT_THAT(FoldWords(word), ElementsAre(word)) << text;
    }
  }
}

TEST(FoldWordsTest, AWordIsWhatItIsAloneNotBesideItsNeighbours) {
  // Beside the first word, the dictionary leaves the mark at the beginning of the second.
  EXPECT_THAT(FoldWords("ถังฯ\u0e37๗ก"), ElementsAre("ถังฯ", "๗ก"));
}

TEST(FoldWordsTest, ThreadsFoldAtTheSameTime) {
  const std::string text = "Kümmert sich um 東京都庁 und ภาษาไทย";
  const std::vector<std::string> expected = FoldWords(text);
  std::vector<std::thread> threads(4);
  for (std::thread& thread : threads) {
    thread = std::thread([&] {
      for (int i = 0; i < 200; ++i) ASSERT_EQ(FoldWords(text), expected);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(KeywordSetTest, OrderAndRepetitionDoNotMatter) {
  const auto set = KeywordSet::FromText("Debian bugs DEBIAN");
  ASSERT_TRUE(set.ok());
  EXPECT_EQ(set->ToString(), "bugs debian");
  EXPECT_THAT(set->words(), ElementsAre("bugs", "debian"));
  EXPECT_EQ(*set, *KeywordSet::FromWords({"debian", "bugs"}));
  EXPECT_EQ(*set, *KeywordSet::FromText(set->ToString()));
  EXPECT_NE(*set, *KeywordSet::FromText("debian"));
}

TEST(KeywordSetTest, WantsOneToEightDistinctWords) {
  EXPECT_EQ(KeywordSet::FromText("- ! -").error().code, Code::kInvalidArgument);
  EXPECT_EQ(KeywordSet::FromWords({}).error().code, Code::kInvalidArgument);
  EXPECT_TRUE(KeywordSet::FromText("a b c d e f g h").ok());
  EXPECT_TRUE(KeywordSet::FromText("a b c d e f g h A B C").ok());
  const auto refused = KeywordSet::FromText("a b c d e f g h i");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, Code::kInvalidArgument);
  EXPECT_FALSE(refused.error().hint.empty());
}

TEST(KeywordSetTest, RefusesWordsThatAreNotFolded) {
  for (const char* word :
       {"", "Debian", "debian bugs", "debian-bugs", " debian", "straße", "!", "東京都庁"}) {
    EXPECT_FALSE(KeywordSet::FromWords({"a", word}).ok()) << word;
  }
}

}  // namespace
}  // namespace commresolve
