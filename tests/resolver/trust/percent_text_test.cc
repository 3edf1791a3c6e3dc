// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Percent-encoding: what stands as itself, what does not, and the way back.

#include "resolver/trust/percent_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace commresolve {
namespace {

TEST(PercentText, WordsKeepLettersAndDigitsOfAnyScript) {
  EXPECT_EQ(PercentEncode("debian12", RawText::kWord), "debian12");
  EXPECT_EQ(PercentEncode("kümmert", RawText::kWord), "kümmert");
  EXPECT_EQ(PercentEncode("東京", RawText::kWord), "東京");
  EXPECT_EQ(PercentEncode("a b+c|d#e=f,g'h", RawText::kWord), "a%20b%2bc%7cd%23e%3df%2cg%27h");
}

TEST(PercentText, PhrasesKeepWhatAPersonReads) {
  EXPECT_EQ(PercentEncode("as seen at 192.0.2.1:443 – fine, 3 €", RawText::kPhrase),
            "as seen at 192.0.2.1:443 – fine, 3 €");
  EXPECT_EQ(PercentEncode("50 % \"off\"", RawText::kPhrase), "50 %25 %22off%22");
}

TEST(PercentText, InvisibleAndControlCharactersNeverStand) {
  for (const RawText raw : {RawText::kWord, RawText::kPhrase}) {
    EXPECT_EQ(PercentEncode("\n\t\x7f", raw), "%0a%09%7f");
    EXPECT_EQ(PercentEncode("\u202e\u200b\u00ad\u3164", raw), "%e2%80%ae%e2%80%8b%c2%ad%e3%85%a4");
    EXPECT_EQ(PercentEncode("\u00a0\u2028", raw), "%c2%a0%e2%80%a8");
    EXPECT_EQ(PercentEncode("\xff\xc3", raw), "%ff%c3");
    EXPECT_EQ(PercentEncode(std::string_view("\0", 1), raw), "%00");
  }
}

TEST(PercentText, DecodesWhatItEncoded) {
  for (const RawText raw : {RawText::kWord, RawText::kPhrase}) {
    for (const char* text : {"", "a", "50 % \"x\"\n", "\u202e", "東京 über", "%41"}) {
      const auto back = PercentDecode(PercentEncode(text, raw), raw);
      ASSERT_TRUE(back.ok()) << text;
      EXPECT_EQ(*back, text);
    }
  }
}

TEST(PercentText, RefusesWhatHadToBeEncoded) {
  for (const char* text : {"%", "%4", "%zz", "a%", "\"", "\u202e", "\n", "\xff", "%ff", "%c3x"}) {
    EXPECT_FALSE(PercentDecode(text, RawText::kPhrase).ok()) << text;
  }
  for (const char* text : {" ", "+", "-", "'", "€"}) {
    EXPECT_FALSE(PercentDecode(text, RawText::kWord).ok()) << text;
  }
  EXPECT_THAT(PercentDecode("ab\n", RawText::kPhrase).error().message,
              testing::HasSubstr("position 2"));
}

}  // namespace
}  // namespace commresolve
