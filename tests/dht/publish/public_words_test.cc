// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which words leave the machine.

#include "dht/publish/public_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "resolver/keyword/fold.h"
#include "tests/dht/publish/publish_fixture.h"

namespace commresolve::dht {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> Words(const FoundListing& listing) {
  std::vector<std::string> words;
  for (const PublicWord& word : PublicWords(listing)) words.push_back(word.word);
  return words;
}

TEST(PublicWords, ArePartsOfPublicNames) {
  EXPECT_THAT(Words(Listing("a", {"bugs.debian.org"})), ElementsAre("bugs", "debian", "org"));
  EXPECT_THAT(Words(Listing("a", {"*.xn--mnchen-3ya.de"})), ElementsAre("münchen", "de"));
}

TEST(PublicWords, NothingOfPrivateAndRareNamesNorOfAddresses) {
  for (const char* name :
       {"printer.local", "vault.corp", "nas.home.arpa", "wiki.internal", "router", "secret.onion",
        "words.cert.alt", "box.example.com", "x.lan"}) {
    EXPECT_THAT(Words(Listing("a", {name})), IsEmpty()) << name;
  }
  FoundListing rare = Listing("a", {"bugs.debian.org"});
  rare.names[0].sightings = 2;
  EXPECT_THAT(Words(rare), IsEmpty());
  FoundListing address = Listing("a", {});
  address.words = {{"192.168.1.9", Field::kIpAddress, EvidenceClass::kSelfAsserted},
                   {"9.9.9.9", Field::kIpAddress, EvidenceClass::kSelfAsserted}};
  EXPECT_THAT(Words(address), IsEmpty());
}

TEST(PublicWords, OfAMixedListingOnlyThePublicPart) {
  FoundListing listing =
      Listing("a", {"www.debian.org", "vault.debian.internal", "rare.debian.org"});
  listing.names[2].sightings = 1;
  EXPECT_THAT(Words(listing), ElementsAre("www", "debian", "org"));
}

TEST(PublicWords, SelfAssertedTextStaysUnlessAPublicNameSaysTheSame) {
  FoundListing listing = Listing("a", {"www.debian.org"});
  listing.words = {{"debian", Field::kOrganization, EvidenceClass::kSelfAsserted},
                   {"alice", Field::kCommonName, EvidenceClass::kSelfAsserted},
                   {"fileserver", Field::kUnit, EvidenceClass::kSelfAsserted},
                   {"10.0.0.1", Field::kIpAddress, EvidenceClass::kSelfAsserted},
                   {"bob", Field::kEmail, EvidenceClass::kSelfAsserted},
                   {"project", Field::kOrganization, EvidenceClass::kOrganization}};
  EXPECT_THAT(Words(listing), ElementsAre("debian", "project"));
  // Nobody knows the listing by a public name: not even what was validated leaves.
  listing.names = {{"fileserver.corp", 9}};
  EXPECT_THAT(Words(listing), IsEmpty());
}

TEST(PublicWords, TheClassDecidesBeforeTheScore) {
  FoundListing listing = Listing("a", {"bugs.debian.org"}, 200);
  listing.words = {{"debian", Field::kDnsName, EvidenceClass::kRegistrableLabel},
                   {"bugs", Field::kDnsName, EvidenceClass::kSubLabel},
                   {"spi", Field::kOrganization, EvidenceClass::kOrganization},
                   {"org", Field::kDnsName, EvidenceClass::kSelfAsserted},
                   {"bugs", Field::kDnsName, EvidenceClass::kSelfAsserted}};
  EXPECT_THAT(PublicWords(listing),
              ElementsAre(PublicWord{"debian", 192 + 50}, PublicWord{"bugs", 128 + 50},
                          PublicWord{"spi", 64 + 50}, PublicWord{"org", 50}));
}

TEST(PublicWords, NoneThatNobodyCanAskFor) {
  FoundListing listing = Listing("a", {"bugs.debian-project.org"});
  listing.words = {{"debian-project", Field::kDnsName, EvidenceClass::kRegistrableLabel},
                   {"debian", Field::kDnsName, EvidenceClass::kSubLabel},
                   {"project", Field::kDnsName, EvidenceClass::kSubLabel}};
  EXPECT_THAT(Words(listing), ElementsAre("debian", "project"));
  EXPECT_EQ(*KeywordSet::FromText("debian-project"), *KeywordSet::FromText("debian project"));
}

}  // namespace
}  // namespace commresolve::dht
