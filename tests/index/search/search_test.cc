// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is found: words, fallbacks, phrases, operators.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/index/search/store.h"

namespace commresolve::index {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

TEST(Search, AllWordsAreWanted) {
  SearchStore store;
  const ListingId bugs = store.Add(Hosts({"bugs.debian.org"}));
  store.Add(Hosts({"www.debian.org"}));
  store.Add(Hosts({"bugs.example.com"}));
  EXPECT_THAT(store.Find("debian bugs"), ElementsAre(bugs));
  const SearchResult result = store.Search("bugs debian");
  ASSERT_EQ(result.hits.size(), 1U);
  EXPECT_TRUE(result.hits[0].own_name);
  EXPECT_THAT(result.hits[0].matched, ElementsAre("bugs", "debian"));
  EXPECT_FALSE(result.corrected);
  EXPECT_FALSE(result.partial);
  EXPECT_EQ(result.estimated_total, 1U);
}

TEST(Search, DiacriticsWidthsAndIdn) {
  SearchStore store;
  const ListingId idn = store.Add(Hosts({"xn--kmmert-3ya.net"}));
  const ListingId street = store.Add(WithOrganization(Hosts({"a.example"}), "Straße 12 GmbH"));
  const ListingId wide = store.Add(WithOrganization(Hosts({"b.example"}), "ＡＢＣ Works"));
  for (const char* text : {"kummert", "Kümmert", "KÜMMERT.net", "xn--kmmert-3ya.net"}) {
    EXPECT_THAT(store.Find(text), ElementsAre(idn)) << text;
  }
  EXPECT_THAT(store.Find("strasse"), ElementsAre(street));
  EXPECT_THAT(store.Find("STRASSE"), ElementsAre(street));
  EXPECT_THAT(store.Find("Straße"), ElementsAre(street));
  EXPECT_THAT(store.Find("abc"), ElementsAre(wide));
  EXPECT_THAT(store.Find("ＡＢＣ"), ElementsAre(wide));
}

TEST(Search, ASharpSInAHostNameIsTwoLetters) {
  SearchStore store;
  store.Add(Hosts({"xn--hauptstrae-e4a.example"}));
  for (const char* text : {"hauptstrasse", "hauptstraße"}) {
    const SearchResult result = store.Search(text);
    ASSERT_THAT(result.hits, SizeIs(1)) << text;
    EXPECT_THAT(result.hits[0].matched, SizeIs(1)) << text;
    EXPECT_TRUE(result.hits[0].own_name) << text;
  }
}

TEST(Search, ASlipInOneWordOfAJoinedName) {
  SearchStore store;
  const ListingId valley = store.Add(Hosts({"www.greenvalley.example"}));
  store.Add(Hosts({"brenda.example"}));
  const SearchResult result = store.Search("gren valley");
  ASSERT_EQ(result.hits.size(), 1U);
  EXPECT_EQ(result.hits[0].listing, valley);
  EXPECT_TRUE(result.corrected);
  EXPECT_EQ(result.did_you_mean, "greenvalley");
}

TEST(Search, JapaneseWhereverItIsCut) {
  SearchStore store;
  const ListingId tokyo = store.Add(WithOrganization(Hosts({"a.example"}), "株式会社東京電子"));
  store.Add(WithOrganization(Hosts({"b.example"}), "京都株式会社"));
  for (const char* text :
       {"株式会社東京電子", "東京電子", "東京", "京電", "京電子", "電", "東京*"}) {
    EXPECT_THAT(store.Find(text), ElementsAre(tokyo)) << text;
  }
}

TEST(Search, JoinedWordsBothWays) {
  SearchStore store;
  const ListingId joined = store.Add(Hosts({"www.bugzillamozilla.example"}));
  const ListingId hyphen = store.Add(Hosts({"green-valley.example"}));
  const ListingId apart = store.Add(WithOrganization(Hosts({"x.example"}), "Blue Lagoon Ltd"));
  const ListingId levels = store.Add(Hosts({"wiki.gnome.example"}));
  EXPECT_THAT(store.Find("bugzilla mozilla"), ElementsAre(joined));
  EXPECT_THAT(store.Find("bugzillamozilla"), ElementsAre(joined));
  EXPECT_THAT(store.Find("greenvalley"), ElementsAre(hyphen));
  EXPECT_THAT(store.Find("green valley"), ElementsAre(hyphen));
  EXPECT_THAT(store.Find("green-valley"), ElementsAre(hyphen));
  EXPECT_THAT(store.Find("bluelagoon"), ElementsAre(apart));
  const SearchResult split = store.Search("wikignome");
  EXPECT_EQ(split.did_you_mean, "wiki gnome");
  ASSERT_EQ(split.hits.size(), 1U);
  EXPECT_EQ(split.hits[0].listing, levels);
}

TEST(Search, NameWithItsTopLevelDomain) {
  SearchStore store;
  const ListingId org = store.Add(Hosts({"debian.org"}));
  const ListingId net = store.Add(Hosts({"debian.net"}));
  EXPECT_THAT(store.Find("debian net"), ElementsAre(net));
  EXPECT_THAT(store.Find("debian.org"), ElementsAre(org));
  EXPECT_THAT(store.Find("www.debian.org"), ElementsAre(org));
}

TEST(Search, AHostNameAsksBelowItsDomainIfThatIsOnRecord) {
  SearchStore store;
  const ListingId below = store.Add(Hosts({"bugs.master.debian.org"}));
  store.Add(WithOrganization(Hosts({"a.example"}), "Debian Org Bugs"));
  const ListingId wildcard = store.Add(Hosts({"*.debian.org"}));
  EXPECT_THAT(store.Find("bugs.debian.org"), UnorderedElementsAre(below, wildcard));
  EXPECT_THAT(store.Find("debian.org"), UnorderedElementsAre(below, wildcard));
  // Nothing is known below debian.net: the words alone, and then half of them.
  const ListingId words = store.Add(WithOrganization(Hosts({"b.example"}), "Debian Net Bugs"));
  EXPECT_THAT(store.Find("bugs.debian.net"), ElementsAre(words));
  EXPECT_EQ(store.Search("ftp.debian.org").hits[0].listing, wildcard);
}

TEST(Search, MisspeltWordsAreReplacedOnlyWhenNothingIsFound) {
  SearchStore store;
  const ListingId bugs = store.Add(Hosts({"bugs.debian.org"}));
  store.Add(Hosts({"debain.example"}));
  const SearchResult typo = store.Search("bugs debisn port:443");
  EXPECT_THAT(typo.hits, IsEmpty());
  EXPECT_EQ(typo.did_you_mean, "bugs debian port:443");
  const SearchResult found = store.Search("bugz debian");
  EXPECT_EQ(found.did_you_mean, "bugs debian");
  EXPECT_TRUE(found.corrected);
  ASSERT_EQ(found.hits.size(), 1U);
  EXPECT_EQ(found.hits[0].listing, bugs);
  const SearchResult exact = store.Search("debain");
  EXPECT_EQ(exact.did_you_mean, "");
  EXPECT_EQ(exact.hits.size(), 1U);
}

TEST(Search, WordsAddedLaterAreSuggestedToo) {
  SearchStore store;
  store.Add(Hosts({"debian.org"}));
  EXPECT_EQ(store.Search("debiam").did_you_mean, "debian");
  const ListingId later = store.Add(Hosts({"mozilla.org"}));
  EXPECT_THAT(store.Find("mozila"), ElementsAre(later));
}

TEST(Search, HalfOfTheWordsAreEnoughAtLast) {
  SearchStore store;
  const ListingId two = store.Add(Hosts({"bugs.debian.org"}));
  store.Add(Hosts({"bugs.example.com"}));
  const SearchResult result = store.Search("bugs debian zzzzzz qqqqqq");
  EXPECT_TRUE(result.partial);
  ASSERT_EQ(result.hits.size(), 1U);
  EXPECT_EQ(result.hits[0].listing, two);
  EXPECT_THAT(result.hits[0].matched, ElementsAre("bugs", "debian"));
  EXPECT_EQ(result.estimated_total, 1U);
  EXPECT_THAT(store.Find("sourest AND"), IsEmpty());
  EXPECT_THAT(store.Find("debian AND"), ElementsAre(two));
}

TEST(Search, Prefix) {
  SearchStore store;
  const ListingId debian = store.Add(Hosts({"debian.org"}));
  const ListingId debug = store.Add(Hosts({"debug.example"}));
  store.Add(Hosts({"xdeb.example"}));
  EXPECT_THAT(store.Find("deb*"), UnorderedElementsAre(debian, debug));
  EXPECT_THAT(store.Find("debi*"), ElementsAre(debian));
  EXPECT_THAT(store.Find("zz*"), IsEmpty());
  EXPECT_THAT(store.Find("deb* -debu*"), ElementsAre(debian));
}

TEST(Search, QuotedWordsStandSideBySideInOneText) {
  SearchStore store;
  const ListingId beside = store.Add(WithOrganization(Hosts({"a.example"}), "Green Valley Ltd"));
  const ListingId label = store.Add(Hosts({"green-valley.example"}));
  store.Add(WithOrganization(Hosts({"c.example"}), "Valley of Green"));
  store.Add(Hosts({"green.example", "valley.example"}));
  EXPECT_THAT(store.Find("\"green valley\""), UnorderedElementsAre(beside, label));
  EXPECT_THAT(store.Find("org:\"green valley\""), ElementsAre(beside));
  EXPECT_EQ(store.Find("green valley").size(), 4U);
  EXPECT_EQ(store.Find("green valley -\"green valley\"").size(), 2U);
}

TEST(Search, Exclusion) {
  SearchStore store;
  store.Add(Hosts({"bugs.debian.org"}));
  const ListingId wiki = store.Add(Hosts({"wiki.debian.org"}));
  EXPECT_THAT(store.Find("debian -bugs"), ElementsAre(wiki));
}

TEST(Search, Operators) {
  SearchStore store;
  Listing first =
      WithOrganization(Hosts({"mail.sourest.example", "*.sourest.example"}), "Sourest Pickles AG");
  first.fields.push_back({Field::kCountry, "DE"});
  first.issuers = {"Let's Encrypt", "R3"};
  first.ports = {25, 443};
  first.protocols = {Protocol::kSmtp, Protocol::kTls};
  const ListingId a = store.Add(first);
  Listing second = WithOrganization(Hosts({"sourest.example.org"}), "Other Works");
  second.fields.push_back({Field::kCountry, "FR"});
  second.issuers = {"Actalis"};
  second.ports = {443};
  second.protocols = {Protocol::kTls};
  const ListingId b = store.Add(second, SearchStore::Expired());
  EXPECT_THAT(store.Find("sourest"), ElementsAre(a, b));
  EXPECT_THAT(store.Find("country:DE"), ElementsAre(a));
  EXPECT_THAT(store.Find("country:de country:fr"), ElementsAre(a, b));
  EXPECT_THAT(store.Find("org:sour*"), ElementsAre(a));
  EXPECT_THAT(store.Find("sourest -org:pickles"), ElementsAre(b));
  EXPECT_THAT(store.Find("org:sourest org:other"), IsEmpty());
  EXPECT_THAT(store.Find("issuer:encrypt"), ElementsAre(a));
  EXPECT_THAT(store.Find("issuer:\"let's encrypt\""), ElementsAre(a));
  EXPECT_THAT(store.Find("issuer:\"encrypt let's\""), IsEmpty());
  EXPECT_THAT(store.Find("encrypt"), IsEmpty());
  EXPECT_THAT(store.Find("port:25"), ElementsAre(a));
  EXPECT_THAT(store.Find("proto:smtp sourest"), ElementsAre(a));
  EXPECT_THAT(store.Find("san:sourest.example.org"), ElementsAre(b));
  EXPECT_THAT(store.Find("san:www.sourest.example"), ElementsAre(a));
  EXPECT_THAT(store.Find("san:.example.org"), ElementsAre(b));
  EXPECT_THAT(store.Find("san:.sourest.example"), ElementsAre(a));
  EXPECT_THAT(store.Find("expired:yes"), ElementsAre(b));
  EXPECT_THAT(store.Find("sourest expired:no"), ElementsAre(a));
}

TEST(Search, ANameIsNotItsNameBehindWww) {
  SearchStore store;
  const ListingId plain = store.Add(Hosts({"debian.example"}));
  const ListingId www = store.Add(Hosts({"www.debian.example"}));
  const ListingId wild = store.Add(Hosts({"*.debian.example"}));
  EXPECT_THAT(store.Find("san:debian.example"), ElementsAre(plain));
  EXPECT_THAT(store.Find("san:www.debian.example"), UnorderedElementsAre(www, wild));
  EXPECT_THAT(store.Find("san:cpanel.debian.example"), ElementsAre(wild));
  EXPECT_THAT(store.Find("san:.debian.example"), UnorderedElementsAre(plain, www, wild));
}

TEST(Search, WordsThatEveryIssuerHasAskForNothing) {
  SearchStore store;
  Listing listing = Hosts({"a.example"});
  listing.issuers = {"Seal Open Foundation CA"};
  const ListingId a = store.Add(std::move(listing));
  listing = Hosts({"b.example"});
  listing.issuers = {"Northgate TLS CA"};
  const ListingId b = store.Add(std::move(listing));
  EXPECT_THAT(store.Find("example issuer:seal"), ElementsAre(a));
  EXPECT_THAT(store.Find("example issuer:ca"), UnorderedElementsAre(a, b));
  EXPECT_THAT(store.Find("example -issuer:ca"), UnorderedElementsAre(a, b));
  EXPECT_THAT(store.Find("example issuer:\"tls ca\""), ElementsAre(b));
}

TEST(Search, KeyAndIpAreLookedUp) {
  SearchStore store;
  const ListingId a = store.Add(Hosts({"a.debian.org"}));
  const ListingId b = store.Add(Hosts({"b.debian.org"}));
  const ListingId c = store.Add(Hosts({"c.example.com"}));
  store.of_key()["abcd"] = {c, a};
  store.at_ip()["192.0.2.1"] = {b, c};
  EXPECT_THAT(store.Find("key:abcd"), UnorderedElementsAre(a, c));
  EXPECT_THAT(store.Find("key:abcd debian"), ElementsAre(a));
  EXPECT_THAT(store.Find("ip:192.0.2.1"), UnorderedElementsAre(b, c));
  EXPECT_THAT(store.Find("ip:192.0.2.1 key:abcd"), ElementsAre(c));
  EXPECT_THAT(store.Find("key:zzzz"), IsEmpty());
}

TEST(Search, WhatTheLedgerDoesNotKnowIsLeftOut) {
  SearchStore store;
  const ListingId a = store.Add(Hosts({"a.debian.org"}));
  const ListingId b = store.Add(Hosts({"b.debian.org"}));
  store.Forget(a);
  EXPECT_THAT(store.Find("debian"), ElementsAre(b));
}

TEST(Search, ReplacingAListing) {
  SearchStore store;
  const ListingId id = store.Add(Hosts({"old.example"}));
  EXPECT_THAT(store.Find("old"), ElementsAre(id));
  Listing listing = Hosts({"new.example"});
  listing.id = id;
  ASSERT_TRUE(store.writer().Put(listing).ok());
  ASSERT_TRUE(store.writer().Commit().ok());
  EXPECT_THAT(store.Find("old"), IsEmpty());
  EXPECT_THAT(store.Find("new"), ElementsAre(id));
  EXPECT_EQ(*store.Reader().DocumentCount(), 1U);
  listing.id = 0;
  EXPECT_EQ(store.writer().Put(listing).error().code, Code::kInvalidArgument);
}

TEST(ListingsCarrying, WordsAnywhereAndJoinedLabels) {
  SearchStore store;
  const ListingId words = store.Add(Hosts({"bugs.debian.org"}));
  const ListingId joined = store.Add(Hosts({"debianbugs.example"}));
  const ListingId hyphen = store.Add(Hosts({"debian-bugs.example"}));
  Listing text = WithOrganization(Hosts({"x.example"}), "Bugs and Debian");
  text.fields.push_back({Field::kCountry, "DE"});
  const ListingId organization = store.Add(text);
  Listing issuer = Hosts({"y.example"});
  issuer.issuers = {"Debian Bugs"};
  store.Add(issuer);
  EXPECT_THAT(store.Carrying("debian bugs"),
              UnorderedElementsAre(words, joined, hyphen, organization));
  EXPECT_THAT(store.Carrying("bugs debian org"), ElementsAre(words));
  EXPECT_THAT(store.Carrying("de debian"), ElementsAre(organization));
}

TEST(ListingsCarrying, DiacriticsCount) {
  SearchStore store;
  const ListingId with = store.Add(Hosts({"xn--kmmert-3ya.net"}));
  const ListingId without = store.Add(Hosts({"kummert.net"}));
  EXPECT_THAT(store.Carrying("kümmert"), ElementsAre(with));
  EXPECT_THAT(store.Carrying("kummert"), testing::Contains(without));
}

TEST(ListingsCarrying, PublicChainsFirstAndCompleteness) {
  SearchStore store;
  Listing self_signed = Hosts({"debian.example"});
  self_signed.public_chain = false;
  store.Add(self_signed);
  store.Add(self_signed);
  const ListingId real = store.Add(Hosts({"debian.org"}));
  const KeywordSet words = *KeywordSet::FromText("debian");
  Result<SearchReader::Carriers> some = store.Reader().ListingsCarrying(words, 2);
  ASSERT_TRUE(some.ok());
  EXPECT_THAT(some->listings, ElementsAre(real, 1));
  EXPECT_FALSE(some->complete);
  Result<SearchReader::Carriers> all = store.Reader().ListingsCarrying(words, 3);
  EXPECT_THAT(all->listings, ElementsAre(real, 1, 2));
  EXPECT_TRUE(all->complete);
  EXPECT_FALSE(store.Reader().ListingsCarrying(words, 0)->complete);
}

}  // namespace
}  // namespace commresolve::index
