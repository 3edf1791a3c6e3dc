// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Pseudonyms: the same within a period, another in the next, and as HKDF says.

#include "dht/record/pseudonym.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <set>
#include <string>

#include "tests/dht/record/samples.h"

namespace commresolve::dht {
namespace {

constexpr std::array<uint8_t, 32> kSecret = {1, 2, 3};

std::string KeyAt(const std::array<uint8_t, 32>& secret, UnixTime now) {
  const auto key = PseudonymAt(secret, now);
  EXPECT_TRUE(key.ok());
  return key.ok() ? key->spki() : std::string();
}

TEST(Pseudonym, LastsAPeriodAndNoLonger) {
  const UnixTime begin = 2'900 * kPseudonymPeriod;
  EXPECT_EQ(KeyAt(kSecret, begin), KeyAt(kSecret, begin + kPseudonymPeriod - 1));
  std::set<std::string> keys;
  for (int period = -1; period < 9; ++period) {
    keys.insert(KeyAt(kSecret, begin + period * kPseudonymPeriod));
  }
  EXPECT_EQ(keys.size(), 10U);
}

TEST(Pseudonym, DependsOnTheWholeSecret) {
  std::array<uint8_t, 32> other = kSecret;
  other[31] = 1;
  EXPECT_NE(KeyAt(kSecret, kNow), KeyAt(other, kNow));
}

TEST(Pseudonym, IsHkdfOfTheSecret) {
  // openssl kdf -keylen 32 -kdfopt digest:SHA256 -kdfopt hexkey:010203(29 zero bytes)
  //   -kdfopt hexinfo:(commresolve dht pseudonym v1, 00, 8 bytes of the period 1) HKDF
  const std::string seed_bytes =
      *FromHex("c08cd99ec5359aacd002c28b55b7f417b8c093f9cbd818efd2646b014c048bac");
  std::array<uint8_t, 32> seed;
  std::copy(seed_bytes.begin(), seed_bytes.end(), seed.begin());
  EXPECT_EQ(KeyAt(kSecret, kPseudonymPeriod), SigningKey::FromSeed(seed)->spki());
}

TEST(Pseudonym, ExistsAtEveryTimeSince1970) {
  EXPECT_FALSE(PseudonymAt(kSecret, -1).ok());
  EXPECT_TRUE(PseudonymAt(kSecret, 0).ok());
  EXPECT_TRUE(PseudonymAt(kSecret, std::numeric_limits<UnixTime>::max()).ok());
}

}  // namespace
}  // namespace commresolve::dht
