// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Sealed shards and the live database are one index, also while one becomes the other.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <thread>

#include "tests/index/search/store.h"

namespace commresolve::index {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

Listing Numbered(ListingId id) {
  Listing listing = Hosts({"host" + std::to_string(id) + ".debian.example"});
  listing.id = id;
  return listing;
}

void Build(const std::string& path, const Shard& shard) {
  auto builder = ShardBuilder::Open(path, shard);
  ASSERT_TRUE(builder.ok()) << builder.error().message;
  for (ListingId id = shard.first; id <= shard.last; ++id) {
    ASSERT_TRUE((*builder)->Put(Numbered(id)).ok());
  }
  ASSERT_TRUE((*builder)->Finish().ok());
}

class SealTest : public testing::Test {
 protected:
  void SetUp() override {
    Open();
    reader_ = *SearchReader::Open(path_);
  }
  void Open() {
    writer_.reset();
    auto writer = SearchWriter::Open(path_);
    ASSERT_TRUE(writer.ok()) << writer.error().message;
    writer_ = std::move(writer).value();
  }
  void Put(ListingId id) { ASSERT_TRUE(writer_->Put(Numbered(id)).ok()); }
  void Seal(const Shard& shard) {
    Build(path_, shard);
    const Status sealed = writer_->Seal({shard});
    ASSERT_TRUE(sealed.ok()) << sealed.error().message;
  }
  std::vector<ListingId> Find(const std::string& text) {
    const auto result = reader_->Search(*ParseQuery(text), 0, 1'000, kNow, FactsSource());
    EXPECT_TRUE(result.ok()) << result.error().message;
    std::vector<ListingId> ids;
    if (!result.ok()) return ids;
    for (const Hit& hit : result->hits) ids.push_back(hit.listing);
    return ids;
  }
  [[nodiscard]] std::string List() const {
    std::ifstream file(path_ + "/shards");
    return {std::istreambuf_iterator<char>(file), {}};
  }

  TemporaryFolder folder_;
  const std::string path_ = folder_.Path("search");
  std::unique_ptr<SearchWriter> writer_;
  std::unique_ptr<SearchReader> reader_;
};

TEST_F(SealTest, FindsInShardsAndInTheLiveDatabase) {
  Seal({1, 300});
  Seal({301, 320});
  Put(321);
  ASSERT_TRUE(writer_->Commit().ok());
  EXPECT_EQ(List(), "commresolve-shards 1\n1-300\n301-320\n");
  for (const ListingId id : {1U, 300U, 301U, 320U, 321U}) {
    EXPECT_THAT(Find("host" + std::to_string(id)), ElementsAre(id));
  }
  EXPECT_EQ(Find("debian").size(), 321U);
  EXPECT_EQ(*reader_->DocumentCount(), 321U);
  const auto carriers = reader_->ListingsCarrying(*KeywordSet::FromText("host310 debian"), 10);
  EXPECT_THAT(carriers->listings, ElementsAre(310U));
}

TEST_F(SealTest, AChangedListingIsFoundOnceByBothOfItsTexts) {
  Seal({1, 10});
  Listing seen = Numbered(5);
  seen.ports = {8443};
  ASSERT_TRUE(writer_->Put(seen).ok());
  ASSERT_TRUE(writer_->Commit().ok());
  EXPECT_THAT(Find("host5 debian"), ElementsAre(5U));
  EXPECT_THAT(Find("debian port:8443"), ElementsAre(5U));
  EXPECT_EQ(Find("debian").size(), 10U);
  EXPECT_EQ(*reader_->DocumentCount(), 10U);
  const auto carriers = reader_->ListingsCarrying(*KeywordSet::FromText("host5"), 10);
  EXPECT_THAT(carriers->listings, ElementsAre(5U));
}

TEST_F(SealTest, SealingMovesLiveDocumentsAndKeepsChangedOnes) {
  Seal({1, 100});
  Put(50);
  for (ListingId id = 101; id <= 110; ++id) Put(id);
  ASSERT_TRUE(writer_->Commit().ok());
  Seal({101, 110});
  EXPECT_EQ(writer_->SealedUpTo(), 110U);
  EXPECT_EQ(Find("debian").size(), 110U);
  EXPECT_EQ(*reader_->DocumentCount(), 110U);
}

TEST_F(SealTest, SmallShardsAreMergedAndTheirFoldersGo) {
  for (ListingId id = 1; id <= 8; ++id) Seal({id, id});
  EXPECT_EQ(List(), "commresolve-shards 1\n1-8\n");
  size_t folders = 0;
  for (const auto& entry : std::filesystem::directory_iterator(path_)) {
    if (entry.is_directory()) ++folders;
  }
  EXPECT_EQ(folders, 1U);
  EXPECT_EQ(Find("debian").size(), 8U);
}

TEST_F(SealTest, WhatIsSealedIsNotSealedAgain) {
  Seal({1, 10});
  Build(path_, {10, 12});
  EXPECT_EQ(writer_->Seal({{10, 12}}).error().code, Code::kInvalidArgument);
  EXPECT_EQ(Find("debian").size(), 10U);
}

TEST_F(SealTest, ABuilderTakesItsOwnListingsInOrder) {
  auto builder = *ShardBuilder::Open(path_, {5, 9});
  EXPECT_EQ(builder->Put(Numbered(4)).error().code, Code::kInvalidArgument);
  EXPECT_TRUE(builder->Put(Numbered(6)).ok());
  EXPECT_EQ(builder->Put(Numbered(6)).error().code, Code::kInvalidArgument);
  EXPECT_EQ(builder->Put(Numbered(10)).error().code, Code::kInvalidArgument);
}

TEST_F(SealTest, ACrashBeforeTheListChangesNothing) {
  Seal({1, 300});
  Put(301);
  ASSERT_TRUE(writer_->Commit().ok());
  Build(path_, {301, 301});
  std::filesystem::create_directory(path_ + "/301-301");
  std::filesystem::create_directory(path_ + "/301-301.new");
  for (const char* file : {"/shards.Ab1xyz", "/words.Ab1xyz"})
    std::ofstream(path_ + file) << "half";
  Open();
  for (const char* left :
       {"/301-301.raw", "/301-301.new", "/301-301", "/shards.Ab1xyz", "/words.Ab1xyz"}) {
    EXPECT_FALSE(std::filesystem::exists(path_ + left)) << left;
  }
  EXPECT_EQ(Find("debian").size(), 301U);
  Seal({301, 301});
  EXPECT_EQ(Find("debian").size(), 301U);
}

TEST_F(SealTest, ACrashBehindTheListLeavesNothingTwice) {
  Seal({1, 300});
  Put(301);
  Put(302);
  ASSERT_TRUE(writer_->Commit().ok());
  // What a crash between the list and the live database leaves: 301 stands in both.
  const TemporaryFolder other;
  auto aside = *SearchWriter::Open(other.Path("search"));
  Build(other.Path("search"), {301, 301});
  ASSERT_TRUE(aside->Seal({{301, 301}}).ok());
  aside.reset();
  std::filesystem::copy(other.Path("search") + "/301-301", path_ + "/301-301");
  ASSERT_TRUE(WriteShards(path_, {{1, 300}, {301, 301}}).ok());
  EXPECT_EQ(Find("debian").size(), 302U);
  Open();
  EXPECT_EQ(Find("debian").size(), 302U);
  EXPECT_EQ(*reader_->DocumentCount(), 302U);
}

TEST_F(SealTest, WordsOfShardsAndOfTheLiveDatabaseCountTogether) {
  Seal({1, 300});
  for (ListingId id = 301; id <= 305; ++id) Put(id);
  ASSERT_TRUE(writer_->Commit().ok());
  const auto words = reader_->Complete("DEB", 5);
  ASSERT_TRUE(words.ok());
  ASSERT_EQ(words->size(), 1U);
  EXPECT_EQ((*words)[0], (CountedWord{"debian", 305}));
  EXPECT_EQ(Find("host30*").size(), 7U) << "30, 300 to 305";
  EXPECT_EQ(Find("host304 debain"), std::vector<ListingId>{304});
  EXPECT_EQ(Find("host299 debain"), std::vector<ListingId>{299});
}

TEST_F(SealTest, AWordThatCameAMomentAgoIsCompleted) {
  Seal({1, 30});
  for (ListingId id = 31; id <= 50; ++id) Put(id);
  ASSERT_TRUE(writer_->Commit().ok());
  EXPECT_THAT(Find("host49*"), ElementsAre(49U));
  Put(51);
  ASSERT_TRUE(writer_->Commit().ok());
  EXPECT_THAT(Find("host51*"), ElementsAre(51U));
  EXPECT_EQ(reader_->Complete("host51", 5)->size(), 1U);
}

TEST_F(SealTest, OfAHotWordTheBestComeFirst) {
  // Of so many equals, all but a few are expired or carry many names.
  constexpr ListingId kCount = 6'000;
  FactsSource facts;
  facts.facts = [](ListingId id) -> std::optional<ListingFacts> {
    ListingFacts known;
    known.not_after = kNow + (id % 100 == 7 ? 60 : -60) * kDay;
    known.last_seen = kNow;
    return known;
  };
  const auto make = [&facts](ListingId id) {
    Listing listing = Numbered(id);
    for (int i = 0; id % 200 == 7 && i < 20; ++i) {
      listing.fields.push_back({Field::kDnsName, "x" + std::to_string(i) + ".debian.example"});
    }
    listing.not_after = facts.facts(id)->not_after;
    listing.last_seen = kNow;
    return listing;
  };
  std::map<ListingId, Listing> made;
  facts.texts = [&](ListingId id, bool issuers) {
    return std::optional(TextsOf(made.try_emplace(id, make(id)).first->second, issuers));
  };
  for (const Shard& shard : {Shard{1, 3'000}, Shard{3'001, kCount}}) {
    auto builder = *ShardBuilder::Open(path_, shard);
    for (ListingId id = shard.first; id <= shard.last; ++id) {
      ASSERT_TRUE(builder->Put(make(id)).ok());
    }
    ASSERT_TRUE(builder->Finish().ok());
    ASSERT_TRUE(writer_->Seal({shard}).ok());
  }
  ASSERT_EQ(List(), "commresolve-shards 1\n1-6000\n");
  const auto page = [&](size_t offset, size_t limit) {
    return reader_->Search(*ParseQuery("debian"), offset, limit, kNow, facts);
  };
  const auto found = page(0, 30);
  ASSERT_TRUE(found.ok()) << found.error().message;
  EXPECT_GE(found->estimated_total, kCount);
  ASSERT_EQ(found->hits.size(), 30U);
  for (const Hit& hit : found->hits) EXPECT_EQ(hit.listing % 100, 7U) << hit.listing;
  for (size_t i = 0; i < 10; ++i) EXPECT_EQ(found->hits[i].listing % 200, 107U) << i;
  // Pages go on over what was not looked at, and show every listing once.
  std::set<ListingId> seen;
  for (size_t at = 0; at < kCount; at += 1'000) {
    const auto next = page(at, 1'000);
    ASSERT_TRUE(next.ok());
    for (const Hit& hit : next->hits) EXPECT_TRUE(seen.insert(hit.listing).second);
  }
  EXPECT_EQ(seen.size(), kCount);
}

TEST_F(SealTest, AFilterOverAHotWordFindsMoreThanItsChampions) {
  constexpr ListingId kCount = 3'000;
  const auto facts_of = [](ListingId id) {
    ListingFacts known;
    known.not_after = kNow + (id % 10 == 7 ? 60 : -60) * kDay;
    known.last_seen = kNow;
    return known;
  };
  FactsSource facts;
  facts.facts = [&](ListingId id) { return std::optional(facts_of(id)); };
  auto builder = *ShardBuilder::Open(path_, {1, kCount});
  for (ListingId id = 1; id <= kCount; ++id) {
    Listing listing = Numbered(id);
    listing.not_after = facts_of(id).not_after;
    listing.last_seen = kNow;
    listing.ports = {443};
    if (id == 2'500) listing.ports = {5222};  // Expired, and so no champion.
    ASSERT_TRUE(builder->Put(listing).ok());
  }
  ASSERT_TRUE(builder->Finish().ok());
  ASSERT_TRUE(writer_->Seal({{1, kCount}}).ok());
  const auto rare = reader_->Search(*ParseQuery("debian port:5222"), 0, 10, kNow, facts);
  ASSERT_TRUE(rare.ok()) << rare.error().message;
  ASSERT_EQ(rare->hits.size(), 1U);
  EXPECT_EQ(rare->hits[0].listing, 2'500U);
  const auto many = reader_->Search(*ParseQuery("debian port:443"), 0, 10, kNow, facts);
  ASSERT_TRUE(many.ok()) << many.error().message;
  ASSERT_EQ(many->hits.size(), 10U);
  for (const Hit& hit : many->hits) EXPECT_EQ(hit.listing % 10, 7U) << hit.listing;
  EXPECT_GT(many->estimated_total, kCount / 2);
}

TEST_F(SealTest, AHotWordOfTheLiveDatabaseIsFound) {
  Seal({1, 6'000});
  Put(6'001);
  ASSERT_TRUE(writer_->Commit().ok());
  const auto all = reader_->Search(*ParseQuery("debian"), 0, 7'000, kNow, FactsSource());
  ASSERT_TRUE(all.ok()) << all.error().message;
  EXPECT_EQ(all->hits.size(), 6'001U);
  EXPECT_THAT(Find("debian host6001"), ElementsAre(6'001U));
}

TEST_F(SealTest, WithoutItsWordsAnIndexStillFinds) {
  Seal({1, 300});
  std::filesystem::remove(path_ + "/words");
  EXPECT_EQ(Find("debian host7"), std::vector<ListingId>{7});
  std::ofstream(path_ + "/words") << "CRWORDS2 and then nothing of use";
  EXPECT_EQ(Find("debian host7"), std::vector<ListingId>{7});
  EXPECT_EQ(reader_->Complete("deb", 5)->size(), 0U);
}

TEST_F(SealTest, ExactTermsOfShardsAndOfTheLiveDatabase) {
  const auto listing = [](ListingId id) {
    Listing made = WithOrganization(Numbered(id), id % 2 == 0 ? "Green Valley" : "Greenfield");
    made.issuers = {id < 5 ? "CN=Sealed Trust" : "CN=Seagull Notary"};
    made.ports = {static_cast<uint16_t>(id % 3 == 0 ? 5222 : 443)};
    made.public_chain = id == 4 || id == 9;
    return made;
  };
  for (const Shard& shard : {Shard{1, 3}, Shard{4, 6}}) {
    auto builder = *ShardBuilder::Open(path_, shard);
    for (ListingId id = shard.first; id <= shard.last; ++id) {
      ASSERT_TRUE(builder->Put(listing(id)).ok());
    }
    ASSERT_TRUE(builder->Finish().ok());
    ASSERT_TRUE(writer_->Seal({shard}).ok());
  }
  for (ListingId id = 7; id <= 10; ++id) ASSERT_TRUE(writer_->Put(listing(id)).ok());
  ASSERT_TRUE(writer_->Commit().ok());
  EXPECT_THAT(Find("debian port:5222"), UnorderedElementsAre(3U, 6U, 9U));
  EXPECT_THAT(Find("issuer:sealed"), UnorderedElementsAre(1U, 2U, 3U, 4U));
  EXPECT_EQ(Find("issuer:sea*").size(), 10U);
  EXPECT_THAT(Find("org:greenf* -issuer:seagull"), UnorderedElementsAre(1U, 3U));
  EXPECT_THAT(Find("host2.debian.example"), ElementsAre(2U));
  EXPECT_THAT(Find("host8.debian.example"), ElementsAre(8U));
  EXPECT_EQ(Find("debian san:.debian.example").size(), 10U);
  const auto carriers = reader_->ListingsCarrying(*KeywordSet::FromText("debian"), 10);
  ASSERT_EQ(carriers->listings.size(), 10U);
  EXPECT_THAT((std::vector(carriers->listings.begin(), carriers->listings.begin() + 2)),
              UnorderedElementsAre(4U, 9U));
}

TEST_F(SealTest, WithoutItsExactTermsAShardIsDamaged) {
  Seal({1, 10});
  std::filesystem::remove(path_ + "/1-10/exact");
  EXPECT_EQ(SearchReader::Open(path_).error().code, Code::kCorrupt);
  std::ofstream(path_ + "/1-10/exact") << "CREXACT1 and then nothing of use";
  const auto reader = SearchReader::Open(path_);
  EXPECT_EQ(reader.error().code, Code::kCorrupt);
  EXPECT_NE(reader.error().message.find("1-10"), std::string::npos) << reader.error().message;
}

TEST_F(SealTest, DamagedExactTermsEndASearch) {
  auto builder = *ShardBuilder::Open(path_, {1, 40});
  for (ListingId id = 1; id <= 40; ++id) {
    Listing listing = Numbered(id);
    listing.ports = {443};
    listing.protocols = {Protocol::kTls};
    ASSERT_TRUE(builder->Put(listing).ok());
  }
  ASSERT_TRUE(builder->Finish().ok());
  ASSERT_TRUE(writer_->Seal({{1, 40}}).ok());
  const std::string path = path_ + "/1-40/exact";
  std::ifstream in(path, std::ios::binary);
  const std::string whole{std::istreambuf_iterator<char>(in), {}};
  for (size_t at = 8; at < whole.size(); at += 3) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x0b);
    std::ofstream(path, std::ios::binary | std::ios::trunc) << damaged;
    auto reader = SearchReader::Open(path_);
    if (!reader.ok()) continue;
    reader_ = std::move(reader).value();
    for (const char* text :
         {"host7.debian.example", "port:443 protocol:tls", "debian port:443 san:.debian.example"}) {
      EXPECT_LE(Find(text).size(), 41U) << at;
    }
  }
}

TEST_F(SealTest, ADamagedListIsToldAndNotTakenForNone) {
  Seal({1, 10});
  std::ofstream(path_ + "/shards", std::ios::trunc) << "commresolve-shards 1\nnonsense\n";
  EXPECT_EQ(SearchReader::Open(path_).error().code, Code::kCorrupt);
  writer_.reset();
  EXPECT_EQ(SearchWriter::Open(path_).error().code, Code::kCorrupt);
}

TEST_F(SealTest, AMissingShardIsToldAtOnce) {
  Seal({1, 10});
  std::filesystem::remove_all(path_ + "/1-10");
  EXPECT_EQ(SearchReader::Open(path_).error().code, Code::kCorrupt);
}

TEST_F(SealTest, AReaderNeverMissesAListingWhileShardsAreSealed) {
  Seal({1, 5});
  std::atomic<bool> done{false};
  std::thread writing([&] {
    for (ListingId id = 6; id <= 60; ++id) {
      Put(id);
      ASSERT_TRUE(writer_->Commit().ok());
      if (id % 5 == 0) Seal({id - 4, id});
    }
    done = true;
  });
  size_t seen = 5;
  while (!done) {
    const size_t now = Find("debian").size();
    EXPECT_GE(now, seen);
    seen = now;
  }
  writing.join();
  EXPECT_EQ(Find("debian").size(), 60U);
}

}  // namespace
}  // namespace commresolve::index
