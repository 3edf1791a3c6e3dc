// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// When it counts that an owner said which keys may follow his.

#include "resolver/trust/rollover.h"

#include <gtest/gtest.h>

namespace commresolve {
namespace {

constexpr UnixTime kNow = 1'770'000'000;
constexpr int64_t kDay = 86'400;

KeyId Key(uint8_t byte) {
  KeyId key;
  key.bytes.fill(byte);
  return key;
}

/// Of old key 1 and new key 2, and it counts.
KnownRollover Good() { return {Key(1), Key(2), kNow - 9 * kDay, kNow + 9 * kDay, kNow - kDay}; }

bool Counts(const KnownRollover& said, UnixTime first_seen = kNow) {
  return MayFollow({{}, said}, {Key(9), Key(1)}, Key(2), first_seen, kNow);
}

TEST(RolloverTest, EveryConditionIsNeeded) {
  EXPECT_TRUE(Counts(Good()));
  struct Row {
    const char* what;
    KnownRollover said;
  };
  const std::vector<Row> rows = {
      {"another old key", {Key(3), Key(2), kNow - 9 * kDay, kNow + 9 * kDay, kNow - kDay}},
      {"another new key", {Key(1), Key(3), kNow - 9 * kDay, kNow + 9 * kDay, kNow - kDay}},
      {"not yet", {Key(1), Key(2), kNow + 1, kNow + 9 * kDay, kNow - kDay}},
      {"over", {Key(1), Key(2), kNow - 9 * kDay, kNow, kNow - kDay}},
      {"known too short", {Key(1), Key(2), kNow - 9 * kDay, kNow + 9 * kDay, kNow - kDay + 1}},
      {"learned in the future", {Key(1), Key(2), kNow - 9 * kDay, kNow + 9 * kDay, kNow + kDay}},
  };
  for (const Row& row : rows) EXPECT_FALSE(Counts(row.said)) << row.what;
}

TEST(RolloverTest, TheNewKeyMustNotHaveBeenSeenBefore) {
  EXPECT_TRUE(Counts(Good(), kNow - kDay + 1));
  EXPECT_FALSE(Counts(Good(), kNow - kDay));
  EXPECT_FALSE(Counts(Good(), kNow - 30 * kDay));
}

TEST(RolloverTest, NothingSaidIsNothing) {
  EXPECT_FALSE(MayFollow({}, {Key(1)}, Key(2), kNow, kNow));
  EXPECT_FALSE(MayFollow({Good()}, {}, Key(2), kNow, kNow));
}

}  // namespace
}  // namespace commresolve
