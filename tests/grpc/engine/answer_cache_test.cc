// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// An answer is given again only while everything it was made of is the same.

#include "grpc/engine/answer_cache.h"

#include <gtest/gtest.h>

namespace commresolve::daemon {
namespace {

constexpr UnixTime kNow = 1'000'000;

class AnswerCacheTest : public testing::Test {
 protected:
  AnswerCacheTest() {
    Config config;
    config.resolver.max_age = 600;
    basis_ = {std::make_shared<const KnownCerts>(), std::make_shared<const Config>(config), 7};
  }
  static ResolveRequest Words(const std::string& words) {
    return {.name = *KeywordSet::FromText(words), .protocol = {}};
  }
  static std::shared_ptr<const Resolution> Proved(UnixTime at, bool fresh = false) {
    Resolution resolution;
    resolution.answer = Answer{};
    resolution.answer->proved_at = at;
    resolution.answer->fresh = fresh;
    return std::make_shared<const Resolution>(std::move(resolution));
  }

  AnswerBasis basis_;
  AnswerCache cache_;
};

TEST_F(AnswerCacheTest, TheSameQuestionGetsTheSameAnswer) {
  const auto answer = Proved(kNow - 10);
  cache_.Put(Words("debian bugs"), basis_, kNow, answer);
  EXPECT_EQ(cache_.Find(Words("bugs debian"), basis_, kNow + 1), answer);
  EXPECT_EQ(cache_.Find(Words("debian"), basis_, kNow), nullptr);
  ResolveRequest other = Words("debian bugs");
  other.port = 443;
  EXPECT_EQ(cache_.Find(other, basis_, kNow), nullptr);
  other = Words("debian bugs");
  other.protocol = Protocol::kSmtp;
  EXPECT_EQ(cache_.Find(other, basis_, kNow), nullptr);
}

TEST_F(AnswerCacheTest, WordsOfDigitsAreNoPort) {
  ResolveRequest one_word = Words("360");
  one_word.port = 443;
  one_word.protocol = Protocol::kTls;
  cache_.Put(one_word, basis_, kNow, Proved(kNow));
  EXPECT_EQ(cache_.Find(Words("360 443"), basis_, kNow), nullptr);
  EXPECT_EQ(cache_.Find(Words("360 443 0"), basis_, kNow), nullptr);
  EXPECT_EQ(cache_.Find(Words("0 360 443"), basis_, kNow), nullptr);
}

TEST_F(AnswerCacheTest, AnyChangeOfTheBasisEndsIt) {
  cache_.Put(Words("bugs"), basis_, kNow, Proved(kNow));
  AnswerBasis other = basis_;
  other.ledger = 8;
  EXPECT_EQ(cache_.Find(Words("bugs"), other, kNow), nullptr);
  other = basis_;
  other.known = std::make_shared<const KnownCerts>();
  EXPECT_EQ(cache_.Find(Words("bugs"), other, kNow), nullptr);
  other = basis_;
  other.config = std::make_shared<const Config>();
  EXPECT_EQ(cache_.Find(Words("bugs"), other, kNow), nullptr);
  EXPECT_NE(cache_.Find(Words("bugs"), basis_, kNow), nullptr);
  cache_.Put(Words("other"), other, kNow, Proved(kNow));
  EXPECT_EQ(cache_.Find(Words("bugs"), basis_, kNow), nullptr);
  EXPECT_EQ(cache_.Find(Words("bugs"), other, kNow), nullptr);
}

TEST_F(AnswerCacheTest, ItEndsWithItsProof) {
  cache_.Put(Words("bugs"), basis_, kNow, Proved(kNow - 500));
  EXPECT_NE(cache_.Find(Words("bugs"), basis_, kNow + 100), nullptr);
  EXPECT_EQ(cache_.Find(Words("bugs"), basis_, kNow + 101), nullptr);
}

TEST_F(AnswerCacheTest, AClockThatWasSetBackIsNotBelieved) {
  cache_.Put(Words("bugs"), basis_, kNow, Proved(kNow - 500));
  EXPECT_EQ(cache_.Find(Words("bugs"), basis_, kNow - 1), nullptr);
}

TEST_F(AnswerCacheTest, OnlyAnswersOfWordsAndKeysFromTheRecordAreKept) {
  cache_.Put(Words("fresh"), basis_, kNow, Proved(kNow, true));
  EXPECT_EQ(cache_.Find(Words("fresh"), basis_, kNow), nullptr);
  Resolution refused;
  refused.refusal = Error{Code::kUnavailable, "no"};
  cache_.Put(Words("refused"), basis_, kNow,
             std::make_shared<const Resolution>(std::move(refused)));
  EXPECT_EQ(cache_.Find(Words("refused"), basis_, kNow), nullptr);
  const ResolveRequest host{.name = DnsName{"bugs.example"}, .protocol = {}};
  cache_.Put(host, basis_, kNow, Proved(kNow));
  EXPECT_EQ(cache_.Find(host, basis_, kNow), nullptr);
  const ResolveRequest key{.name = KeyId{}, .protocol = {}};
  cache_.Put(key, basis_, kNow, Proved(kNow));
  EXPECT_NE(cache_.Find(key, basis_, kNow), nullptr);
}

TEST_F(AnswerCacheTest, ItIsBounded) {
  for (int i = 0; i < 5'000; ++i) {
    cache_.Put(Words("word" + std::to_string(i)), basis_, kNow, Proved(kNow));
  }
  EXPECT_EQ(cache_.Find(Words("word0"), basis_, kNow), nullptr);
  EXPECT_NE(cache_.Find(Words("word4999"), basis_, kNow), nullptr);
}

}  // namespace
}  // namespace commresolve::daemon
