// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Digests that are told from known ones without a look at the ledger.

#include <poll.h>
#include <unistd.h>

#include "index/ledger/id_filter.h"
#include "resolver/base/unique_fd.h"
#include "tests/index/ledger/ledger_fixture.h"

namespace commresolve::index {
namespace {

constexpr int kDigests = 50'000;
/// So many unknown certificates that filters are made.
constexpr int kMany = 3'000;
constexpr int kDeadline = 60'000;  // Milliseconds.

PlainDigest DigestOf(int number) { return {Sha256(std::to_string(number))}; }

Specimen Numbered(int number) {
  const std::string name = "n" + std::to_string(number) + ".example";
  return Invent({.names = name, .key = name});
}

Status AddRange(Ledger::Batch& batch, int begin, int end, Added expected) {
  for (int i = begin; i < end; ++i) {
    const Specimen specimen = Numbered(i);
    const auto added = batch.Add(Seen(specimen, {}, i), specimen.parsed, nullptr);
    if (!added.ok()) return added.error();
    if (*added != expected) return Error{Code::kInternal, std::to_string(i)};
  }
  return {};
}

Status AddRange(Ledger& ledger, int begin, int end, Added expected) {
  COMMRESOLVE_ASSIGN(batch, ledger.Begin());
  COMMRESOLVE_TRY(AddRange(*batch, begin, end, expected));
  return batch->Commit();
}

TEST(IdFilter, HoldsWhatWasAddedAndClaimsLittleElse) {
  IdFilter filter(kDigests);
  for (int i = 0; i < kDigests; ++i) {
    EXPECT_FALSE(filter.full());
    filter.Add(DigestOf(i));
  }
  EXPECT_TRUE(filter.full());
  int claimed = 0;
  for (int i = 0; i < kDigests; ++i) {
    ASSERT_TRUE(filter.MayHold(DigestOf(i))) << i;
    if (filter.MayHold(DigestOf(kDigests + i))) ++claimed;
  }
  EXPECT_LT(claimed, kDigests / 100);
}

TEST(IdFilter, TheSmallestWorks) {
  IdFilter filter(0);
  EXPECT_TRUE(filter.full());
  EXPECT_FALSE(filter.MayHold(DigestOf(1)));
  filter.Add(DigestOf(1));
  EXPECT_TRUE(filter.MayHold(DigestOf(1)));
}

class FreshIdsTest : public LedgerTest {};

TEST_F(FreshIdsTest, KnownInTheSameBatchInTheNextAndAfterOneThatWasDropped) {
  Open();
  {
    auto batch = ledger_->Begin();
    ASSERT_TRUE(batch.ok());
    ASSERT_TRUE(AddRange(**batch, 0, kMany, Added::kNew).ok());
    ASSERT_TRUE(AddRange(**batch, 0, kMany, Added::kKnown).ok());
  }
  EXPECT_EQ(Counts().certificates, 0U);
  ASSERT_TRUE(AddRange(*ledger_, 0, kMany, Added::kNew).ok());
  ASSERT_TRUE(AddRange(*ledger_, 0, kMany, Added::kKnown).ok());
  ASSERT_TRUE(AddRange(*ledger_, kMany, 2 * kMany, Added::kNew).ok());
  EXPECT_EQ(Counts().certificates, 2U * kMany);
  EXPECT_EQ(Counts().keys, 2U * kMany);
  ExpectSound();
}

TEST_F(FreshIdsTest, WhatAnotherProcessAddedMeanwhileIsKnown) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  UniqueFd reader(ends[0]);
  UniqueFd writer(ends[1]);
  const pid_t child = Fork([&] {
    pollfd wait{reader.get(), POLLIN, 0};
    if (::poll(&wait, 1, kDeadline) != 1) return 1;
    auto ledger = Ledger::Open(folder_);
    if (!ledger.ok()) return 2;
    return AddRange(**ledger, kMany, kMany + 10, Added::kNew).ok() ? 0 : 3;
  });
  Open();
  ASSERT_TRUE(AddRange(*ledger_, 0, kMany, Added::kNew).ok());
  ASSERT_EQ(::write(writer.get(), "", 1), 1);
  ASSERT_EQ(WaitFor(child), 0);
  ASSERT_TRUE(AddRange(*ledger_, kMany, kMany + 10, Added::kKnown).ok());
  ASSERT_TRUE(AddRange(*ledger_, kMany + 10, kMany + 20, Added::kNew).ok());
  EXPECT_EQ(Counts().certificates, kMany + 20U);
  ExpectSound();
}

}  // namespace
}  // namespace commresolve::index
