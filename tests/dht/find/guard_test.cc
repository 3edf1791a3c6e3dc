// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Nothing that is bound or private is asked, and no more than is needed.

#include "dht/find/guard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace commresolve::dht {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

KeywordSet Words(const char* text) { return *KeywordSet::FromText(text); }

IsBound Bound(const char* text) {
  return [bound = Words(text)](const KeywordSet& words) { return words == bound; };
}

TEST(WordsToAskForTest, BoundWordsAskNothing) {
  EXPECT_FALSE(WordsToAskFor(Words("bugs debian"), "", Bound("debian bugs")).ok());
  EXPECT_FALSE(WordsToAskFor(Words("mybank"), "", Bound("mybank")).ok());
}

TEST(WordsToAskForTest, AWordThatIsBoundAloneIsLeftOut) {
  EXPECT_THAT(*WordsToAskFor(Words("mybank login"), "", Bound("mybank")), ElementsAre("login"));
  const IsBound each = [](const KeywordSet& words) { return words.words().size() == 1; };
  EXPECT_FALSE(WordsToAskFor(Words("mybank login"), "", each).ok());
}

TEST(WordsToAskForTest, OtherWordsOfABindingMayBeAsked) {
  EXPECT_THAT(*WordsToAskFor(Words("debian wiki"), "debian wiki", Bound("debian bugs")),
              ElementsAre("debian", "wiki"));
}

TEST(WordsToAskForTest, PrivateNamesAndAddressesStayHome) {
  const IsBound nothing = [](const KeywordSet&) { return false; };
  for (const char* typed :
       {"192.168.1.7", "nas 10.0.0.1", "[fd00::1]", "fd00::1", "[fd00::1]:8443", "192.168.1.7:8443",
        "printer.local", "https://git.corp/x", "wiki.INTERNAL:8080", "me@mail.home.arpa",
        "https://me@nas.lan:8443/login", "x.onion", "debian-bugs.cert.alt", "\tnas.lan\n"}) {
    const auto words = WordsToAskFor(Words(typed), typed, nothing);
    ASSERT_FALSE(words.ok()) << typed;
    EXPECT_EQ(words.error().code, Code::kInvalidArgument);
  }
  for (const char* typed : {"bugs.debian.org", "debian bugs", "https://bugs.debian.org:8443/x",
                            "9.9.9.9", "me@debian.org", "printer", ""}) {
    EXPECT_TRUE(WordsToAskFor(Words("debian"), typed, nothing).ok()) << typed;
  }
}

TEST(WordsToAskForTest, ARefusalSaysWhy) {
  const auto refused = WordsToAskFor(Words("nas lan"), "nas.lan", Bound("x"));
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message, HasSubstr("nas.lan"));
  EXPECT_THAT(refused.error().message, HasSubstr("private domain"));
}

TEST(AskGuardTest, OneBucketAndItsShards) {
  AskGuard guard({.shards = 2, .subjects = 1});
  EXPECT_EQ(guard.Shard(0), std::nullopt) << "of no word";
  EXPECT_EQ(guard.Bucket("debian"), BucketOf("debian"));
  EXPECT_EQ(guard.Bucket("debian"), std::nullopt);
  EXPECT_EQ(guard.Bucket("bugs"), std::nullopt);
  EXPECT_EQ(guard.Shard(1), HotWordKey("debian", 1));
  EXPECT_EQ(guard.Shard(1), std::nullopt);
  EXPECT_EQ(guard.Shard(2), std::nullopt);
}

TEST(AskGuardTest, SoManySubjectsAndNoMore) {
  AskGuard guard({.shards = 2, .subjects = 2});
  const KeyPrefix one{1};
  const KeyPrefix two{2};
  EXPECT_EQ(guard.Subject(RecordType::kOwner, one), SubjectKey(RecordType::kOwner, one));
  EXPECT_EQ(guard.Subject(RecordType::kOwner, one), std::nullopt);
  EXPECT_EQ(guard.Subject(RecordType::kObservation, one),
            SubjectKey(RecordType::kObservation, one));
  EXPECT_NE(guard.Subject(RecordType::kOwner, two), std::nullopt);
  EXPECT_EQ(guard.Subject(RecordType::kOwner, KeyPrefix{3}), std::nullopt);
  EXPECT_NE(guard.Subject(RecordType::kObservation, two), std::nullopt);
  EXPECT_EQ(guard.Subject(RecordType::kPosting, one), std::nullopt);
}

}  // namespace
}  // namespace commresolve::dht
