// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Names of tiers and verdicts, and which keys a binding accepts.

#include "resolver/trust/binding.h"

#include <gtest/gtest.h>

namespace commresolve {
namespace {

KeyId Key(uint8_t byte) {
  KeyId key;
  key.bytes.fill(byte);
  return key;
}

TEST(Tier, NamesReadBack) {
  for (int number = 0; number <= 5; ++number) {
    const auto tier = static_cast<Tier>(number);
    EXPECT_EQ(ParseTier(TierName(tier)), tier);
  }
  EXPECT_STREQ(TierName(Tier::kPinned), "pinned");
  EXPECT_EQ(ParseTier("Pinned"), std::nullopt);
  EXPECT_EQ(ParseTier(""), std::nullopt);
}

TEST(Verdict, Names) {
  EXPECT_STREQ(VerdictName(Verdict::kMatch), "match");
  EXPECT_STREQ(VerdictName(Verdict::kNew), "new");
  EXPECT_STREQ(VerdictName(Verdict::kChanged), "changed");
  EXPECT_STREQ(VerdictName(Verdict::kRevoked), "revoked");
  EXPECT_STREQ(VerdictName(Verdict::kHold), "hold");
}

TEST(Binding, RejectedWinsOverAccepted) {
  Binding binding;
  binding.accepted = {Key(1), Key(2)};
  binding.rejected = {Key(2), Key(3)};
  EXPECT_TRUE(binding.Accepts(Key(1)));
  EXPECT_FALSE(binding.Accepts(Key(2)));
  EXPECT_FALSE(binding.Accepts(Key(4)));
  EXPECT_TRUE(binding.Rejects(Key(2)));
  EXPECT_TRUE(binding.Rejects(Key(3)));
  EXPECT_FALSE(binding.Rejects(Key(1)));
}

}  // namespace
}  // namespace commresolve
