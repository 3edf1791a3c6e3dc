// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The search index follows the ledger, by small steps and by sealed shards.

#include "index/indexer.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>

#include "index/finder.h"
#include "index/query_facts.h"
#include "tests/bench/generator.h"

namespace commresolve::index {
namespace {

class IndexerTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "/indexer_test.XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    Open();
  }
  void Open() {
    store_.reset();
    store_ = *Store::Open(folder_ + "/data", "");
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  /// Records certificates [begin, end) of the generator, as seen at `port`, if that is not 0.
  void Record(uint64_t begin, uint64_t end, uint16_t port = 0) {
    auto batch = *store_->ledger().Begin();
    for (uint64_t i = begin; i < end; ++i) {
      const std::string der = generator_.Make(i).der;
      std::optional<Endpoint> endpoint;
      if (port != 0) endpoint = Endpoint{*IpAddress::Parse("192.0.2.7"), port, Protocol::kTls, ""};
      const Observation seen{{der}, endpoint, bench::kNow, "import", false, ""};
      const auto parsed = ParseInBulk(der);
      ASSERT_TRUE(parsed.ok() && batch->Add(seen, *parsed, nullptr).ok()) << i;
    }
    ASSERT_TRUE(batch->Commit().ok());
  }
  void CatchUp(ListingId max_live, const std::atomic<bool>* stop = nullptr) {
    const Status status = CatchUpIndex(*store_, {stop, {}, max_live});
    EXPECT_TRUE(status.ok() || stop != nullptr) << status.error().message;
  }
  [[nodiscard]] Shards SealedShards() const {
    return *ReadShards(store_->SearchPath(*store_->SearchNumber()));
  }
  /// Every listing of the ledger is found by its own words, once, and there are no others.
  void ExpectComplete() {
    const uint64_t listings = store_->ledger().Counts()->listings;
    EXPECT_EQ(*(*store_->Search())->DocumentCount(), listings);
    EXPECT_EQ(*store_->ledger().ChangedCount(), 0U);
    for (ListingId id = 1; id <= listings; ++id) ExpectFound(id);
  }
  void ExpectFound(ListingId id) {
    const auto listing = *store_->ledger().GetListing(id);
    ASSERT_TRUE(listing);
    const auto name = std::ranges::find(listing->fields, Field::kDnsName, &FieldText::field);
    if (name == listing->fields.end() || name->text.starts_with("*.")) return;
    const auto query = ParseQuery("san:" + name->text);
    ASSERT_TRUE(query.ok()) << name->text;
    const auto found =
        (*store_->Search())->Search(*query, 0, 1'000, bench::kNow, FactsFrom(store_->ledger()));
    ASSERT_TRUE(found.ok());
    EXPECT_EQ(std::ranges::count(found->hits, id, &Hit::listing), 1) << name->text;
  }

  const bench::Generator generator_;
  std::string folder_;
  std::unique_ptr<Store> store_;
};

TEST_F(IndexerTest, SealsWhenThereIsMuchNew) {
  Record(0, 50);
  CatchUp(1'000);  // The first index is sealed whatever there is.
  const Shards first = SealedShards();
  ASSERT_EQ(first.size(), 1U);
  Record(50, 60);
  CatchUp(1'000);
  EXPECT_EQ(SealedShards(), first);
  ExpectComplete();
  Record(60, 200);
  CatchUp(20);
  EXPECT_EQ(SealedShards().back().last, store_->ledger().Counts()->listings);
  ExpectComplete();
}

TEST_F(IndexerTest, AChangeOfASealedListingIsFound) {
  Record(0, 50);
  CatchUp(10);
  Record(0, 5, 8443);
  Record(50, 100);
  CatchUp(10);
  ExpectComplete();
  const auto found =
      (*store_->Search())
          ->Search(*ParseQuery("port:8443"), 0, 100, bench::kNow, FactsFrom(store_->ledger()));
  ASSERT_TRUE(found.ok());
  size_t seen_there = 0;
  for (ListingId id = 1; id <= store_->ledger().Counts()->listings; ++id) {
    if ((*store_->ledger().GetListing(id))->ports.contains(8443)) ++seen_there;
  }
  EXPECT_GT(seen_there, 0U);
  EXPECT_EQ(found->hits.size(), seen_there);
}

TEST_F(IndexerTest, IfMuchHasChangedItIsBuiltAnew) {
  Record(0, 200);
  CatchUp(20);
  const uint64_t first = *store_->SearchNumber();
  Record(0, 20, 8443);
  CatchUp(20);
  EXPECT_EQ(*store_->SearchNumber(), first) << "a few listings are written once more";
  Record(20, 150, 8443);
  CatchUp(20);
  EXPECT_EQ(*store_->SearchNumber(), first + 1);
  EXPECT_EQ((*store_->OpenSearchWriter())->CountOutdated().value(), 0U);
  ExpectComplete();
}

TEST_F(IndexerTest, StoppedItGoesOnNextTime) {
  Record(0, 50);
  CatchUp(10);
  Record(50, 300);
  const std::atomic<bool> stop = true;
  const Status stopped = CatchUpIndex(*store_, {&stop, {}, 10});
  ASSERT_FALSE(stopped.ok());
  EXPECT_EQ(stopped.error().code, Code::kInterrupted);
  CatchUp(10);
  ExpectComplete();
}

TEST_F(IndexerTest, ACrashBehindASealingWritesNothingAgain) {
  Record(0, 50);
  CatchUp(10);
  Record(50, 300);
  Record(0, 5, 8443);
  const std::atomic<bool> stop = true;
  EXPECT_FALSE(CatchUpIndex(*store_, {&stop, {}, 60}).ok());
  store_.reset();
  std::filesystem::copy(folder_ + "/data/ledger", folder_ + "/aside");
  Open();
  CatchUp(60);
  store_.reset();
  // The shard is listed, and the queue is as it was.
  std::filesystem::remove_all(folder_ + "/data/ledger");
  std::filesystem::rename(folder_ + "/aside", folder_ + "/data/ledger");
  Open();
  ASSERT_GT(*store_->ledger().ChangedCount(), 100U);
  Record(300, 305);
  uint64_t written = 0;
  const auto count = [&written](uint64_t done, uint64_t) { written = done; };
  ASSERT_TRUE(CatchUpIndex(*store_, {nullptr, count, 60}).ok());
  EXPECT_GT(written, 0U);
  EXPECT_LE(written, 5U);
  ExpectComplete();
}

TEST_F(IndexerTest, WhatAKilledRebuildLeftGoesWithTheNextChange) {
  Record(0, 50);
  CatchUp(10);
  const std::string left = store_->SearchPath(7);
  std::filesystem::create_directory(left);
  Record(50, 100);
  CatchUp(10);
  EXPECT_FALSE(std::filesystem::exists(left));
  ExpectComplete();
}

TEST_F(IndexerTest, ManySmallStepsKeepFewShards) {
  for (uint64_t begin = 0; begin < 600; begin += 20) {
    Record(begin, begin + 20);
    CatchUp(5);
    ASSERT_LE(SealedShards().size(), 8U);
  }
  ExpectComplete();
}

}  // namespace
}  // namespace commresolve::index
