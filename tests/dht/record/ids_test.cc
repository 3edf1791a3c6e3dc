// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Keys, numbers and limits: the values that other implementations have to meet.

#include "dht/record/ids.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <set>
#include <string>

#include "tests/dht/record/samples.h"

namespace commresolve::dht {
namespace {

std::string KeyHex(const DhtKey& key) {
  return Hex({reinterpret_cast<const char*>(key.data()), key.size()});
}

TEST(Ids, TheTableIsInTheOrderOfItsNumbers) {
  uint16_t number = 0xC001;
  for (const RecordKind& kind : RecordKinds()) {
    EXPECT_EQ(static_cast<uint16_t>(kind.type), number);
    EXPECT_EQ(&KindOf(kind.type), &kind);
    EXPECT_EQ(RecordTypeOf(number), kind.type);
    EXPECT_LE(kind.stored_for, kind.longest_valid);
    ++number;
  }
  EXPECT_EQ(RecordTypeOf(0xC000), std::nullopt);
  EXPECT_EQ(RecordTypeOf(number), std::nullopt);
}

TEST(Ids, ValueIdIsTheBeginningOfTheHash) {
  // SHA-256("abc") begins with ba7816bf8f01cfea.
  EXPECT_EQ(ValueId("abc"), 0xba7816bf8f01cfeaU);
}

TEST(Ids, SubjectKeysAreWhereTheDocumentSays) {
  // printf 'commresolve dht owner v1 key\0AAAAAAAAAAAAAAAA' | sha256sum
  EXPECT_EQ(KeyHex(SubjectKey(RecordType::kOwner, SomeKey('A'))),
            "d3ca960279aca52a0c7ce76a5126e03f03c1b8f4");
  std::set<DhtKey> keys;
  for (const RecordKind& kind : RecordKinds()) keys.insert(SubjectKey(kind.type, SomeKey('A')));
  EXPECT_EQ(keys.size(), RecordKinds().size());
  EXPECT_EQ(SubjectKey(RecordType::kOwner, SomeKey('A')),
            SubjectKey(RecordType::kOwner, PrefixOf(SomeKey('A'))));
}

TEST(Ids, ExpiryHasAWindowWithToleranceForOthersClocks) {
  for (const RecordKind& kind : RecordKinds()) {
    const UnixTime first = kNow - kClockSkew + 1;
    const UnixTime last = kNow + kind.longest_valid + kClockSkew;
    EXPECT_TRUE(CheckExpiry(kind.type, first, kNow).ok());
    EXPECT_TRUE(CheckExpiry(kind.type, last, kNow).ok());
    const Status past = CheckExpiry(kind.type, first - 1, kNow);
    ASSERT_FALSE(past.ok());
    EXPECT_EQ(past.error().message, std::string(kind.name) + ": expires: in the past");
    const Status future = CheckExpiry(kind.type, last + 1, kNow);
    ASSERT_FALSE(future.ok());
    EXPECT_EQ(future.error().message, std::string(kind.name) + ": expires: too far in the future");
  }
}

}  // namespace
}  // namespace commresolve::dht
