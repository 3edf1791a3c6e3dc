// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Texts that need not be cut into words.

#include "index/search/may_hold.h"

#include <gtest/gtest.h>

#include <vector>

#include "index/search/text.h"

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
      "xn--fiqs8s.example",      "xn--bergrecafhpital-xmbw3r-solutions.ch"};
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
