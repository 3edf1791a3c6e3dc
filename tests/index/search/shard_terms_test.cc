// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A shard keeps the terms that TermsOf() gives.

#include "index/search/shard_terms.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

namespace commresolve::index {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAreArray;

Listing Company() {
  Listing listing;
  listing.fields = {{Field::kOrganization, "Größe & Söhne Söhne GmbH"},
                    {Field::kCountry, "DE"},
                    {Field::kCommonName, "www.groesse.example"},
                    {Field::kDnsName, "www.groesse.example"},
                    {Field::kDnsName, "mail2.groesse.example"},
                    {Field::kDnsName, "*.xn--gre-6ka8i.example"},
                    {Field::kEmail, "mail@groesse.example"}};
  listing.issuers = {"Some CA", "Trusted Seal"};
  listing.ports = {443, 5222};
  listing.protocols = {Protocol::kTls};
  listing.public_chain = true;
  return listing;
}

Listing OfManyNames(int count) {
  Listing listing = Company();
  for (int i = 0; i < count; ++i) {
    const std::string number = std::to_string(i);
    listing.fields.push_back(
        {Field::kDnsName, "a" + number + "-b" + number + ".c" + number + ".example"});
  }
  return listing;
}

void ExpectAsTermsOf(const Listing& listing, ShardTerms& kept) {
  kept.Begin();
  AddTerms(listing, kept);
  std::vector<std::string> words;
  std::vector<ExactKey> keys;
  for (const Term& term : TermsOf(listing)) {
    if (!IsExact(term.text)) {
      words.push_back(term.text);
    } else if (!term.text.starts_with(TermPrefix(TermKind::kFlag))) {
      keys.push_back(ExactKeyOf(term.text));
    }
  }
  std::vector<std::string> stored;
  for (const Term& term : kept.stored()) {
    EXPECT_EQ(term.weighted, !IsExact(term.text)) << term.text;
    if (!IsExact(term.text)) stored.push_back(term.text);
  }
  EXPECT_THAT(stored, UnorderedElementsAreArray(words));
  EXPECT_THAT(kept.keys(), UnorderedElementsAreArray(keys));
}

std::vector<std::string> Expanded(const ShardTerms& kept) {
  std::vector<std::string> texts;
  for (const Term& term : kept.stored()) {
    if (IsExpanded(term.text)) texts.push_back(term.text);
  }
  return texts;
}

TEST(ShardTerms, AreThoseOfTheListing) {
  ShardTerms kept;
  ExpectAsTermsOf(Company(), kept);
  ExpectAsTermsOf(OfManyNames(3), kept);
  ExpectAsTermsOf(Listing(), kept);
  EXPECT_THAT(kept.stored(), IsEmpty());
  EXPECT_THAT(kept.keys(), IsEmpty());
}

TEST(ShardTerms, AreCutWhereThoseOfTheListingAre) {
  ShardTerms kept;
  const Listing many = OfManyNames(2'000);
  ASSERT_THAT(TermsOf(many), SizeIs(kMaxTerms));
  ExpectAsTermsOf(many, kept);
  ExpectAsTermsOf(Company(), kept);
}

TEST(ShardTerms, AWordThatIsTooLongIsCut) {
  Listing listing;
  listing.fields = {{Field::kEmail, std::string(3 * kMaxTermBytes, 'a')}};
  ShardTerms kept;
  ExpectAsTermsOf(listing, kept);
  kept.Begin();
  kept.Add(TermKind::kWord, std::string(kMaxTermBytes + 1, 'a'));
  kept.Add(TermKind::kWord, std::string(kMaxTermBytes + 1, 'a'));
  kept.Add(TermKind::kWord, std::string(kMaxTermBytes, 'a') + "b");
  ASSERT_THAT(kept.stored(), SizeIs(2));
  EXPECT_LE(kept.stored()[0].text.size(), kMaxTermBytes);
}

TEST(ShardTerms, OnlyTheFirstListingHasTheTextOfAnExpandedTerm) {
  ShardTerms kept;
  ExpectAsTermsOf(Company(), kept);
  EXPECT_THAT(Expanded(kept), Contains("XIseal"));
  EXPECT_THAT(Expanded(kept), Contains("XOsohne"));
  Listing next = Company();
  next.issuers = {"Trusted Stamp"};
  ExpectAsTermsOf(next, kept);
  EXPECT_THAT(Expanded(kept), testing::ElementsAre("XIstamp"));
}

}  // namespace
}  // namespace commresolve::index
