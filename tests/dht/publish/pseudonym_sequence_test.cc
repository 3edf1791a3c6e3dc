// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Numbers that grow within a period and say nothing over its end.

#include "dht/publish/pseudonym_sequence.h"

#include <gtest/gtest.h>

#include <set>

#include "dht/record/pseudonym.h"
#include "tests/dht/publish/publish_fixture.h"

namespace commresolve::dht {
namespace {

constexpr UnixTime kBegin = kNow / kPseudonymPeriod * kPseudonymPeriod;

uint32_t At(const std::string& word, UnixTime changed, UnixTime now, uint8_t secret = 7) {
  std::array<uint8_t, 32> bytes{};
  bytes.fill(secret);
  const Stream stream = SampleContent(word, 1).stream();
  return PseudonymSequence(bytes, stream, static_cast<uint32_t>(changed), now).value();
}

TEST(PseudonymSequence, GrowsWithTheContentInAPeriod) {
  uint32_t last = At("debian", kBegin - 5 * kDay, kBegin);
  EXPECT_EQ(At("debian", kBegin - 1, kBegin + 1), last);
  for (const UnixTime changed : {kBegin, kBegin + 1, kBegin + kDay, kBegin + 7 * kDay - 1,
                                 kBegin + 7 * kDay, kBegin + 3'650 * kDay}) {
    const uint32_t next = At("debian", changed, kBegin + 7 * kDay - 1);
    EXPECT_GT(next, last) << changed;
    last = next;
  }
  EXPECT_EQ(At("debian", kBegin + 5, kBegin + 5), At("debian", kBegin + 5, kBegin + 6 * kDay));
}

TEST(PseudonymSequence, BeginsSomewhereElseForEachPeriodStreamAndSecret) {
  std::set<uint32_t> numbers;
  std::set<uint32_t> distances;
  for (int period = 0; period < 20; ++period) {
    const UnixTime now = kNow + period * kPseudonymPeriod;
    const uint32_t debian = At("debian", kNow - 30 * kDay, now);
    const uint32_t fedora = At("fedora", kNow - 30 * kDay, now);
    numbers.insert(debian);
    numbers.insert(fedora);
    numbers.insert(At("debian", kNow - 30 * kDay, now, 8));
    distances.insert(debian - fedora);
  }
  EXPECT_EQ(numbers.size(), 60U);
  EXPECT_EQ(distances.size(), 20U);
}

}  // namespace
}  // namespace commresolve::dht
