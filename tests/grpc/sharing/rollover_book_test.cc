// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is kept of what owners said, and since when it is known.

#include "grpc/sharing/rollover_book.h"

#include <gtest/gtest.h>

#include "tests/dht/record/samples.h"

namespace commresolve::daemon {
namespace {

using dht::kDay;
using dht::kNow;
using dht::SomeKey;

const KeyId kOld = SomeKey(9);

dht::Rollover Record(uint32_t sequence, const std::vector<KeyId>& new_keys,
                     UnixTime until = kNow + 20 * kDay) {
  dht::Rollover record = dht::SampleRollover(kOld);
  record.header = {sequence, until};
  record.new_keys = new_keys;
  return record;
}

/// When each new key was learned.
std::map<KeyId, UnixTime> Learned(const RolloverBook& book) {
  std::map<KeyId, UnixTime> learned;
  for (const KnownRollover& one : book.known()) learned[one.new_key] = one.learned;
  return learned;
}

TEST(RolloverBookTest, KnowsSinceWhenItKnows) {
  RolloverBook book;
  EXPECT_TRUE(book.Add(Record(3, {SomeKey(1), SomeKey(2)}), kNow));
  EXPECT_FALSE(book.Add(Record(3, {SomeKey(1), SomeKey(2)}), kNow + 5));
  const KnownRollover first = book.known().at(0);
  EXPECT_EQ(first, (KnownRollover{kOld, SomeKey(1), kNow - kDay, kNow + 20 * kDay, kNow}));
  EXPECT_TRUE(book.Add(Record(4, {SomeKey(2), SomeKey(3)}), kNow + kDay));
  EXPECT_EQ(Learned(book),
            (std::map<KeyId, UnixTime>{{SomeKey(2), kNow}, {SomeKey(3), kNow + kDay}}));
}

TEST(RolloverBookTest, TheSameForLongerIsNotLearnedAnew) {
  RolloverBook book;
  book.Add(Record(3, {SomeKey(1)}, kNow + 5 * kDay), kNow);
  EXPECT_TRUE(book.Add(Record(3, {SomeKey(1)}, kNow + 20 * kDay), kNow + kDay));
  EXPECT_EQ(book.known().at(0).until, kNow + 20 * kDay);
  EXPECT_EQ(book.known().at(0).learned, kNow);
  EXPECT_FALSE(book.Add(Record(3, {SomeKey(1)}, kNow + 6 * kDay), kNow + kDay));
}

TEST(RolloverBookTest, OldRecordsAndOthersOfTheSameNumberChangeNothing) {
  RolloverBook book;
  book.Add(Record(3, {SomeKey(1)}), kNow);
  const RolloverBook before = book;
  EXPECT_FALSE(book.Add(Record(2, {SomeKey(5)}, kNow + 29 * kDay), kNow));
  EXPECT_FALSE(book.Add(Record(3, {SomeKey(5)}, kNow + 29 * kDay), kNow));
  EXPECT_FALSE(book.Add(Record(3, {}, kNow + 29 * kDay), kNow));
  EXPECT_EQ(book, before);
}

TEST(RolloverBookTest, WhatWasTakenBackStaysAwayAndIsLearnedAnew) {
  RolloverBook book;
  book.Add(Record(3, {SomeKey(1)}), kNow);
  EXPECT_TRUE(book.Add(Record(4, {}), kNow + 1));
  EXPECT_TRUE(book.known().empty());
  EXPECT_FALSE(book.Add(Record(3, {SomeKey(1)}, kNow + 29 * kDay), kNow + 2));
  EXPECT_TRUE(book.Add(Record(5, {SomeKey(1)}), kNow + 3));
  EXPECT_EQ(Learned(book).at(SomeKey(1)), kNow + 3);
}

TEST(RolloverBookTest, WhatWasOverIsLearnedAnew) {
  RolloverBook book;
  book.Add(Record(3, {SomeKey(1)}, kNow + 5 * kDay), kNow);
  const UnixTime later = kNow + 5 * kDay;
  EXPECT_TRUE(book.Add(Record(3, {SomeKey(1)}, later + 9 * kDay), later));
  EXPECT_EQ(Learned(book).at(SomeKey(1)), later);
}

TEST(RolloverBookTest, ForgetsWhatCannotComeBack) {
  RolloverBook book;
  book.Add(Record(3, {SomeKey(1)}, kNow + 5 * kDay), kNow);
  EXPECT_FALSE(book.Tidy({kOld}, kNow + 35 * kDay));
  EXPECT_FALSE(book.Add(Record(2, {SomeKey(5)}, kNow + 36 * kDay), kNow + 35 * kDay));
  EXPECT_TRUE(book.Tidy({kOld}, kNow + 36 * kDay));
  EXPECT_EQ(book, RolloverBook());
}

TEST(RolloverBookTest, ForgetsKeysThatNobodyWants) {
  RolloverBook book;
  book.Add(Record(3, {SomeKey(1)}), kNow);
  EXPECT_TRUE(book.Tidy({SomeKey(1)}, kNow));
  EXPECT_TRUE(book.known().empty());
}

TEST(RolloverBookTest, NothingIsLearnedInTheFuture) {
  RolloverBook book;
  book.Add(Record(3, {SomeKey(1)}), kNow);
  EXPECT_TRUE(book.Tidy({kOld}, kNow - 9 * kDay));
  EXPECT_EQ(Learned(book).at(SomeKey(1)), kNow - 9 * kDay);
  EXPECT_FALSE(book.Tidy({kOld}, kNow));
}

TEST(RolloverBookTest, IsBounded) {
  RolloverBook book;
  for (size_t i = 0; i <= RolloverBook::kMostOldKeys; ++i) {
    dht::Rollover record = Record(1, {SomeKey(1)});
    record.old_key = KeyId{Sha256(std::to_string(i))};
    EXPECT_EQ(book.Add(record, kNow), i < RolloverBook::kMostOldKeys);
  }
  const auto read = RolloverBook::Parse(book.ToText(), "file");
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(*read, book);
  EXPECT_FALSE(RolloverBook::Parse(book.ToText() + "old " + KeyText(kOld) + " 1 2 3\n", "").ok());
}

TEST(RolloverBookTest, IsReadAsItWasWritten) {
  RolloverBook book;
  book.Add(Record(3, {SomeKey(1), SomeKey(2)}), kNow);
  dht::Rollover other = Record(0xFFFF'FFFF, {});
  other.old_key = SomeKey(7);
  book.Add(other, kNow);
  const auto read = RolloverBook::Parse(book.ToText(), "file");
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(*read, book);
  EXPECT_EQ(*RolloverBook::Parse("", "file"), RolloverBook());
}

TEST(RolloverBookTest, ForeignLinesAreNamed) {
  const std::string old_key = KeyText(kOld);
  const std::string head = "old " + old_key + " 3 5 9\n";
  const std::string new_key = "new " + KeyText(SomeKey(1));
  for (const std::string& text : std::vector<std::string>{
           new_key + " 5\n", "old " + old_key + " 3 5\n", "old " + old_key + " 3 9 5\n",
           "old " + old_key + " 3 5 9 1\n", "old " + old_key + " -1 5 9\n",
           "old " + old_key + " 4294967296 5 9\n", "old " + old_key + " 3 5 4294967296\n",
           "old zzz 3 5 9\n", "what " + old_key + " 3 5 9\n", head + head, head + new_key + "\n",
           head + new_key + " x\n", head + new_key + " -5\n",
           head + new_key + " 5\n" + new_key + " 6\n", head + "new " + old_key + " 5\n",
           head.substr(0, head.size() - 1)}) {
    const auto read = RolloverBook::Parse(text, "file");
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_EQ(read.error().code, Code::kCorrupt);
  }
}

}  // namespace
}  // namespace commresolve::daemon
