// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// When statements are fetched, and which are believed.

#include "grpc/sharing/statement_news.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/dht/record/samples.h"

namespace commresolve::daemon {
namespace {

namespace fs = std::filesystem;
using dht::kDay;
using dht::kHour;
using dht::kNow;
using dht::RawKey;
using dht::SeedKey;
using dht::Speaker;

class StatementNewsTest : public testing::Test {
 protected:
  StatementNewsTest() {
    std::string folder = testing::TempDir() + "statements.XXXXXX";
    folder_ = mkdtemp(folder.data());
    Open();
  }
  ~StatementNewsTest() override { fs::remove_all(folder_); }

  void Open() {
    news_ = std::make_unique<StatementNews>(
        Path(), [this](const KeyId& key, const Endpoint& endpoint, const std::atomic<bool>&) {
          asked_.emplace_back(key, endpoint);
          return served_;
        });
  }
  [[nodiscard]] std::string Path() const { return folder_ + "/statements-heard"; }

  static Endpoint Place(const char* ip, Protocol protocol = Protocol::kTls) {
    return {*IpAddress::Parse(ip), 443, protocol, "www.example"};
  }
  /// What the server serves from now on.
  void Serve(const dht::SigningKey& signer, uint8_t publishing, uint32_t sequence,
             UnixTime until = kNow + 100 * kDay) {
    dht::Delegation said;
    said.publishing_key = RawKey(SeedKey(publishing));
    said.sequence = sequence;
    said.valid_from = kNow - kDay;
    said.valid_until = until;
    served_ = dht::WriteDelegation(said, signer);
  }
  /// The key proved itself, and what is due was fetched. How often the server was asked.
  size_t Prove(UnixTime now, Speaker speaker = Speaker::kPublishingKey,
               const Endpoint& place = Place("9.9.9.9")) {
    asked_.clear();
    news_->Proved(owner_.id(), place, speaker, now);
    Look(now);
    return asked_.size();
  }
  void Look(UnixTime now) { news_->Look(known_, now, stop_); }
  /// The publishing key that speaks for the owner: its number, 0 for none.
  uint8_t Speaks(UnixTime now) const {
    const auto said = news_->Of(owner_.id(), now);
    if (!said) return 0;
    return said->publishing_key == RawKey(SeedKey(1)) ? 1 : 2;
  }
  void Bind() {
    Binding binding;
    binding.words = *KeywordSet::FromText("moss garden");
    binding.accepted = {owner_.id()};
    ASSERT_TRUE(known_.Put(binding).ok());
  }

