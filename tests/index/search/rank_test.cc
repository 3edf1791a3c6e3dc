// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The order of hits.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "index/search/rank.h"
#include "tests/index/search/store.h"

namespace commresolve::index {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

Listing Stuffed(const std::string& with) {
  std::vector<std::string> names(100, with);
  for (size_t i = 0; i < 99; ++i) names[i] = "site" + std::to_string(i) + ".example";
  return Hosts(names);
}

TEST(Rank, TheOwnNameComesFirst) {
  SearchStore store;
  store.Add(WithOrganization(Hosts({"bugs.example"}), "Debian Bugs Ltd"));
  store.Add(Hosts({"debian.bugs.tracker.example"}));
  const ListingId own = store.Add(Hosts({"bugs.debian.org"}));
  store.Add(Hosts({"more.bugs.debian.org"}));
  for (const char* text : {"bugs debian", "debian bugs", "bugs.debian.org", "bugs debian org",
                           "www bugs debian org"}) {
    const SearchResult result = store.Search(text);
    ASSERT_FALSE(result.hits.empty()) << text;
    EXPECT_EQ(result.hits[0].listing, own) << text;
    EXPECT_TRUE(result.hits[0].own_name) << text;
  }
  EXPECT_FALSE(store.Search("bugs debian").hits[1].own_name);
}

TEST(Rank, TheOwnNameOfAnALabelIsKnownWithoutItsMarks) {
  const std::vector<std::pair<std::string, std::string>> names = {
      {"xn--kmmert-3ya.net", "kummert"},          // Kümmert
      {"xn--sddeutsche-9db.net", "suddeutsche"},  // süddeutsche
      {"xn--br-gkaw.net", "buro"},                // bürö
      {"xn--4ca0b.net", "ao"},                    // äö
      {"xn--caf-dma.net", "cafe"}};               // café
  for (const auto& [host, word] : names) {
    SearchStore store;
    store.Add(WithOrganization(Hosts({"a.example"}), word));
    const ListingId own = store.Add(Hosts({"one.example", "mail." + host, host}));
    const SearchResult result = store.Search(word);
    ASSERT_EQ(result.hits.size(), 2U) << host;
    EXPECT_EQ(result.hits[0].listing, own) << host;
    EXPECT_TRUE(result.hits[0].own_name) << host;
    EXPECT_THAT(result.hits[0].matched, ElementsAre(word)) << host;
  }
}

TEST(Rank, TheWordsOfALabelThatCannotBeDecodedAreThoseThatStandThere) {
  SearchStore store;
  const ListingId own =
      store.Add(Hosts({"one.example", "xn--bergrecafhpital-xmbw3r-solutions.ch"}));
  const SearchResult result = store.Search("solutions");
  ASSERT_EQ(result.hits.size(), 1U);
  EXPECT_EQ(result.hits[0].listing, own);
  EXPECT_THAT(result.hits[0].matched, ElementsAre("solutions"));
}

TEST(Rank, AStuffedCertificateDoesNotBeatTheExactOne) {
  SearchStore store;
  const ListingId stuffed = store.Add(Stuffed("bugs.debian.org"));
  const ListingId exact = store.Add(Hosts({"bugs.debian.org"}));
  EXPECT_THAT(store.Find("debian bugs"), ElementsAre(exact, stuffed));
  EXPECT_THAT(store.Find("bugs.debian.org"), ElementsAre(exact, stuffed));
}

TEST(Rank, ExpiredComesAfterUnexpired) {
  SearchStore store;
  const ListingId old = store.Add(Hosts({"debian.org"}), SearchStore::Expired());
  const ListingId valid = store.Add(Hosts({"debian.org", "www.debian.org"}));
  const ListingId old_text =
      store.Add(WithOrganization(Hosts({"a.example"}), "Debian Project"), SearchStore::Expired());
  const ListingId valid_text = store.Add(WithOrganization(Hosts({"b.example"}), "Debian Project"));
  EXPECT_THAT(store.Find("debian"), ElementsAre(valid, old, valid_text, old_text));
}

TEST(Rank, APublicChainThenFreshnessThenHowOftenItWasSeen) {
  SearchStore store;
  Listing self_signed = Hosts({"debian.org"});
  self_signed.public_chain = false;
  const ListingId unchained = store.Add(self_signed);
  ListingFacts stale = SearchStore::Fresh();
  stale.last_seen = kNow - 300 * kDay;
  const ListingId seen_long_ago = store.Add(Hosts({"debian.org"}), stale);
  const ListingId seldom = store.Add(Hosts({"debian.org"}));
  ListingFacts busy = SearchStore::Fresh();
  busy.observations = 5'000;
  const ListingId often = store.Add(Hosts({"debian.org"}), busy);
  EXPECT_THAT(store.Find("debian"), ElementsAre(often, seldom, seen_long_ago, unchained));
}

TEST(Rank, TheHostThatWasTypedThenAWildcardOverIt) {
  SearchStore store;
  const ListingId wildcard = store.Add(Hosts({"*.debian.org", "debian.org"}));
  const ListingId exact = store.Add(Stuffed("bugs.debian.org"));
  store.Add(Hosts({"bugs.debian.net"}));
  const std::vector<ListingId> hits = store.Find("bugs.debian.org");
  ASSERT_GE(hits.size(), 2U);
  EXPECT_EQ(hits[0], exact);
  EXPECT_EQ(hits[1], wildcard);
}

TEST(Rank, NamesThatAddNothingAreLeftOutOfTheView) {
  const std::vector<std::string> names = {
      "mail.a.example",   "mail.b.example",        "shop.green-valley.net", "mail.green.example",
      "valley.a.example", "mail.green-valley.net", "www.green-valley.net"};
  std::vector<std::string> and_longer = {"a.mail.green-valley.net"};
  and_longer.insert(and_longer.end(), names.begin(), names.end());
  for (const Listing& listing : {Hosts(names), Hosts(and_longer)}) {
    for (const char* text : {"mail green-valley net", "mail.green-valley.net", "green valley",
                             "mail green", "mail gree*", "www valley -b", "greenvalley",
                             "\"green valley\" mail", "mail -b*", "www mail green valley"}) {
      const Query query = ParseQuery(text).value();
      const Ranker ranker(query, 0);
      const ListingTexts texts = TextsOf(listing);
      const ListingView whole(texts, ranker.words(), {kMaxJudgedHosts});
      const ListingView less(texts, ranker.words(), ranker.Needs());
      EXPECT_EQ(ranker.CountWords(less).carried, ranker.CountWords(whole).carried) << text;
      const Hit judged = ranker.Judge(less, std::nullopt, 10);
      const Hit expected = ranker.Judge(whole, std::nullopt, 10);
      EXPECT_EQ(judged.score, expected.score) << text;
      EXPECT_EQ(judged.matched, expected.matched) << text;
    }
  }
  const Query query = ParseQuery("mail green").value();
  const Ranker ranker(query, 0);
  const Listing several = Hosts(names);
  // The first with one of the words, and those with both as long as none is the name itself.
  EXPECT_THAT(ListingView(TextsOf(several), ranker.words(), ranker.Needs()).texts(), SizeIs(3));
  EXPECT_THAT(ListingView(TextsOf(several), ranker.words(), {kMaxJudgedHosts}).texts(), SizeIs(6));
}

TEST(Rank, TextsThatHoldNoneOfTheWordsAreLeftOutOfTheView) {
  Listing listing = WithOrganization(Hosts({"www.valley.example"}), "GREEN Valley & Söhne");
  listing.fields.push_back({Field::kCommonName, "O'Neil Green-Valley"});
  listing.fields.push_back({Field::kCommonName, "Kummert XN--KMMERT-3YA.net"});
  listing.fields.push_back({Field::kCommonName, "xn--kmmert-3ya.net"});
  listing.fields.push_back({Field::kUnit, std::string(70, 'x') + " 2nd unit"});
  listing.fields.push_back({Field::kLocality, "Dublin 4"});
  listing.fields.push_back({Field::kCountry, "IE"});
  for (const char* text :
       {"green", "greenvalley", "green valley", "sohne", "o'neil", "kummert", "kummert.net", "unit",
        "dublin", "dubli*", "ie", "lin 4", "valley.ie", "2nd dublin", "x*", "none", "www valley"}) {
    const Query query = ParseQuery(text).value();
    const Ranker ranker(query, 0);
    const ListingTexts texts = TextsOf(listing);
    const ListingView whole(texts, ranker.words(), {kMaxJudgedHosts});
    const ListingView less(texts, ranker.words(), ranker.Needs());
    EXPECT_LT(less.texts().size(), whole.texts().size()) << text;
    const Hit judged = ranker.Judge(less, std::nullopt, 10);
    const Hit expected = ranker.Judge(whole, std::nullopt, 10);
    EXPECT_EQ(judged.score, expected.score) << text;
    EXPECT_EQ(judged.matched, expected.matched) << text;
  }
}

TEST(Rank, TheOwnNameIsFoundAmongVeryManyOthers) {
  SearchStore store;
  for (int i = 0; i < 400; ++i) {
    store.Add(Hosts({"x" + std::to_string(i) + ".debian.example"}), SearchStore::Expired());
  }
  const ListingId valid = store.Add(Hosts({"zz.debian.example"}));
  const ListingId own = store.Add(Hosts({"debian.org"}));
  const std::vector<ListingId> hits = store.Find("debian");
  EXPECT_EQ(hits[0], own);
  EXPECT_EQ(hits[1], valid);
}

TEST(Rank, TheOwnNameIsFoundHoweverManyCarryTheSameWords) {
  SearchStore store;
  for (int i = 0; i < 400; ++i) {
    store.Add(Hosts({"x" + std::to_string(i) + ".bugs.debian.org"}));
  }
  const ListingId own = store.Add(Hosts({"bugs.debian.org"}));
  EXPECT_EQ(store.Find("debian bugs")[0], own);
  EXPECT_EQ(store.Find("debian bugs org")[0], own);
  EXPECT_EQ(store.Find("www bugs debian")[0], own);
}

TEST(Rank, PagesNeitherOverlapNorLeaveOut) {
  SearchStore store;
  constexpr size_t kCount = 530;
  for (size_t i = 0; i < kCount; ++i) {
    store.Add(Hosts({"x" + std::to_string(i) + ".debian.example"}),
              i % 3 == 0 ? SearchStore::Expired() : SearchStore::Fresh());
  }
  std::vector<Hit> paged;
  for (size_t offset = 0; offset < kCount + 50; offset += 37) {
    SearchResult page = store.Search("debian", offset, 37);
    EXPECT_GE(page.estimated_total, 400U);
    EXPECT_FALSE(page.partial);
    std::move(page.hits.begin(), page.hits.end(), std::back_inserter(paged));
  }
  const std::vector<Hit> whole = store.Search("debian", 0, 1'000).hits;
  ASSERT_THAT(whole, SizeIs(kCount));
  ASSERT_THAT(paged, SizeIs(kCount));
  std::set<ListingId> distinct;
  for (size_t i = 0; i < kCount; ++i) {
    EXPECT_EQ(paged[i].listing, whole[i].listing) << i;
    distinct.insert(whole[i].listing);
    if (i > 0) {
      EXPECT_LE(whole[i].score, whole[i - 1].score) << i;
    }
  }
  EXPECT_THAT(distinct, SizeIs(kCount));
}

TEST(Rank, WithoutFactsTheFirstPhaseDecides) {
  SearchStore store;
  const ListingId a = store.Add(Hosts({"debian.org"}));
  const Result<Query> query = ParseQuery("debian");
  const Result<SearchResult> result = store.Reader().Search(*query, 0, 10, kNow, FactsSource());
  ASSERT_TRUE(result.ok());
  ASSERT_EQ(result->hits.size(), 1U);
  EXPECT_EQ(result->hits[0].listing, a);
}

}  // namespace
}  // namespace commresolve::index
