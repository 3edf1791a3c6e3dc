// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Each limit refuses what is over it and nothing else; time gives room back.

#include "dht/node/admission.h"

#include <gtest/gtest.h>

namespace commresolve::dht {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

const Admission::Time kStart{hours(1)};
const Admission::Time kEnd = kStart + hours(24);
constexpr size_t kEach = 100 + kValueOverhead;

DhtKey Key(uint8_t number) { return {number}; }
bool Gone(const DhtKey&, uint64_t) { return false; }

TEST(AdmissionTest, CountsAValueOnce) {
  Admission admission({});
  EXPECT_TRUE(admission.Admit(Key(1), 7, 1, 100, kEnd));
  EXPECT_TRUE(admission.Admit(Key(1), 7, 2, 100, kEnd));
  EXPECT_TRUE(admission.Admit(Key(2), 7, 1, 100, kEnd));
  EXPECT_EQ(admission.values(), 2U);
  EXPECT_EQ(admission.bytes(), 2 * kEach);
}

TEST(AdmissionTest, ANetworkFillsItsShareOnly) {
  Admission admission({.bytes = 10 * kEach, .network_bytes = 3 * kEach});
  int admitted = 0;
  for (uint8_t i = 0; i < 100; ++i) admitted += admission.Admit(Key(i), i + 1U, 66, 100, kEnd);
  EXPECT_EQ(admitted, 3);
  EXPECT_TRUE(admission.Admit(Key(200), 1, 1, 100, kEnd));
}

TEST(AdmissionTest, AKeyIsSharedByNetworks) {
  Admission admission({.key_values = 4, .key_network_values = 2});
  EXPECT_TRUE(admission.Admit(Key(1), 1, 1, 100, kEnd));
  EXPECT_TRUE(admission.Admit(Key(1), 2, 1, 100, kEnd));
  EXPECT_FALSE(admission.Admit(Key(1), 3, 1, 100, kEnd));
  EXPECT_TRUE(admission.Admit(Key(1), 3, 2, 100, kEnd));
  EXPECT_TRUE(admission.Admit(Key(1), 4, 3, 100, kEnd));
  EXPECT_FALSE(admission.Admit(Key(1), 5, 4, 100, kEnd));
  EXPECT_TRUE(admission.Admit(Key(2), 3, 1, 100, kEnd));
}

TEST(AdmissionTest, TheWholeIsBounded) {
  Admission admission({.bytes = 3 * kEach});
  for (uint64_t network = 0; network < 10; ++network) {
    EXPECT_EQ(admission.Admit(Key(static_cast<uint8_t>(network)), 1, network, 100, kEnd),
              network < 3);
  }
  EXPECT_EQ(admission.bytes(), 3 * kEach);
}

TEST(AdmissionTest, GivesBackWhatIsGone) {
  Admission admission({.bytes = kEach});
  EXPECT_TRUE(admission.Admit(Key(1), 1, 1, 100, kEnd));
  admission.Expire(kEnd - minutes(1), Gone);
  EXPECT_FALSE(admission.Admit(Key(2), 1, 1, 100, kEnd));
  admission.Expire(kEnd, Gone);
  EXPECT_EQ(admission.values(), 0U);
  EXPECT_TRUE(admission.Admit(Key(2), 1, 1, 100, kEnd));
}

TEST(AdmissionTest, AsksAgainAboutWhatWasRefreshed) {
  Admission admission({});
  EXPECT_TRUE(admission.Admit(Key(1), 1, 1, 100, kEnd));
  admission.Expire(kEnd, [](const DhtKey&, uint64_t) { return true; });
  EXPECT_EQ(admission.values(), 1U);
  admission.Expire(kEnd + minutes(1), Gone);
  EXPECT_EQ(admission.values(), 1U) << "not before the time that it was given";
  admission.Expire(kEnd + hours(1), Gone);
  EXPECT_EQ(admission.values(), 0U);
}

}  // namespace
}  // namespace commresolve::dht
