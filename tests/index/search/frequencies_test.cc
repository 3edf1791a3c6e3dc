// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Counts that are kept, while the index goes on.

#include "index/search/frequencies.h"

#include <gtest/gtest.h>

#include <set>

#include "index/search/index_view.h"
#include "index/search/index_vocabulary.h"
#include "index/search/terms.h"
#include "tests/index/search/store.h"

namespace commresolve::index {
namespace {

class FrequenciesOf : public testing::Test {
 protected:
  void Put(ListingId id, const std::string& host) {
    Listing listing = Hosts({host});
    listing.id = id;
    ASSERT_TRUE(writer_->Put(listing).ok());
  }
  void Seal(const Shard& shard, const std::string& host) {
    auto builder = *ShardBuilder::Open(path_, shard);
    for (ListingId id = shard.first; id <= shard.last; ++id) {
      Listing listing = Hosts({host});
      listing.id = id;
      ASSERT_TRUE(builder->Put(listing).ok());
    }
    ASSERT_TRUE(builder->Finish().ok());
    ASSERT_TRUE(writer_->Seal({shard}).ok());
  }
  static std::set<ListingId> Found(const IndexView& view, const Xapian::Query& query) {
    Xapian::Enquire enquire(view.database());
    enquire.set_query(query);
    std::set<ListingId> found;
    const Xapian::MSet hits = enquire.get_mset(0, 100);
    for (auto at = hits.begin(); at != hits.end(); ++at) found.insert(view.ListingOf(*at));
    return found;
  }

  TemporaryFolder folder_;
  const std::string path_ = folder_.Path("search");
  std::unique_ptr<SearchWriter> writer_ = *SearchWriter::Open(path_);
  const std::string word_ = TermOf(TermKind::kWord, "example");
  const std::string host_ = TermOf(TermKind::kHost, "example.org");
  const std::string absent_ = TermOf(TermKind::kWord, "other");
};

TEST_F(FrequenciesOf, FollowTheLiveDatabaseAndTheShards) {
  Seal({1, 3}, "example.org");
  auto opened = IndexView::Open(path_);
  ASSERT_TRUE(opened.ok());
  IndexView view = *std::move(opened);
  const auto expect = [&view](const std::string& term, size_t sealed, size_t live) {
    for (const char* again : {"first", "kept"}) {
      const TermCount count = view.Frequency(term);
      EXPECT_EQ(count.sealed, sealed) << term << ", " << again;
      EXPECT_EQ(count.live, live) << term << ", " << again;
      EXPECT_EQ(count.all(), sealed + live);
    }
  };
  expect(word_, 3, 0);
  expect(host_, 3, 0);
  expect(absent_, 0, 0);

  Put(4, "example.org");
  Put(5, "other.net");
  ASSERT_TRUE(writer_->Commit().ok());
  ASSERT_TRUE(view.Refresh().ok());
  expect(word_, 3, 1);
  expect(host_, 3, 1);
  expect(absent_, 0, 1);

  Seal({4, 5}, "example.org");
  ASSERT_TRUE(view.Refresh().ok());
  expect(word_, 5, 0);
  expect(host_, 5, 0);
  expect(absent_, 0, 0);
}

TEST_F(FrequenciesOf, WhatCameIntoTheLiveDatabaseIsFound) {
  Seal({1, 3}, "example.org");
  auto opened = IndexView::Open(path_);
  ASSERT_TRUE(opened.ok());
  IndexView view = *std::move(opened);
  Words words(path_);
  const IndexVocabulary vocabulary(view, words);
  const auto found = [&] { return Found(view, vocabulary.Exact(host_, 1, Carrying::kAll)); };
  std::set<ListingId> expected{1, 2, 3};
  EXPECT_EQ(found(), expected);
  for (const ListingId id : {4, 5, 6}) {
    Put(id, "example.org");
    ASSERT_TRUE(writer_->Commit().ok());
    for (const char* again : {"first", "unchanged"}) {
      ASSERT_TRUE(view.Refresh().ok()) << again;
      expected.insert(id);
      EXPECT_EQ(found(), expected) << again;
    }
  }
}

TEST_F(FrequenciesOf, AreForgottenBeforeTheyAreTooMany) {
  Seal({1, 3}, "example.org");
  const Xapian::Database live(path_);
  const Xapian::Database sealed(path_ + "/1-3");
  Frequencies frequencies(sealed, std::make_shared<ExactTerms>());
  for (size_t i = 0; i < Frequencies::kMaxTerms + 10; ++i) {
    EXPECT_EQ(frequencies.Of("word" + std::to_string(i), live).all(), 0U);
    EXPECT_LE(frequencies.kept(), Frequencies::kMaxTerms);
  }
  EXPECT_EQ(frequencies.kept(), 10U);
  EXPECT_EQ(frequencies.Of(word_, live).sealed, 3U);
}

}  // namespace
}  // namespace commresolve::index
