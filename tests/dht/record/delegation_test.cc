// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Delegations: round trip, tampering, time, and whom they let speak.

#include "dht/record/delegation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/dht/record/samples.h"

namespace commresolve::dht {
namespace {

using testing::HasSubstr;

class DelegationOfEveryKind : public testing::TestWithParam<const char*> {};

TEST_P(DelegationOfEveryKind, ComesBackAsItWasWrittenAndNothingMayChange) {
  const SigningKey key = NewSigningKey(GetParam());
  Delegation delegation = SampleDelegation();
  const auto statement = WriteDelegation(delegation, key);
  ASSERT_TRUE(statement.ok());
  EXPECT_LE(statement->size(), kMaxDelegationBytes);
  const auto read = ReadDelegation(key.id(), *statement, kNow);
  ASSERT_TRUE(read.ok()) << read.error().message;
  delegation.subject = key.id();
  EXPECT_EQ(*read, delegation);
  EXPECT_EQ(AcceptedTamperings(*statement,
                               [&key](const std::string& changed) {
                                 return ReadDelegation(key.id(), changed, kNow).ok();
                               }),
            0U);
}

INSTANTIATE_TEST_SUITE_P(Keys, DelegationOfEveryKind, testing::Values("P-256", "P-384", "RSA-2048"),
                         [](const testing::TestParamInfo<const char*>& tested) {
                           std::string name = tested.param;
                           name.erase(name.find('-'), 1);
                           return name;
                         });

TEST(Delegation, IsOfItsSubjectOnly) {
  const auto statement = WriteDelegation(SampleDelegation(), SeedKey(3));
  ASSERT_TRUE(statement.ok());
  const auto other = ReadDelegation(SeedKey(4).id(), *statement, kNow);
  ASSERT_FALSE(other.ok());
  EXPECT_THAT(other.error().message, HasSubstr("signer: another key than the subject"));
}

TEST(Delegation, NamesItsSubject) {
  const SigningKey key = SeedKey(3);
  const std::string statement = WriteDelegation(SampleDelegation(), key).value();
  EXPECT_EQ(ClaimedSubject(statement), key.id());
  EXPECT_EQ(ClaimedSubject(statement.substr(0, 60)), std::nullopt);
  EXPECT_EQ(ClaimedSubject(""), std::nullopt);
}

TEST(Delegation, HoldsForItsTime) {
  const SigningKey key = SeedKey(3);
  const Delegation delegation = SampleDelegation();
  const auto statement = WriteDelegation(delegation, key);
  ASSERT_TRUE(statement.ok());
  const UnixTime first = delegation.valid_from - kClockSkew;
  const UnixTime last = delegation.valid_until + kClockSkew - 1;
  EXPECT_FALSE(ReadDelegation(key.id(), *statement, first - 1).ok());
  EXPECT_TRUE(ReadDelegation(key.id(), *statement, first).ok());
  EXPECT_TRUE(ReadDelegation(key.id(), *statement, last).ok());
  EXPECT_FALSE(ReadDelegation(key.id(), *statement, last + 1).ok());
}

TEST(Delegation, LimitsAreKept) {
  const SigningKey key = SeedKey(3);
  Delegation delegation = SampleDelegation();
  delegation.valid_until = delegation.valid_from;
  EXPECT_FALSE(WriteDelegation(delegation, key).ok());
  delegation.valid_until = delegation.valid_from + kLongestDelegation + 1;
  const auto long_one = WriteDelegation(delegation, key);
  ASSERT_FALSE(long_one.ok());
  EXPECT_THAT(long_one.error().message, HasSubstr("more than 400 days"));
  delegation.valid_from = -1;
  EXPECT_FALSE(WriteDelegation(delegation, key).ok());
  EXPECT_FALSE(ReadDelegation(key.id(), std::string(kMaxDelegationBytes + 1, 'x'), kNow).ok());
}

TEST(Speaks, TheSubjectItselfOrWhomItNames) {
  const KeyId subject = SomeKey(1);
  Delegation delegation = SampleDelegation();
  delegation.subject = subject;
  const Ed25519Key named = delegation.publishing_key;
  EXPECT_TRUE(Speaks(subject, std::nullopt, std::nullopt, kNow));
  EXPECT_TRUE(Speaks(subject, named, delegation, kNow));
  EXPECT_FALSE(Speaks(subject, named, std::nullopt, kNow));
  EXPECT_FALSE(Speaks(subject, RawKey(SeedKey(9)), delegation, kNow));
  EXPECT_FALSE(Speaks(SomeKey(2), named, delegation, kNow));
  EXPECT_FALSE(Speaks(subject, named, delegation, delegation.valid_until + kClockSkew));
}

}  // namespace
}  // namespace commresolve::dht
