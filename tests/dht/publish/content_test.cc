// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Contents: what they become when they are sealed, what comes back from the queue, what is refused.

#include "dht/publish/content.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/dht/publish/publish_fixture.h"

namespace commresolve::dht {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

constexpr Header kHeader{5, kNow + kHour};

std::vector<Content> Samples() {
  PostingSet set = SampleSet("debian", 3);
  set.entries.push_back({"hot", {}, Signpost{7, 900}});
  return {Content::Of(set).value(), Content::Of(SampleOwner(SeedKey(1).id())).value(),
          Content::Of(SampleObservation(), 3).value(),
          Content::Of(SampleRollover(SeedKey(1).id())).value()};
}

template <class T>
std::string Problem(const Result<T>& result) {
  return result.ok() ? "" : result.error().message;
}

TEST(Content, IsSealedAsTheRecordThatItIs) {
  const auto samples = Samples();
  const SigningKey signer = SeedKey(1);
  const auto set = samples[0].Seal(kHeader, signer);
  ASSERT_TRUE(set.ok());
  const auto block = ReadPostingBlock(samples[0].key(), set->front(), kNow);
  ASSERT_TRUE(block.ok()) << Problem(block);
  EXPECT_THAT(FindWord(*block, "debian").postings, SizeIs(3));
  EXPECT_EQ(FindWord(*block, "hot").signpost, (Signpost{7, 900}));

  OwnerRecord owner = SampleOwner(signer.id());
  owner.header = kHeader;
  EXPECT_EQ(ReadOwner(samples[1].key(), samples[1].Seal(kHeader, signer)->front(), kNow).value(),
            owner);
  Observation seen = SampleObservation();
  seen.header = kHeader;
  seen.observer = RawKey(signer);
  EXPECT_EQ(
      ReadObservation(samples[2].key(), samples[2].Seal(kHeader, signer)->front(), kNow).value(),
      seen);
  Rollover rollover = SampleRollover(signer.id());
  rollover.header = kHeader;
  EXPECT_EQ(ReadRollover(samples[3].key(), samples[3].Seal(kHeader, signer)->front(), kNow).value(),
            rollover);
}

TEST(Content, AFullSetIsEightBlocksInTheirPlaces) {
  const Content content = SampleContent("debian", kMaxSetEntries);
  const auto payloads = content.Seal(kHeader, SeedKey(1));
  ASSERT_TRUE(payloads.ok());
  ASSERT_THAT(*payloads, SizeIs(8));
  for (uint8_t i = 0; i < 8; ++i) {
    const auto block = ReadPostingBlock(content.key(), (*payloads)[i], kNow);
    ASSERT_TRUE(block.ok()) << Problem(block);
    EXPECT_EQ(block->place, (BlockPlace{i, 8}));
    EXPECT_EQ(FindWord(*block, "debian").postings.front().key[0], i * kMaxPostings + 1);
  }
  EXPECT_THAT(SampleContent("debian", 19).Seal(kHeader, SeedKey(1)).value(), SizeIs(2));
}

TEST(Content, ComesBackFromItsBytes) {
  for (const Content& content : Samples()) {
    const std::string bytes = content.Encode();
    const auto back = Content::Decode(content.type(), bytes);
    ASSERT_TRUE(back.ok()) << Problem(back);
    EXPECT_EQ(back->Encode(), bytes);
    EXPECT_EQ(back->key(), content.key());
    EXPECT_EQ(back->stream(), content.stream());
    EXPECT_EQ(back->owner(), content.owner());
    EXPECT_EQ(*back->Seal(kHeader, SeedKey(1)), *content.Seal(kHeader, SeedKey(1)));
    for (size_t length = 0; length < bytes.size(); ++length) {
      const auto cut = Content::Decode(content.type(), bytes.substr(0, length));
      ASSERT_FALSE(cut.ok());
      EXPECT_EQ(cut.error().code, Code::kCorrupt);
    }
    EXPECT_FALSE(Content::Decode(content.type(), bytes + '\0').ok());
  }
}

TEST(Content, StreamsDoNotDependOnWhoSignsOrWhatIsSaid) {
  EXPECT_EQ(SampleContent("debian", 1, 1).stream(), SampleContent("debian", 2, 2).stream());
  Observation seen = SampleObservation();
  seen.observer.fill(1);
  seen.last_seen += 1;
  EXPECT_EQ(Content::Of(seen, 3)->stream(), Samples()[2].stream());
  std::set<Stream> streams;
  for (const Content& content : Samples()) streams.insert(content.stream());
  EXPECT_THAT(streams, SizeIs(4));
}

TEST(Content, RefusesWhatIsPrivate) {
  Observation seen = SampleObservation();
  EXPECT_THAT(Problem(Content::Of(seen, 2)), HasSubstr("seen too seldom"));
  seen.endpoint.server_name = "printer.home.arpa";
  EXPECT_THAT(Problem(Content::Of(seen, 100)), HasSubstr("private domain"));
  seen.endpoint = {*IpAddress::Parse("10.0.0.5"), 443, Protocol::kTls, ""};
  EXPECT_THAT(Problem(Content::Of(seen, 100)), HasSubstr("not a global address"));

  OwnerRecord owner = SampleOwner(SeedKey(1).id());
  owner.names = {"bugs.debian.org", "nas.local"};
  EXPECT_THAT(Problem(Content::Of(owner)), HasSubstr("nas.local: a name under a private domain"));
  owner = SampleOwner(SeedKey(1).id());
  owner.endpoints[0].ip = *IpAddress::Parse("192.168.1.9");
  EXPECT_THAT(Problem(Content::Of(owner)), HasSubstr("not a global address"));
}

TEST(Content, RefusesWhatNoRecordHolds) {
  EXPECT_FALSE(Content::Of(SampleSet("debian", 0)).ok());
  EXPECT_FALSE(Content::Of(SampleSet("debian", kMaxSetEntries + 1)).ok());
  EXPECT_FALSE(Content::Of(SampleSet("", 1)).ok());
  EXPECT_FALSE(Content::Of(SampleSet(std::string(65, 'a'), 1)).ok());
  PostingSet set = SampleSet("debian", 1);
  set.entries[0].posting.key = {};
  EXPECT_FALSE(Content::Of(set).ok());
  set.entries[0].signpost = Signpost{65, 1};
  EXPECT_FALSE(Content::Of(set).ok());
  OwnerRecord owner = SampleOwner(SeedKey(1).id());
  owner.endpoints.push_back(owner.endpoints.front());
  EXPECT_FALSE(Content::Of(owner).ok());
  Rollover rollover = SampleRollover(SeedKey(1).id());
  rollover.new_keys = {rollover.old_key};
  EXPECT_FALSE(Content::Of(rollover).ok());
}

}  // namespace
}  // namespace commresolve::dht
