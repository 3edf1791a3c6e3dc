// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// From listings to the network: what is private is in no record, and not even in the queue.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <set>

#include "dht/publish/posting_maker.h"
#include "dht/publish/publisher.h"
#include "resolver/base/files.h"
#include "resolver/keyword/fold.h"
#include "tests/dht/publish/publish_fixture.h"

namespace commresolve::dht {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::vector<std::string> kPrivateNames = {
    "payrollq.corp",   "printerq.local",    "fritzq.home.arpa",  "wikiq.internal",
    "singleq",         "shadowq.onion",     "labq.lan",          "*.stagingq.private",
    "boundq.cert.alt", "demoq.example.org", "intranetq.intranet"};
const std::vector<std::string> kRareNames = {"rareq.debian.org", "tombq.example-hoster.com",
                                             "*.aliceq.dyndns.org"};
const std::vector<std::string> kPrivateAddresses = {"10.1.2.3", "192.168.77.1", "fd00::77", "::1"};
const std::vector<std::string> kPrivateTexts = {"Boardroomq", "aliceq", "Departmentq Seven"};

/// Shorter words may stand in ciphertext by chance.
constexpr size_t kLong = 5;

/// Listings of every mixture: alone, with a public name, and with every other private one.
std::vector<FoundListing> Listings() {
  std::vector<FoundListing> listings;
  for (int i = 0; i < 300; ++i) {
    const std::string number = std::to_string(i);
    FoundListing listing =
        Listing(number, {"www.debian.org", "open" + number + ".example-public.net"});
    FoundListing plants = Listing(number, kPrivateNames);
    const FoundListing rare = Listing(number, kRareNames);
    for (size_t j = 0; j < rare.names.size(); ++j) plants.names.push_back({kRareNames[j], 2});
    plants.words.insert(plants.words.end(), rare.words.begin(), rare.words.end());
    for (const std::string& address : kPrivateAddresses) {
      plants.words.push_back({address, Field::kIpAddress, EvidenceClass::kSelfAsserted});
    }
    for (const std::string& text : kPrivateTexts) {
      for (const std::string& word : FoldWords(text)) {
        plants.words.push_back({word, Field::kUnit, EvidenceClass::kSelfAsserted});
      }
    }
    if (i % 3 == 0) listing.names.clear();
    listing.names.insert(listing.names.end(), plants.names.begin(), plants.names.end());
    listing.words.insert(listing.words.begin(), plants.words.begin(), plants.words.end());
    listings.push_back(std::move(listing));
  }
  return listings;
}

/// Every planted word that no public name has.
std::set<std::string> PlantedWords() {
  std::set<std::string> words(kPrivateAddresses.begin(), kPrivateAddresses.end());
  for (const auto* texts : {&kPrivateNames, &kRareNames, &kPrivateTexts}) {
    for (const std::string& text : *texts) {
      for (const std::string& word : FoldWords(text)) words.insert(word);
    }
  }
  for (const char* word : {"debian", "org", "example", "com"}) words.erase(word);
  return words;
}

TEST(PrivateWords, NothingPrivateComesOut) {
  const TempFolder folder;
  PostingMaker maker(folder.path(), {});
  for (const FoundListing& listing : Listings()) ASSERT_TRUE(maker.Add(listing).ok());
  EXPECT_EQ(maker.counts().withheld, 100U);
  const auto queue = PublishQueue::Open(folder.path() + "/queue", kNow).value();
  const auto update = queue->Replace(RecordType::kPosting, kNow);
  ASSERT_TRUE(maker
                  .Finish([&](PostingSet set) -> Status {
                    COMMRESOLVE_ASSIGN(content, Content::Of(std::move(set)));
                    return update->Put(std::move(content));
                  })
                  .ok());
  ASSERT_TRUE(update->Finish().ok());
  FakePutter putter;
  Publisher publisher({.postings = true, .puts_under_way = 100}, SampleSigners(), *queue, putter,
                      {});
  while (queue->Counts(kNow).value()[0].due != 0) {
    ASSERT_TRUE(publisher.Step(kNow, {true, 1}).ok());
  }

  const std::set<std::string> planted = PlantedWords();
  EXPECT_GT(planted.size(), 20U);
  std::set<std::string> found;
  const Sketch of_planted = SketchOf({planted.begin(), planted.end()});
  EXPECT_NE(of_planted, 0U);
  for (const auto& put : putter.seen) {
    const auto block = ReadPostingBlock(put.key, put.payload, kNow);
    ASSERT_TRUE(block.ok());
    for (const std::string& word : planted) {
      EXPECT_TRUE(FindWord(*block, word).postings.empty()) << word;
      EXPECT_FALSE(FindWord(*block, word).signpost) << word;
      if (word.size() >= kLong) {
        EXPECT_THAT(put.payload, Not(HasSubstr(word)));
      }
    }
    for (const char* word : {"debian", "www", "open1", "open299", "public"}) {
      const WordFinds finds = FindWord(*block, word);
      if (!finds.postings.empty()) found.insert(word);
      for (const Posting& posting : finds.postings) {
        // Its bits are those of the few public words, not of the many others.
        EXPECT_LE(std::popcount(posting.sketch), 14);
      }
    }
  }
  EXPECT_THAT(found, testing::SizeIs(5)) << "what is public has to come out";
  const auto file = ReadFile(folder.path() + "/queue/data.mdb", size_t{64} << 20);
  ASSERT_TRUE(file.ok());
  EXPECT_THAT(*file, HasSubstr("open299"));
  for (const std::string& word : planted) {
    if (word.size() >= kLong) {
      EXPECT_EQ(file->find(word), std::string::npos) << word;
    }
  }
}

TEST(PrivateWords, NoObservationOfAPrivateOrRareHost) {
  Observation seen = SampleObservation();
  for (const auto* names : {&kPrivateNames, &kRareNames}) {
    for (const std::string& name : *names) {
      seen.endpoint.server_name = name;
      EXPECT_FALSE(Content::Of(seen, names == &kRareNames ? 2 : 99).ok()) << name;
    }
  }
  seen.endpoint.server_name = "www.debian.org";
  EXPECT_TRUE(Content::Of(seen, 3).ok());
  for (const std::string& address : kPrivateAddresses) {
    seen.endpoint.ip = *IpAddress::Parse(address);
    EXPECT_FALSE(Content::Of(seen, 99).ok()) << address;
  }
}

}  // namespace
}  // namespace commresolve::dht
