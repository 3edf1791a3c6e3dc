// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Searches against a network in a map.

#include "dht/find/peer_search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/dht/find/fake_getter.h"

namespace commresolve::dht {
namespace {

using std::chrono::milliseconds;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

const std::vector<std::string> kBoth = {"bugs", "debian"};

class PeerSearchTest : public testing::Test {
 protected:
  PeerSearch& search() {
    if (!search_) {
      search_ = std::make_unique<PeerSearch>(getter_, clock_, knowledge_, limits_,
                                             [this] { return getter_.now; });
    }
    return *search_;
  }

  /// What comes of a search for `typed`; calls back once.
  SearchResult Find(const char* typed) {
    std::vector<SearchResult> results;
    SearchListener listener;
    listener.on_claim = [this](const Claim& claim) {
      streamed_.push_back(claim.key[0]);
      return streamed_.size() < enough_;
    };
    listener.done = [&](const SearchResult& result) { results.push_back(result); };
    EXPECT_TRUE(search().Search(*KeywordSet::FromText(typed), typed, listener).ok());
    EXPECT_EQ(results.size(), 1U);
    return results.empty() ? SearchResult{} : results[0];
  }

  void Post(uint8_t finder, const std::vector<WordEntry>& entries, uint32_t sequence = 1) {
    getter_.Put(BucketOf("bugs"), RecordType::kPosting,
                Block(BucketOf("bugs"), finder, entries, sequence));
  }
  void PostShard(uint8_t shard, uint8_t finder, const std::vector<WordEntry>& entries) {
    const DhtKey where = HotWordKey("bugs", shard);
    getter_.Put(where, RecordType::kPosting, Block(where, finder, entries));
  }
  static std::vector<uint8_t> Keys(const SearchResult& result) {
    std::vector<uint8_t> keys;
    for (const FoundClaim& found : result.found) keys.push_back(found.claim.key[0]);
    return keys;
  }