  std::string folder_;
  const dht::SigningKey owner_ = SeedKey(9);
  KnownCerts known_;
  std::atomic<bool> stop_{false};
  Result<std::string> served_ = Error{Code::kNotFound, "none"};
  std::vector<std::pair<KeyId, Endpoint>> asked_;
  std::unique_ptr<StatementNews> news_;
};

TEST_F(StatementNewsTest, OfAServerThatHasJustProvedTheKey) {
  Serve(owner_, 1, 5);
  Look(kNow);
  EXPECT_TRUE(asked_.empty());
  EXPECT_EQ(Speaks(kNow), 0);
  EXPECT_EQ(Prove(kNow), 1U);
  EXPECT_EQ(asked_[0], std::pair(owner_.id(), Place("9.9.9.9")));
  EXPECT_EQ(Speaks(kNow), 1);
  EXPECT_EQ(Speaks(kNow + 101 * kDay), 0) << "it has ended";
}

TEST_F(StatementNewsTest, OnlyWhereAPublishingKeySpokeAndOverPlainTls) {
  for (const Speaker speaker : {Speaker::kOwner, Speaker::kChosenObserver, Speaker::kStranger}) {
    EXPECT_EQ(Prove(kNow, speaker), 0U);
  }
  const Endpoint mail = Place("9.9.9.9", Protocol::kSmtp);
  EXPECT_EQ(Prove(kNow, Speaker::kPublishingKey, mail), 0U);
}

TEST_F(StatementNewsTest, AtMostOnceInSomeHours) {
  EXPECT_EQ(Prove(kNow), 1U);
  EXPECT_EQ(Prove(kNow + StatementNews::kBetweenFetches - 1), 0U);
  EXPECT_EQ(Prove(kNow + StatementNews::kBetweenFetches), 1U);
  EXPECT_EQ(Prove(kNow - kDay), 1U) << "the clock was set back";
}

TEST_F(StatementNewsTest, WhatIsFalseIsNotBelieved) {
  UnixTime now = kNow;
  const auto believed = [&] {
    now += StatementNews::kBetweenFetches;
    EXPECT_EQ(Prove(now), 1U);
    return Speaks(now) != 0;
  };
  EXPECT_FALSE(believed()) << "none is served";
  Serve(SeedKey(8), 1, 5);
  EXPECT_FALSE(believed()) << "another key signed";
  Serve(owner_, 1, 5, kNow - kHour);
  EXPECT_FALSE(believed()) << "it has ended";
  Serve(owner_, 1, 5);
  served_->back() ^= 1;
  EXPECT_FALSE(believed()) << "the signature is wrong";
  served_ = std::string("<html>no such page</html>");
  EXPECT_FALSE(believed());
  Serve(owner_, 1, 5);
  EXPECT_TRUE(believed());
}

TEST_F(StatementNewsTest, AGreaterSequenceReplacesAndALesserDoesNot) {
  Serve(owner_, 1, 5);
  Prove(kNow);
  Serve(owner_, 2, 4);
  EXPECT_EQ(Prove(kNow + kDay), 1U);
  EXPECT_EQ(Speaks(kNow + kDay), 1);
  Serve(owner_, 2, 5);
  EXPECT_EQ(Prove(kNow + 2 * kDay), 1U);
  EXPECT_EQ(Speaks(kNow + 2 * kDay), 1) << "another text under the same number";
  Serve(owner_, 2, 6);
  EXPECT_EQ(Prove(kNow + 3 * kDay), 1U);
  EXPECT_EQ(Speaks(kNow + 3 * kDay), 2);
}

TEST_F(StatementNewsTest, AnOwnerWhoIsKnownIsAskedAgainADayLater) {
  Serve(owner_, 1, 5);
  Prove(kNow);
  EXPECT_EQ(Prove(kNow + kDay - 1, Speaker::kOwner), 0U);
  EXPECT_EQ(Prove(kNow + kDay, Speaker::kOwner, Place("8.8.8.8")), 1U);
  EXPECT_EQ(Prove(kNow + 2 * kDay - 1, Speaker::kOwner), 0U);
}

TEST_F(StatementNewsTest, OfBoundKeysItIsFetchedBeforeItEnds) {
  Serve(owner_, 1, 5);
  Prove(kNow);
  Serve(owner_, 1, 6, kNow + 300 * kDay);
  asked_.clear();
  Look(kNow + 80 * kDay);
  EXPECT_TRUE(asked_.empty()) << "it is not bound";
  Bind();
  Look(kNow + 60 * kDay);
  EXPECT_TRUE(asked_.empty()) << "40 days are left";
  Look(kNow + 80 * kDay);
  ASSERT_EQ(asked_.size(), 1U);
  EXPECT_EQ(asked_[0].second, Place("9.9.9.9"));
  EXPECT_EQ(Speaks(kNow + 200 * kDay), 1);
}

TEST_F(StatementNewsTest, OutlivesARestartAndABadFile) {
  Serve(owner_, 1, 5);
  Prove(kNow);
  ASSERT_TRUE(news_->Save().ok());
  EXPECT_EQ(fs::status(Path()).permissions(), fs::perms(0600));
  Open();
  EXPECT_EQ(Speaks(kNow), 1);
  std::ofstream(Path()) << "nonsense\n";
  Open();
  EXPECT_EQ(Speaks(kNow), 0);
  EXPECT_EQ(Prove(kNow), 1U);
  ASSERT_TRUE(news_->Save().ok());
  Open();
  EXPECT_EQ(Speaks(kNow), 1);
}

HeardStatement Heard(uint32_t number, UnixTime heard) {
  HeardStatement one;
  one.said.subject.bytes[0] = static_cast<uint8_t>(number >> 8);
  one.said.subject.bytes[1] = static_cast<uint8_t>(number);
  one.said.publishing_key[0] = 7;
  one.said.sequence = number;
  one.said.valid_from = kNow;
  one.said.valid_until = kNow + kDay;
  one.where = {*IpAddress::Parse("2620:fe::9"), 8443, Protocol::kTls,
               number % 2 == 0 ? "" : "a.example"};
  one.heard = heard;
  return one;
}

TEST(StatementBookTest, HasRoomForTheNewest) {
  StatementBook book;
  const auto most = static_cast<uint32_t>(StatementBook::kMostKeys);
  for (uint32_t i = 0; i <= most; ++i) EXPECT_TRUE(book.Add(Heard(i, kNow + (i + 500) % most)));
  EXPECT_EQ(book.size(), StatementBook::kMostKeys);
  EXPECT_FALSE(book.Of(Heard(500, 0).said.subject)) << "this was heard first";
  EXPECT_TRUE(book.Of(Heard(most, 0).said.subject));
  const auto read = StatementBook::Parse(book.ToText(), "file");
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(*read, book);
  EXPECT_FALSE(StatementBook::Parse(book.ToText() + StatementBook(*read).ToText(), "file").ok());
}

TEST(StatementBookTest, EveryCutAndForeignLineIsNamed) {
  StatementBook book;
  book.Add(Heard(1, kNow));
  const std::string text = book.ToText();
  const std::string line = text.substr(text.find('\n') + 1);
  ASSERT_TRUE(StatementBook::Parse(line, "file").ok());
  std::vector<std::string> bad = {"old" + line.substr(3), line + line,
                                  line.substr(0, line.size() - 1),
                                  line.substr(0, line.size() - 2) + " \n"};
  for (size_t at = line.find(' '); at < line.rfind(' '); at = line.find(' ', at + 1)) {
    bad.push_back(line.substr(0, at) + "\n");
    bad.push_back(line.substr(0, at) + " x" + line.substr(at));
  }
  for (const std::string& one : bad) {
    const auto read = StatementBook::Parse(one, "file");
    ASSERT_FALSE(read.ok()) << one;
    EXPECT_EQ(read.error().code, Code::kCorrupt);
  }
}

TEST(StatementBookTest, ForgetsWhatHasEndedAndTheFuture) {
  StatementBook book;
  book.Add(Heard(1, kNow + kDay));
  EXPECT_TRUE(book.Tidy(kNow));
  EXPECT_EQ(book.Of(Heard(1, 0).said.subject)->heard, kNow);
  EXPECT_FALSE(book.Tidy(kNow));
  EXPECT_TRUE(book.Tidy(kNow + 2 * kDay));
  EXPECT_EQ(book.size(), 0U);
}

}  // namespace
}  // namespace commresolve::daemon
