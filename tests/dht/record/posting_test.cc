// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Posting blocks: round trip, tampering, limits, and what a block does not tell.

#include "dht/record/posting.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "tests/dht/record/samples.h"

namespace commresolve::dht {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr Header kHeader{5, kNow + kDay};

std::string Written(const std::vector<WordEntry>& entries, const Header& header = kHeader,
                    const BlockPlace& place = {}, uint8_t seed = 1) {
  const auto payload = WritePostingBlock(SampleBucket(), header, place, entries, SeedKey(seed));
  EXPECT_TRUE(payload.ok());
  return payload.ok() ? *payload : std::string();
}

PostingBlock Read(const std::string& payload) {
  auto block = ReadPostingBlock(SampleBucket(), payload, kNow);
  EXPECT_TRUE(block.ok()) << block.error().message;
  return block.ok() ? *block : PostingBlock();
}

std::string Problem(const std::vector<WordEntry>& entries, const BlockPlace& place = {}) {
  const auto payload = WritePostingBlock(SampleBucket(), kHeader, place, entries, SeedKey(1));
  return payload.ok() ? "" : payload.error().message;
}

TEST(PostingBlock, ComesBackWordForWord) {
  const auto entries = SampleEntries(kMaxPostings);
  const std::string payload = Written(entries, kHeader, {3, 4});
  EXPECT_EQ(payload.size(), kMaxRecordBytes);
  const PostingBlock block = Read(payload);
  EXPECT_EQ(block.key, SampleBucket());
  EXPECT_EQ(block.header, kHeader);
  EXPECT_EQ(block.finder, RawKey(SeedKey(1)));
  EXPECT_EQ(block.place, (BlockPlace{3, 4}));
  for (size_t i = 0; i < entries.size(); i += 2) {
    const WordFinds finds = FindWord(block, entries[i].word);
    EXPECT_THAT(finds.postings, ElementsAre(entries[i].posting, entries[i + 1].posting));
    EXPECT_EQ(finds.signpost, std::nullopt);
  }
  EXPECT_THAT(FindWord(block, "debian").postings, IsEmpty());
}

TEST(PostingBlock, HasTheBytesOfTheDocument) {
  // Mask: HMAC-SHA-256 with SHA-256("commresolve dht word secret v1\0word0") over finder, DHT key,
  // 00000005, 00, 00; made by another program, from the document alone.
  const PostingBlock block = Read(Written(SampleEntries(1)));
  EXPECT_EQ(Hex(block.entries), "6dd40ff3d427eca1677baa8bbb77c807060149b3bab1de3d78");
}

TEST(PostingBlock, ASignpostLeadsToTheOwnKeysOfAHotWord) {
  auto entries = SampleEntries(2);
  entries[1].word = "hot";
  for (const uint8_t shards : {uint8_t{0}, uint8_t{1}, kMaxShards}) {
    entries[1].signpost = Signpost{shards, 70'000};
    const PostingBlock block = Read(Written(entries));
    const WordFinds finds = FindWord(block, "hot");
    EXPECT_THAT(finds.postings, IsEmpty());
    EXPECT_EQ(finds.signpost, entries[1].signpost);
  }
}

TEST(PostingBlock, NothingOfItMayChange) {
  EXPECT_EQ(AcceptedTamperings(Written(SampleEntries(3)),
                               [](const std::string& changed) {
                                 return ReadPostingBlock(SampleBucket(), changed, kNow).ok();
                               }),
            0U);
}

TEST(PostingBlock, HoldsUnderItsBucketAndForItsTimeOnly) {
  const std::string payload = Written(SampleEntries(3));
  EXPECT_FALSE(ReadPostingBlock(BucketOf("another"), payload, kNow).ok());
  EXPECT_FALSE(ReadPostingBlock(SampleBucket(), payload, kNow + kDay + kClockSkew).ok());
  EXPECT_FALSE(ReadPostingBlock(SampleBucket(), payload, kNow - 2 * kDay).ok());
}

TEST(PostingBlock, LimitsAreKept) {
  EXPECT_EQ(Problem(SampleEntries(1)), "");
  EXPECT_THAT(Problem({}), HasSubstr("entries: not 1 to 18"));
  EXPECT_THAT(Problem(SampleEntries(kMaxPostings + 1)), HasSubstr("entries: not 1 to 18"));
  EXPECT_THAT(Problem(SampleEntries(1), {1, 1}), HasSubstr("block number"));
  auto entries = SampleEntries(1);
  entries[0].word.clear();
  EXPECT_THAT(Problem(entries), HasSubstr("without a word"));
  entries = SampleEntries(1);
  entries[0].posting.key.fill(0);
  EXPECT_THAT(Problem(entries), HasSubstr("a key of zeros"));
  entries[0].signpost = Signpost{kMaxShards + 1, 1};
  EXPECT_THAT(Problem(entries), HasSubstr("more than 64 shards"));
  EXPECT_FALSE(
      WritePostingBlock(SampleBucket(), kHeader, {}, SampleEntries(1), NewSigningKey("P-256"))
          .ok());
}

TEST(PostingBlock, LimitsAreKeptByTheReader) {
  const auto read = [](const std::string& body) {
    const auto payload =
        Seal(RecordType::kPosting, SampleBucket(), kHeader, std::nullopt, body, SeedKey(1));
    EXPECT_TRUE(payload.ok());
    const auto block = ReadPostingBlock(SampleBucket(), *payload, kNow);
    return block.ok() ? std::string() : block.error().message;
  };
  const std::string place("\0\1", 2);
  EXPECT_EQ(read(place + std::string(25, 'x')), "");
  EXPECT_THAT(read(""), HasSubstr("block number: cut short"));
  EXPECT_THAT(read(place), HasSubstr("entries"));
  EXPECT_THAT(read(place + std::string(26, 'x')), HasSubstr("entries"));
  EXPECT_THAT(read(std::string(2, '\1') + std::string(25, 'x')), HasSubstr("block number"));
}

/// All runs of 4 bytes in the encrypted entries of `block`.
std::set<std::string> Pieces(const PostingBlock& block) {
  std::set<std::string> pieces;
  for (size_t i = 0; i + 4 <= block.entries.size(); ++i) pieces.insert(block.entries.substr(i, 4));
  return pieces;
}

TEST(PostingBlock, TellsNothingToWhoDoesNotKnowTheWord) {
  // One word with the same key again and again, in blocks that differ in one thing each.
  std::vector<WordEntry> entries(kMaxPostings, SampleEntries(1)[0]);
  std::vector<PostingBlock> blocks;
  blocks.push_back(Read(Written(entries)));
  blocks.push_back(Read(Written(entries, {6, kNow + kDay})));
  blocks.push_back(Read(Written(entries, kHeader, {1, 2})));
  blocks.push_back(Read(Written(entries, kHeader, {}, 2)));
  const std::string word = entries[0].word;
  const std::string key(reinterpret_cast<const char*>(entries[0].posting.key.data()), 4);
  std::set<std::string> all;
  size_t expected = 0;
  for (const PostingBlock& block : blocks) {
    const std::set<std::string> pieces = Pieces(block);
    expected += block.entries.size() - 3;
    all.insert(pieces.begin(), pieces.end());
    EXPECT_FALSE(pieces.contains(key));
    EXPECT_FALSE(pieces.contains(word.substr(0, 4)));
    EXPECT_EQ(FindWord(block, word).postings.size(), kMaxPostings);
  }
  // No tag and no piece of a key stands there twice. (Chance would repeat one once in 1,300 runs,
  // but keys, words and signatures of this test are fixed.)
  EXPECT_EQ(all.size(), expected);
}

TEST(PostingBlock, AnEntryUnderAnotherFinderIsNotRead) {
  PostingBlock block = Read(Written(SampleEntries(1)));
  block.finder = RawKey(SeedKey(2));
  EXPECT_THAT(FindWord(block, "word0").postings, IsEmpty());
}

}  // namespace
}  // namespace commresolve::dht
