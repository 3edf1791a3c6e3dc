// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Hashed words: a vector made with another program, matching, and the text form.

#include "resolver/trust/hashed_words.h"

#include <gtest/gtest.h>

namespace commresolve {
namespace {

KeywordSet Words(const std::string& text) { return KeywordSet::FromText(text).value(); }

TEST(HashedWords, IsHmacSha256OfTheWordsWithTheSaltAsKey) {
  // printf 'bugs debian' | openssl dgst -sha256 -hmac 01234567890123456789 -binary | base64
  EXPECT_EQ(HashedWords::Of(Words("Debian bugs"), "01234567890123456789").ToString(),
            "|1|MDEyMzQ1Njc4OTAxMjM0NTY3ODk=|0JoS0JZtC6O44brQTkPhtdHNk6+2YjDaL1VJs05OcYo=");
}

TEST(HashedWords, MatchesTheseWordsOnly) {
  const auto hashed = HashedWords::Make(Words("debian bugs"));
  ASSERT_TRUE(hashed.ok());
  EXPECT_TRUE(hashed->Matches(Words("bugs debian")));
  EXPECT_FALSE(hashed->Matches(Words("debian")));
  EXPECT_FALSE(hashed->Matches(Words("debianbugs")));
}

TEST(HashedWords, EverySaltIsNew) {
  const auto one = HashedWords::Make(Words("x"));
  const auto two = HashedWords::Make(Words("x"));
  ASSERT_TRUE(one.ok() && two.ok());
  EXPECT_NE(one->salt, two->salt);
  EXPECT_NE(one->hash, two->hash);
}

TEST(HashedWords, TextReadsBack) {
  const auto hashed = HashedWords::Make(Words("x"));
  ASSERT_TRUE(hashed.ok());
  const auto read = HashedWords::Parse(hashed->ToString());
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(*read, *hashed);
}

TEST(HashedWords, OtherTextIsRefused) {
  const std::string good = HashedWords::Of(Words("x"), std::string(20, 's')).ToString();
  EXPECT_TRUE(HashedWords::Parse(good).ok());
  for (const std::string& bad :
       {std::string(), std::string("|1|"), std::string("|1||"), good.substr(1), good + "|",
        "|2" + good.substr(2), good.substr(0, good.size() - 8),
        HashedWords::Of(Words("x"), "short").ToString()}) {
    EXPECT_FALSE(HashedWords::Parse(bad).ok()) << bad;
  }
}

}  // namespace
}  // namespace commresolve