  FakeGetter getter_;
  ManualClock clock_{kNow};
  SearchKnowledge knowledge_{[](const KeywordSet&) { return false; },
                             [](const std::string& word) -> std::optional<uint32_t> {
                               return word == "debian" ? 1'000 : 10;
                             },
                             {},
                             {}};
  SearchLimits limits_;
  size_t enough_ = SIZE_MAX;
  std::vector<uint8_t> streamed_;
  std::unique_ptr<PeerSearch> search_;
};

TEST_F(PeerSearchTest, OneBucketForSeveralWords) {
  Post(1, {PostingOf("bugs", 7, 50, kBoth), PostingOf("bugs", 8, 60, {"bugs"})});
  Post(2, {PostingOf("bugs", 7, 50, kBoth)});
  const SearchResult result = Find("debian bugs");
  EXPECT_THAT(Keys(result), ElementsAre(7));
  EXPECT_THAT(result.found[0].claim.finders, SizeIs(2));
  EXPECT_THAT(streamed_, ElementsAre(7, 7)) << "and again when another one says so";
  EXPECT_TRUE(result.complete);
  EXPECT_EQ(result.figures.asked, "bugs");
  EXPECT_EQ(result.figures.buckets, 1U);
  EXPECT_EQ(result.figures.values, 2U);
  EXPECT_THAT(getter_.asked,
              ElementsAre(BucketOf("bugs"), SubjectKey(RecordType::kOwner, Prefix(7)),
                          SubjectKey(RecordType::kObservation, Prefix(7))));
}

TEST_F(PeerSearchTest, NobodyKnowsIsAnAnswer) {
  const SearchResult result = Find("debian bugs");
  EXPECT_THAT(result.found, IsEmpty());
  EXPECT_TRUE(result.complete);
  EXPECT_THAT(getter_.asked, SizeIs(1));
}

TEST_F(PeerSearchTest, AHotWordIsFollowedToItsShards) {
  Post(1, {SignpostOf("bugs", 2, 200)});
  Post(2, {SignpostOf("bugs", 2, 250), PostingOf("bugs", 9, 1, kBoth)});
  PostShard(0, 1, {PostingOf("bugs", 7, 50, kBoth)});
  PostShard(1, 1, {PostingOf("bugs", 8, 40, kBoth)});
  const SearchResult result = Find("debian bugs");
  EXPECT_THAT(Keys(result), testing::UnorderedElementsAre(7, 8, 9));
  EXPECT_EQ(result.figures.shards, 2U);
  EXPECT_EQ(result.figures.signed_listings, 200U);
}

TEST_F(PeerSearchTest, OneStrangersSignpostMakesNobodyTellTheWord) {
  Post(1, {SignpostOf("bugs", 64, 40'000)});
  EXPECT_EQ(Find("debian bugs").figures.shards, 0U);
  EXPECT_THAT(getter_.asked, ElementsAre(BucketOf("bugs")));
}

TEST_F(PeerSearchTest, WhatWasLearnedOfAHotWordChoosesTheNextTime) {
  knowledge_.frequency = {};
  Post(1, {SignpostOf("bugs", 64, 30'000)});
  Post(2, {SignpostOf("bugs", 64, 30'000)});
  const SearchResult first = Find("bugs zz");
  EXPECT_EQ(first.figures.asked, "bugs");
  EXPECT_EQ(first.figures.shards, limits_.most_shards);
  EXPECT_EQ(Find("bugs zz").figures.asked, "zz");
}

TEST_F(PeerSearchTest, OfAWordThatIsTooCommonNothingIsPublished) {
  Post(1, {SignpostOf("bugs", 0, 60'000)});
  Post(2, {SignpostOf("bugs", 0, 70'000)});
  const SearchResult result = Find("debian bugs");
  EXPECT_TRUE(result.figures.too_common);
  EXPECT_EQ(result.figures.shards, 0U);
}

TEST_F(PeerSearchTest, OldSequenceNumbersNeverWin) {
  Post(1, {PostingOf("bugs", 8, 50, kBoth)}, 2);
  EXPECT_THAT(Keys(Find("debian bugs")), ElementsAre(8));
  FakeGetter replaying;
  replaying.Put(BucketOf("bugs"), RecordType::kPosting,
                Block(BucketOf("bugs"), 1, {PostingOf("bugs", 7, 50, kBoth)}, 1));
  std::swap(getter_, replaying);
  const SearchResult result = Find("debian bugs");
  EXPECT_THAT(result.found, IsEmpty()) << "a later search remembers";
  EXPECT_EQ(result.figures.old, 1U);
}

TEST_F(PeerSearchTest, WhatIsNoRecordIsCountedAndNothingElse) {
  Post(1, {PostingOf("bugs", 7, 50, kBoth)});
  getter_.Put(BucketOf("bugs"), RecordType::kPosting, "junk");
  getter_.Put(BucketOf("bugs"), RecordType::kPosting,
              Block(BucketOf("debian"), 1, {PostingOf("bugs", 8, 50, kBoth)}));
  getter_.Put(BucketOf("bugs"), RecordType::kOwner, "junk");
  const SearchResult result = Find("debian bugs");
  EXPECT_THAT(Keys(result), ElementsAre(7));
  EXPECT_EQ(result.figures.refused, 2U);
  EXPECT_EQ(result.figures.values, 3U);
}

TEST_F(PeerSearchTest, LiarsAreNotHeard) {
  knowledge_.rank = [](const Ed25519Key& finder) {
    return finder == Finder(1) ? FinderRank::kLiar : FinderRank::kUnknown;
  };
  Post(1, {PostingOf("bugs", 7, 255, kBoth)});
  Post(2, {PostingOf("bugs", 8, 1, kBoth)});
  const SearchResult result = Find("debian bugs");
  EXPECT_THAT(Keys(result), ElementsAre(8));
  EXPECT_EQ(result.figures.liars, 1U);
}

TEST_F(PeerSearchTest, PlacesOfTheBestAreLookedUp) {
  const SigningKey owner = SeedKey(77);
  const KeyId key = owner.id();
  const DhtKey bucket = BucketOf("bugs");
  WordEntry entry = PostingOf("bugs", 7, 50, kBoth);
  entry.posting.key = PrefixOf(key);
  getter_.Put(bucket, RecordType::kPosting, Block(bucket, 1, {entry}));
  getter_.Put(SubjectKey(RecordType::kOwner, key), RecordType::kOwner,
              *WriteOwner(SampleOwner(key), owner));
  Observation seen = SampleObservation();
  seen.subject = key;
  getter_.Put(SubjectKey(RecordType::kObservation, key), RecordType::kObservation,
              *WriteObservation(seen, SeedKey(30)));
  const SearchResult result = Find("debian bugs");
  ASSERT_THAT(result.found, SizeIs(1));
  const std::vector<Place>& places = result.found[0].places;
  ASSERT_THAT(places, SizeIs(3));
  EXPECT_EQ(places[0].speaker, Speaker::kOwner);
  EXPECT_EQ(places[0].key, key);
  EXPECT_EQ(places[2].speaker, Speaker::kStranger);
}

TEST_F(PeerSearchTest, OldPlacesNeverWin) {
  const SigningKey owner = SeedKey(77);
  const KeyId key = owner.id();
  WordEntry entry = PostingOf("bugs", 7, 50, kBoth);
  entry.posting.key = PrefixOf(key);
  const std::string claim = Block(BucketOf("bugs"), 1, {entry});
  OwnerRecord place = SampleOwner(key);
  Observation seen = SampleObservation();
  seen.subject = key;
  seen.endpoint.port = 8443;
  const auto put = [&](uint32_t sequence) {
    getter_ = FakeGetter();
    getter_.Put(BucketOf("bugs"), RecordType::kPosting, claim);
    place.header.sequence = seen.header.sequence = sequence;
    getter_.Put(SubjectKey(RecordType::kOwner, key), RecordType::kOwner, *WriteOwner(place, owner));
    getter_.Put(SubjectKey(RecordType::kObservation, key), RecordType::kObservation,
                *WriteObservation(seen, SeedKey(30)));
  };
  put(20);
  EXPECT_THAT(Find("debian bugs").found[0].places, SizeIs(3));
  put(19);
  const SearchResult result = Find("debian bugs");
  EXPECT_THAT(result.found[0].places, IsEmpty()) << "a later search remembers";
  EXPECT_EQ(result.figures.old, 2U);
}

TEST_F(PeerSearchTest, AStrangersPublishingKeyDoesNotOutbidTheOwner) {
  const SigningKey owner = SeedKey(77);
  const KeyId key = owner.id();
  WordEntry entry = PostingOf("bugs", 7, 50, kBoth);
  entry.posting.key = PrefixOf(key);
  getter_.Put(BucketOf("bugs"), RecordType::kPosting, Block(BucketOf("bugs"), 1, {entry}));
  const DhtKey where = SubjectKey(RecordType::kOwner, key);
  OwnerRecord forged = SampleOwner(key);
  forged.header.sequence = 99;
  getter_.Put(where, RecordType::kOwner, *WriteOwner(forged, SeedKey(30)));
  getter_.Put(where, RecordType::kOwner, *WriteOwner(SampleOwner(key), owner));
  const SearchResult result = Find("debian bugs");
  ASSERT_THAT(result.found[0].places, Not(IsEmpty()));
  EXPECT_EQ(result.found[0].places[0].speaker, Speaker::kOwner);
  EXPECT_EQ(result.figures.old, 0U);
}

TEST_F(PeerSearchTest, RecordsAboutOneKeyAreBounded) {
  limits_.most_place_values = 3;
  Post(1, {PostingOf("bugs", 7, 50, kBoth)});
  const DhtKey where = SubjectKey(RecordType::kObservation, Prefix(7));
  for (uint8_t observer = 1; observer < 9; ++observer) {
    Observation seen = SampleObservation();
    seen.subject.bytes.fill(7);
    getter_.Put(where, RecordType::kObservation, *WriteObservation(seen, SeedKey(observer)));
  }
  const SearchResult result = Find("debian bugs");
  EXPECT_EQ(result.found[0].places.at(0).voices, 3U);
  EXPECT_FALSE(result.complete);
}

TEST_F(PeerSearchTest, OnlyTheFirstClaimsAreFollowed) {
  limits_.most_subjects = 2;
  std::vector<WordEntry> entries;
  for (uint8_t key = 1; key < 10; ++key) entries.push_back(PostingOf("bugs", key, key, kBoth));
  Post(1, entries);
  const SearchResult result = Find("debian bugs");
  EXPECT_THAT(result.found, SizeIs(9));
  EXPECT_EQ(result.figures.subjects, 2U);
  EXPECT_THAT(getter_.asked, SizeIs(1 + 2 * 2));
  EXPECT_THAT(getter_.asked, Contains(SubjectKey(RecordType::kOwner, result.found[1].claim.key)));
  EXPECT_THAT(getter_.asked,
              Not(Contains(SubjectKey(RecordType::kOwner, result.found[2].claim.key))));
}

TEST_F(PeerSearchTest, ValuesAndBytesAreBounded) {
  limits_.most_values = 5;
  for (uint8_t finder = 1; finder < 20; ++finder) {
    Post(finder, {PostingOf("bugs", finder, 50, kBoth)});
  }
  const SearchResult result = Find("debian bugs");
  EXPECT_THAT(result.found, SizeIs(5));
  EXPECT_FALSE(result.complete);
  limits_.most_values = 100;
  limits_.most_bytes = 400;
  search_.reset();
  EXPECT_THAT(Find("debian bugs").found, SizeIs(2));
}

TEST_F(PeerSearchTest, TheCallerMayHaveEnough) {
  enough_ = 1;
  Post(1, {PostingOf("bugs", 7, 50, kBoth)});
  Post(2, {PostingOf("bugs", 8, 50, kBoth)});
  const SearchResult result = Find("debian bugs");
  EXPECT_THAT(Keys(result), ElementsAre(7));
  EXPECT_FALSE(result.complete);
  EXPECT_THAT(getter_.asked, SizeIs(1)) << "nothing more is asked";
}

TEST_F(PeerSearchTest, EnoughIsEnoughForTheShardsToo) {
  enough_ = 1;
  knowledge_.rank = [](const Ed25519Key&) { return FinderRank::kGood; };
  Post(1, {SignpostOf("bugs", 2, 200), PostingOf("bugs", 9, 1, kBoth)});
  PostShard(0, 1, {PostingOf("bugs", 7, 50, kBoth)});
  PostShard(1, 1, {PostingOf("bugs", 8, 40, kBoth)});
  const SearchResult result = Find("debian bugs");
  EXPECT_THAT(streamed_, ElementsAre(7));
  EXPECT_EQ(result.figures.values, 2U) << "the second shard is not looked at";
}

TEST_F(PeerSearchTest, TheBucketGetsItsTimeAndTheRestWhatIsLeft) {
  Post(1, {PostingOf("bugs", 7, 50, kBoth)});
  getter_.takes = milliseconds(1'500);
  Find("debian bugs");
  EXPECT_THAT(getter_.patience,
              ElementsAre(milliseconds(2'000), milliseconds(3'500), milliseconds(3'500)));
}

TEST_F(PeerSearchTest, ABucketThatTookAllItsTimeMayHaveMore) {
  Post(1, {PostingOf("bugs", 7, 50, kBoth)});
  getter_.takes = limits_.to_first;
  const SearchResult result = Find("debian bugs");
  EXPECT_THAT(Keys(result), ElementsAre(7));
  EXPECT_FALSE(result.complete);
}

TEST_F(PeerSearchTest, ASilentNetworkEndsTheSearchInTime) {
  getter_.takes = milliseconds(60'000);
  const auto begun = getter_.now;
  const SearchResult result = Find("debian bugs");
  EXPECT_FALSE(result.complete);
  EXPECT_EQ(getter_.now - begun, limits_.to_first);
  EXPECT_THAT(getter_.asked, SizeIs(1));
}

TEST_F(PeerSearchTest, AfterTheHardStopNothingIsAsked) {
  limits_.to_first = limits_.hard_stop;
  Post(1, {PostingOf("bugs", 7, 50, kBoth)});
  getter_.takes = limits_.hard_stop;
  const SearchResult result = Find("debian bugs");
  EXPECT_THAT(getter_.asked, SizeIs(1));
  EXPECT_THAT(Keys(result), ElementsAre(7)) << "what came in time is shown";
  EXPECT_FALSE(result.complete);
}

TEST_F(PeerSearchTest, BoundWordsAskNothing) {
  knowledge_.is_bound = [](const KeywordSet& words) {
    return words == *KeywordSet::FromText("debian bugs") ||
           words == *KeywordSet::FromText("mybank");
  };
  SearchListener listener;
  listener.done = [](const SearchResult&) { ADD_FAILURE() << "called back"; };
  for (const char* typed : {"bugs debian", "Debian BUGS", "mybank"}) {
    EXPECT_FALSE(search().Search(*KeywordSet::FromText(typed), typed, listener).ok()) << typed;
  }
  EXPECT_FALSE(search().Search(*KeywordSet::FromText("nas lan"), "nas.lan", listener).ok());
  EXPECT_THAT(getter_.asked, IsEmpty());
  Find("mybank login");
  EXPECT_THAT(getter_.asked, ElementsAre(BucketOf("login")));
}

TEST_F(PeerSearchTest, NoPlainWordLeavesTheMachine) {
  const char* const searches[] = {"debian bugs", "a b c", "kümmert euch", "bugs"};
  Post(1, {PostingOf("bugs", 7, 50, kBoth)});
  for (const char* typed : searches) Find(typed);
  for (const DhtKey& key : getter_.asked) {
    const std::string bytes(key.begin(), key.end());
    for (const char* typed : searches) {
      const KeywordSet words = *KeywordSet::FromText(typed);
      for (const std::string& word : words.words()) {
        // A word of one letter is in a hash by chance.
        EXPECT_TRUE(word.size() < 3 || bytes.find(word) == std::string::npos) << word;
        EXPECT_NE(key, HashedKey("", word));
      }
    }
  }
  // One bucket each, and the records of the one key that was claimed.
  EXPECT_THAT(getter_.asked, SizeIs(4 + 2 * 2));
}

TEST_F(PeerSearchTest, WordsOfOneBucketAskTheSame) {
  std::string twin;
  for (int i = 0; twin.empty(); ++i) {
    const std::string word = "word" + std::to_string(i);
    if (BucketOf(word) == BucketOf("bugs")) twin = word;
  }
  Find("bugs");
  Find(twin.c_str());
  ASSERT_THAT(getter_.asked, SizeIs(2));
  EXPECT_EQ(getter_.asked[0], getter_.asked[1]);
}

}  // namespace
}  // namespace commresolve::dht
