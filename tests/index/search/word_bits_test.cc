// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Bits in place of a long list.

#include "index/search/word_bits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "index/search/index_vocabulary.h"
#include "index/search/plan.h"
#include "index/search/words.h"
#include "tests/index/search/store.h"

namespace commresolve::index {
namespace {

Xapian::WritableDatabase Carrying(const std::string& term, const std::vector<ListingId>& listings) {
  Xapian::WritableDatabase database("", Xapian::DB_BACKEND_INMEMORY);
  for (const ListingId id : listings) {
    Xapian::Document document;
    document.add_term(term);
    database.replace_document(id, document);
  }
  return database;
}

TEST(ShardBits, HoldTheListingsOfTheShardThatCarryTheWord) {
  const Shard shard{100, 300};
  const ShardBits bits(Carrying("word", {99, 100, 163, 164, 299, 300, 301}), "word", shard);
  EXPECT_EQ(bits.count(), 5U);
  std::vector<uint64_t> found;
  uint64_t at = bits.Next(0);
  for (int i = 0; i < 10 && at != bits.end(); ++i) {
    found.push_back(at);
    at = bits.Next(at + 1);
  }
  EXPECT_THAT(found, testing::ElementsAre(100, 163, 164, 299, 300));
  for (uint64_t id = 90; id < 400; ++id) {
    EXPECT_EQ(bits.Holds(id), std::ranges::find(found, id) != found.end()) << id;
  }
  EXPECT_EQ(bits.Next(301), 301U);
  EXPECT_EQ(ShardBits(Carrying("other", {5}), "word", {1, 10}).Next(1), 11U);
}

TEST(WordBits, KeepThoseThatWereAskedForLast) {
  const Xapian::WritableDatabase database = Carrying("word", {1, 7});
  constexpr ListingId kLast = 16'000'000;  // 2 MB of bits.
  WordBits bits;
  const auto first = bits.Of("word", {1, kLast}, database);
  EXPECT_EQ(bits.Of("word", {1, kLast}, database), first);
  EXPECT_TRUE(bits.Keeps("word"));
  EXPECT_FALSE(bits.Keeps("wor"));
  for (const char* other : {"a", "b", "word", "c", "d", "word", "e"}) {
    EXPECT_NE(bits.Of(other, {1, kLast}, database), nullptr);
    EXPECT_LE(bits.bytes(), WordBits::kMaxBytes);
    EXPECT_TRUE(bits.Keeps(other));
  }
  EXPECT_EQ(bits.Of("word", {1, kLast}, database), first);
  EXPECT_FALSE(bits.Keeps("a"));
  EXPECT_TRUE(bits.Keeps("e"));
  // Even if it is too large to be kept beside others.
  EXPECT_NE(bits.Of("huge", {1, 80'000'000}, database), nullptr);
  EXPECT_TRUE(bits.Keeps("huge"));
  EXPECT_FALSE(bits.Keeps("word"));
}

/// Very many carry "mail", and few of them are below big.org.
class BelowADomain : public testing::Test {
 protected:
  static constexpr ListingId kSealed = 2'000;
  static constexpr ListingId kCount = 2'100;

  static Listing Make(ListingId id) {
    const std::string site = "x" + std::to_string(id);
    Listing listing = Hosts({"mail." + site + ".org"});
    if (id % 10 == 0) listing = Hosts({(id % 20 == 0 ? "mail." : "web.") + site + ".big.org"});
    listing.id = id;
    return listing;
  }
  void SetUp() override {
    auto writer = *SearchWriter::Open(path_);
    for (const Shard& shard : {Shard{1, 900}, Shard{901, kSealed}}) {
      auto builder = *ShardBuilder::Open(path_, shard);
      for (ListingId id = shard.first; id <= shard.last; ++id) {
        ASSERT_TRUE(builder->Put(Make(id)).ok());
      }
      ASSERT_TRUE(builder->Finish().ok());
      ASSERT_TRUE(writer->Seal({shard}).ok());
    }
    for (ListingId id = kSealed + 1; id <= kCount; ++id) {
      ASSERT_TRUE(writer->Put(Make(id)).ok());
    }
    ASSERT_TRUE(writer->Commit().ok());
  }

  TemporaryFolder folder_;
  const std::string path_ = folder_.Path("search");
};

TEST_F(BelowADomain, AWordThatVeryManyCarryIsAskedForByItsBits) {
  const IndexView view = *IndexView::Open(path_);
  Words words(path_);
  const IndexVocabulary vocabulary(view, words);
  Xapian::Enquire enquire(view.database());
  enquire.set_query(PlanQuery(*ParseQuery("mail.big.org"), Wanted::kAll, vocabulary));
  std::set<ListingId> found;
  const Xapian::MSet hits = enquire.get_mset(0, kCount);
  for (auto at = hits.begin(); at != hits.end(); ++at) found.insert(view.ListingOf(*at));
  EXPECT_EQ(found.size(), kCount / 20);
  for (const ListingId id : found) EXPECT_EQ(id % 20, 0U) << id;
  EXPECT_TRUE(view.word_bits()->Keeps("mail"));
}

TEST_F(BelowADomain, TheBitsWeighWhatTheWordDoes) {
  const IndexView view = *IndexView::Open(path_);
  Words words(path_);
  const IndexVocabulary vocabulary(view, words);
  const auto weights = [&view](const Xapian::Query& query) {
    Xapian::Enquire enquire(view.database());
    enquire.set_weighting_scheme(Xapian::BM25Weight(1, 0, 0, 0, 0.5));
    enquire.set_query(query);
    std::map<Xapian::docid, double> all;
    const Xapian::MSet hits = enquire.get_mset(0, 2 * kCount);
    for (auto at = hits.begin(); at != hits.end(); ++at) all[*at] = at.get_weight();
    return all;
  };
  const auto by_word = weights(vocabulary.Word("mail", 0));
  const auto by_bits = weights(vocabulary.Word("mail", 1'000));
  EXPECT_TRUE(view.word_bits()->Keeps("mail"));
  EXPECT_GT(by_word.size(), kHotListings);
  EXPECT_EQ(by_bits, by_word);
}

}  // namespace
}  // namespace commresolve::index
