// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Texts that need not be cut into words.

#include "index/search/may_hold.h"

#include <gtest/gtest.h>
#include <unicode/unistr.h>

#include <utility>
#include <vector>

#include "index/search/text.h"
#include "resolver/keyword/host_name.h"

namespace commresolve::index {
namespace {

template <class Text>
bool Holds(std::string_view text, std::string_view word) {
  return Text(text)({word, LettersOf(word)});
}

TEST(MayHold, AHostNameWithoutTheWord) {
  for (const char* word : {"debian", "bugs", "orgx", "gro", "b-u", "b\xc3\xbcro", "sbug"}) {
    EXPECT_FALSE(Holds<MayHold>("www.bug-track3.example.org", word)) << word;
  }
}

TEST(MayHold, PartsOfAHostNameWithAndWithoutWhatPartsThem) {
  for (const char* word : {"bug", "track3", "bugtrack3", "ugtra", "track3example", "org", ""}) {
    EXPECT_TRUE(Holds<MayHold>("*.bug-track3.example.org", word)) << word;
  }
}

TEST(MayHold, WhatAnALabelMaySay) {
  const std::vector<std::string> hosts = {
      "mail.xn--kmmert-3ya.net", "xn--sddeutsche-9db.net",
      "xn--br-gkaw.net",         "xn--4ca0b.net",
      "xn--fiqs8s.example",      "xn--bergrecafhpital-xmbw3r-solutions.ch",
      "xn--strae-oqa.example",   "xn--zca0l.example"};
  for (const std::string& host : hosts) {
    std::vector<std::string> words;
    AddLabelWords(host.substr(host.find("xn--"), host.rfind('.') - host.find("xn--")), words);
    ASSERT_FALSE(words.empty()) << host;
    for (const std::string& word : words) {
      EXPECT_TRUE(Holds<MayHold>(host, word)) << host << ": " << word;
    }
  }
  EXPECT_TRUE(MayHold(hosts[0]).has_a_label());
  EXPECT_FALSE(MayHold("nix--a.example").has_a_label());
  EXPECT_FALSE(Holds<MayHold>(hosts[0], "debian"));
}

TEST(MayHold, WordsOfEveryALabelOfAnyTwoCharacters) {
  // Every script that ends near or inside the ranges that are far from ASCII, and letters with
  // marks.
  const std::u32string alphabet = U"aß0-éŀơƀǆɐʰ\u0301\u036fͰπςЖйԱאب٠कกაᄀḁẞ々ぁんァヴー㐀京鿿가힣";
  const auto utf8 = [](std::u32string_view text) {
    std::string bytes;
    icu::UnicodeString::fromUTF32(reinterpret_cast<const UChar32*>(text.data()),
                                  static_cast<int32_t>(text.size()))
        .toUTF8String(bytes);
    return bytes;
  };
  size_t tried = 0;
  for (const char32_t first : alphabet) {
    for (const char32_t second : alphabet) {
      const auto host =
          NormaliseHostName(utf8(std::u32string{U'd', first, U'e', second}) + ".example");
      if (!host.ok() || !host->starts_with("xn--")) continue;
      ++tried;
      std::vector<std::string> words;
      AddLabelWords(host->substr(0, host->find('.')), words);
      for (const std::string& word : words) {
        EXPECT_TRUE(Holds<MayHold>(*host, word)) << *host << ": " << word;
      }
    }
  }
  EXPECT_GT(tried, 300U);
}

TEST(MayHold, NoCharacterFarFromAsciiIsFoldedToIt) {
  for (const auto& [first, last] :
       {std::pair{0x0370, 0x10FF}, {0x3041, 0x30FF}, {0x3400, 0x9FFF}, {0xAC00, 0xD7A3}}) {
    for (int32_t c = first; c <= last; ++c) {
      std::string text;
      icu::UnicodeString(static_cast<UChar32>(c)).toUTF8String(text);
      for (const std::string& word : SearchWords(text)) {
        EXPECT_EQ(word.find_first_of("abcdefghijklmnopqrstuvwxyz0123456789"), std::string::npos)
            << std::hex << c;
      }
    }
  }
}

TEST(MayHold, AnALabelOfAnotherScriptHoldsNoWordOfAscii) {
  const std::string host = "xn----7sbbh1aolcspq2a.example";
  EXPECT_FALSE(Holds<MayHold>(host, "dev"));
  EXPECT_TRUE(Holds<MayHold>(host, "\u043c\u043e\u0441\u043a\u0432\u0430"));
}

TEST(MayHold, FreeTextInAnyCase) {
  for (const char* word : {"green", "valley", "greenvalley", "ltd2", "o'neil"}) {
    EXPECT_TRUE(Holds<MayHoldLoosely>("GREEN Valley, Ltd. (2) O'Neil", word)) << word;
  }
  for (const char* word : {"blue", "valleygreen", "soehne"}) {
    EXPECT_FALSE(Holds<MayHoldLoosely>("GREEN Valley, Ltd. (2)", word)) << word;
  }
}

TEST(MayHold, FreeTextThatIsNotLookedThrough) {
  EXPECT_TRUE(Holds<MayHoldLoosely>("S\xc3\xb6hne", "sohne"));
  EXPECT_TRUE(Holds<MayHoldLoosely>("Kummert XN--KMMERT-3YA.net", "kummert"));
  EXPECT_TRUE(Holds<MayHoldLoosely>(std::string(kMaxKeywordBytes + 1, 'x'), "y"));
  EXPECT_FALSE(Holds<MayHoldLoosely>(std::string(kMaxKeywordBytes, 'x'), "y"));
}

}  // namespace
}  // namespace commresolve::index
