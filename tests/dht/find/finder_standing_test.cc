// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Who lied, who did not, and what the file remembers.

#include "dht/find/finder_standing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "tests/dht/find/fake_getter.h"

namespace commresolve::dht {
namespace {

using testing::HasSubstr;

constexpr std::string_view kTitle = "# commresolve finders 1\n";

void JudgeMany(FinderStanding& standing, const Ed25519Key& finder, uint8_t from, uint8_t to,
               bool held) {
  for (uint8_t key = from; key < to; ++key) {
    standing.Judge(finder, Prefix(key), "debian", held, kNow);
  }
}

TEST(FinderStandingTest, WhoeverIsRightBecomesGood) {
  FinderStanding standing;
  EXPECT_EQ(standing.Of(Finder(1)), FinderRank::kUnknown);
  JudgeMany(standing, Finder(1), 0, 2, true);
  EXPECT_EQ(standing.Of(Finder(1)), FinderRank::kUnknown);
  JudgeMany(standing, Finder(1), 2, 3, true);
  EXPECT_EQ(standing.Of(Finder(1)), FinderRank::kGood);
  EXPECT_EQ(standing.Of(Finder(2)), FinderRank::kUnknown);
}

TEST(FinderStandingTest, WhoeverLiesIsALiarAndStaysOne) {
  FinderStanding standing;
  JudgeMany(standing, Finder(1), 0, 2, false);
  EXPECT_EQ(standing.Of(Finder(1)), FinderRank::kUnknown) << "not below other strangers";
  JudgeMany(standing, Finder(1), 2, 3, false);
  EXPECT_EQ(standing.Of(Finder(1)), FinderRank::kLiar);
  JudgeMany(standing, Finder(1), 3, 103, true);
  EXPECT_EQ(standing.Of(Finder(1)), FinderRank::kLiar);
}

TEST(FinderStandingTest, WhoeverWasOftenRightMayBeWrongAtTimes) {
  FinderStanding standing;
  JudgeMany(standing, Finder(1), 0, 40, true);
  JudgeMany(standing, Finder(1), 40, 43, false);
  EXPECT_EQ(standing.Of(Finder(1)), FinderRank::kGood);
  JudgeMany(standing, Finder(1), 43, 44, false);
  EXPECT_EQ(standing.Of(Finder(1)), FinderRank::kLiar);
}

TEST(FinderStandingTest, NobodySavesUpForLies) {
  FinderStanding standing;
  JudgeMany(standing, Finder(1), 0, 255, true);
  EXPECT_EQ(standing.all().at(Finder(1)).right, kMostRight);
  JudgeMany(standing, Finder(1), 0, 9, false);
  EXPECT_EQ(standing.all().at(Finder(1)).wrong, 0U) << "judged before";
  for (uint8_t key = 0; key < 10; ++key) {
    standing.Judge(Finder(1), Prefix(key), "bugs", false, kNow);
  }
  EXPECT_EQ(standing.Of(Finder(1)), FinderRank::kLiar);
}

TEST(FinderStandingTest, TheSameClaimCountsOnce) {
  FinderStanding standing;
  for (int i = 0; i < 5; ++i) standing.Judge(Finder(1), Prefix(1), "debian", false, kNow);
  EXPECT_EQ(standing.Of(Finder(1)), FinderRank::kUnknown);
  EXPECT_EQ(standing.all().at(Finder(1)).wrong, 1U);
}

TEST(FinderStandingTest, RoomIsBoundedAndLiarsAreForgottenLast) {
  FinderStanding standing;
  JudgeMany(standing, Finder(1), 0, 3, false);
  Ed25519Key finder{};
  for (size_t i = 0; i < kMaxFinders + 5; ++i) {
    finder[0] = static_cast<uint8_t>(i);
    finder[1] = static_cast<uint8_t>(i >> 8);
    standing.Judge(finder, Prefix(1), "debian", true, kNow + static_cast<UnixTime>(i));
  }
  EXPECT_EQ(standing.size(), kMaxFinders);
  EXPECT_EQ(standing.Of(Finder(1)), FinderRank::kLiar);
  EXPECT_FALSE(standing.all().contains(Ed25519Key{})) << "the oldest went";
  const std::string text = standing.ToText();
  EXPECT_LE(text.size(), kMaxStandingBytes);
  EXPECT_EQ(FinderStanding::Parse(text, "x")->size(), kMaxFinders);
}

class StandingFileTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "standing.XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    path_ = folder_ + "/finders";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string folder_;
  std::string path_;
};

TEST_F(StandingFileTest, ALiarStaysOneAfterARestart) {
  FinderStanding standing;
  JudgeMany(standing, Finder(1), 0, 3, false);
  JudgeMany(standing, Finder(2), 0, 3, true);
  ASSERT_TRUE(SaveStanding(path_, standing).ok());
  struct stat info{};
  ASSERT_EQ(stat(path_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
  const auto loaded = LoadStanding(path_);
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(loaded->all(), standing.all());
  EXPECT_EQ(loaded->Of(Finder(1)), FinderRank::kLiar);
  EXPECT_EQ(loaded->Of(Finder(2)), FinderRank::kGood);
}

TEST_F(StandingFileTest, NoFileIsNobody) {
  const auto loaded = LoadStanding(path_);
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(loaded->size(), 0U);
}

TEST_F(StandingFileTest, WhatOthersMayWriteIsNotRead) {
  ASSERT_TRUE(SaveStanding(path_, {}).ok());
  std::filesystem::permissions(path_, std::filesystem::perms::all);
  const auto loaded = LoadStanding(path_);
  ASSERT_FALSE(loaded.ok());
  EXPECT_EQ(loaded.error().code, Code::kUntrusted);
}

TEST(StandingTextTest, OneFinderToALine) {
  FinderStanding standing;
  standing.Judge(Finder(1), Prefix(1), "debian", true, kNow);
  standing.Judge(Finder(1), Prefix(2), "debian", false, kNow + 5);
  const std::string text = standing.ToText();
  EXPECT_THAT(text, HasSubstr(" 1 1 1770000005\n"));
  EXPECT_EQ(FinderStanding::Parse(text, "x")->ToText(), text);
}

TEST(StandingTextTest, AnythingElseIsRefusedAndNamed) {
  const std::string key(52, 'a');
  const std::string title(kTitle);
  const std::pair<std::string, const char*> cases[] = {
      {"x\n", "f line 1: not the standing"},
      {key + " 1 1 1\n", "f line 1: not the standing"},
      {title + "\n", "f line 2: key"},
      {title + key + "a 1 1 1\n", "f line 2: key"},
      {title + std::string(51, 'a') + "b 1 1 1\n", "f line 2: key"},
      {title + std::string(52, 'A') + " 1 1 1\n", "f line 2: key"},
      {title + key + "  1 1 1\n", "f line 2: right"},
      {title + key + " 101 1 1\n", "f line 2: right"},
      {title + key + " -1 1 1\n", "f line 2: right"},
      {title + key + " 01 1 1\n", "f line 2: right"},
      {title + key + " 1 x 1\n", "f line 2: wrong"},
      {title + key + " 1 1\n", "f line 2: judged"},
      {title + key + " 1 1 4294967296\n", "f line 2: judged"},
      {title + key + " 1 1 1 1\n", "f line 2: more than"},
      {title + key + " 1 1 1\n" + key + " 1 1 1\n", "f line 3: the same key twice"},
  };
  for (const auto& [text, why] : cases) {
    const auto standing = FinderStanding::Parse(text, "f");
    ASSERT_FALSE(standing.ok()) << text;
    EXPECT_EQ(standing.error().code, Code::kCorrupt);
    EXPECT_THAT(standing.error().message, HasSubstr(why)) << text;
  }
  EXPECT_FALSE(FinderStanding::Parse(std::string(kMaxStandingBytes + 1, '#'), "f").ok());
}

}  // namespace
}  // namespace commresolve::dht
