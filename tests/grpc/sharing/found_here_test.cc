// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "grpc/sharing/found_here.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace commresolve::daemon {
namespace {

constexpr UnixTime kNow = 1'800'000'000;
constexpr int64_t kDay = 86'400;

SeenEndpoint Seen(const std::string& ip, UnixTime first, UnixTime proved) {
  SeenEndpoint seen;
  seen.endpoint = {*IpAddress::Parse(ip), 443, Protocol::kTls, "a.debian.org"};
  seen.first_seen = first;
  seen.last_seen = kNow;
  if (proved != 0) seen.proved_at = proved;
  return seen;
}

TEST(FoundHereTest, SightingsAreObservationsAndDays) {
  index::ListingFacts facts;
  facts.observations = 1;
  facts.first_seen = kNow - 10 * kDay;
  facts.last_seen = kNow - 10 * kDay + kDay - 1;
  EXPECT_EQ(SightingsOf(facts), 1U);
  facts.last_seen = kNow - 8 * kDay;
  EXPECT_EQ(SightingsOf(facts), 3U);
  facts.observations = 4;
  EXPECT_EQ(SightingsOf(facts), 6U);
}

TEST(FoundHereTest, AListingGivesItsNamesAndWords) {
  index::Listing listing;
  listing.public_chain = true;
  listing.fields = {{Field::kOrganization, "Debian Project"},
                    {Field::kDnsName, "bugs.debian.org"},
                    {Field::kDnsName, "NOT A NAME"}};
  index::ListingFacts facts;
  facts.observations = 2;
  const dht::FoundListing found = FoundListingOf(listing, facts, {}, kNow);
  ASSERT_EQ(found.names.size(), 1U);
  EXPECT_EQ(found.names[0].name, "bugs.debian.org");
  EXPECT_EQ(found.names[0].sightings, 2U);
  const auto word = std::ranges::find(found.words, "debian", &Keyword::word);
  ASSERT_NE(word, found.words.end());
  EXPECT_EQ(word->evidence, EvidenceClass::kRegistrableLabel);
}

TEST(FoundHereTest, ChainsAndProofsComeBeforeNumbers) {
  const auto score = [](bool chain, UnixTime proved, uint32_t observations) {
    index::ListingFacts facts;
    facts.public_chain = chain;
    facts.proved_at = proved;
    facts.observations = observations;
    return FoundListingOf({}, facts, {}, kNow).score;
  };
  EXPECT_GT(score(true, 0, 0), score(false, kNow, UINT32_MAX));
  EXPECT_GT(score(false, kNow, 0), score(false, 0, UINT32_MAX));
  EXPECT_EQ(score(false, kNow - 31 * kDay, 1), score(false, 0, 1));
  EXPECT_GT(score(false, 0, 8), score(false, 0, 1));
}

TEST(FoundHereTest, OnlyOwnProofsAreObservations) {
  Candidate candidate;
  candidate.sources = {"probe"};
  candidate.endpoints = {Seen("9.9.9.9", kNow - 9 * kDay, kNow), Seen("8.8.8.8", kNow - kDay, 0)};
  candidate.endpoints.push_back(Seen("8.8.4.4", kNow - kDay, kNow));
  candidate.endpoints.back().wrong_at = kNow;
  const auto observations = ObservationsOf(candidate);
  ASSERT_EQ(observations.size(), 1U);
  EXPECT_EQ(observations[0].endpoint.ip.ToString(), "9.9.9.9");
  EXPECT_LE(observations[0].last_seen, kNow);
  EXPECT_EQ(observations[0].last_seen % (6 * 3'600), 0);
  EXPECT_GE(observations[0].last_seen - observations[0].first_seen, 8 * kDay);
}

TEST(FoundHereTest, IndoorsIsWhatWasSeenAtHomeAndNowhereElse) {
  Candidate candidate;
  EXPECT_FALSE(IsIndoors(candidate)) << "a file told of it, no address";
  for (const char* ip :
       {"10.9.8.7", "192.168.0.9", "169.254.3.4", "100.64.0.1", "fd00::7", "127.0.0.1"}) {
    candidate.endpoints.push_back(Seen(ip, kNow, kNow));
    EXPECT_TRUE(IsIndoors(candidate)) << ip;
  }
  candidate.endpoints.push_back(Seen("9.9.9.9", kNow, 0));
  EXPECT_FALSE(IsIndoors(candidate));
}

TEST(FoundHereTest, WhatOthersSaidIsNotOurTime) {
  Candidate candidate;
  candidate.sources = {"import", "probe"};
  candidate.endpoints = {Seen("9.9.9.9", kNow - 9 * kDay, kNow)};
  const auto observations = ObservationsOf(candidate);
  ASSERT_EQ(observations.size(), 1U);
  EXPECT_EQ(observations[0].first_seen, observations[0].last_seen);
}

}  // namespace
}  // namespace commresolve::daemon
