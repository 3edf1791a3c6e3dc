// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "index/search/exact_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "index/search/terms.h"

namespace commresolve::index {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

ExactKey Host(const std::string& name) { return ExactKeyOf(TermOf(TermKind::kHost, name)); }
ExactKey Port(int port) { return ExactKeyOf(TermOf(TermKind::kPort, std::to_string(port))); }

std::string Bytes(const Shard& shard, std::vector<ExactPosting> postings,
                  const std::vector<uint8_t>& ranks) {
  std::ranges::sort(postings);
  std::ostringstream out;
  ExactTableWriter writer(shard, out);
  for (const ExactPosting& posting : postings) writer.Add(posting);
  writer.Finish(ranks);
  return out.str();
}

/// The listings of a term.
std::vector<ListingId> Of(const ExactTable& table, ExactKey key) {
  std::vector<ListingId> listings;
  const ExactTable::Range range = table.Find(key);
  for (size_t i = range.begin; i < range.end; ++i) listings.push_back(table.ListingAt(i));
  return listings;
}

TEST(ExactKey, KindsAreApart) {
  EXPECT_EQ(Host("debian.org"), Host("debian.org"));
  EXPECT_NE(Host("debian.org"), Host("debian.net"));
  EXPECT_NE(ExactKeyOf(TermOf(TermKind::kIssuer, "seal")),
            ExactKeyOf(TermOf(TermKind::kOrganization, "seal")));
  EXPECT_LT(Host("debian.org"), ExactKey{1} << 48);
}

TEST(ExactTable, GivesTheListingsOfATerm) {
  const Shard shard{10, 14};
  const std::string bytes = Bytes(
      shard, {{Host("a.example"), 10}, {Port(443), 10}, {Port(443), 14}, {Port(443), 12}, {7, 13}},
      {5, 0, 3, 4, 8});
  const auto table = ExactTable::Read(bytes, shard);
  ASSERT_TRUE(table.ok()) << table.error().message;
  EXPECT_EQ(table->terms(), 3U);
  EXPECT_THAT(Of(*table, Port(443)), ElementsAre(10U, 12U, 14U));
  EXPECT_THAT(Of(*table, Host("a.example")), ElementsAre(10U));
  EXPECT_THAT(Of(*table, 7), ElementsAre(13U));
  EXPECT_THAT(Of(*table, Host("b.example")), IsEmpty());
  EXPECT_EQ(table->RankOf(10), 5);
  EXPECT_EQ(table->RankOf(14), 8);
  EXPECT_EQ(table->RankOf(9), 0);
  EXPECT_EQ(table->RankOf(15), 0);
}

TEST(ExactTable, FindsEachOfVeryMany) {
  const Shard shard{1, 20'000};
  std::vector<ExactPosting> postings;
  for (ListingId id = 1; id <= shard.last; ++id) {
    postings.push_back({Host("host" + std::to_string(id)), id});
    postings.push_back({Port(static_cast<int>(id % 7)), id});
  }
  const std::string bytes = Bytes(shard, postings, std::vector<uint8_t>(shard.last));
  const auto table = ExactTable::Read(bytes, shard);
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(table->terms(), 20'007U);
  for (ListingId id = 1; id <= shard.last; ++id) {
    ASSERT_THAT(Of(*table, Host("host" + std::to_string(id))), ElementsAre(id));
  }
  EXPECT_EQ(table->Find(Port(3)).size(), 2'857U);
}

TEST(ExactTable, PublicListings) {
  const Shard shard{100, 140};
  std::vector<uint8_t> ranks(41, 6);
  ranks[0] = 1;
  ranks[33] = 7;
  const std::string bytes = Bytes(shard, {}, ranks);
  const auto table = ExactTable::Read(bytes, shard);
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(table->public_listings(), 2U);
  EXPECT_EQ(table->NextPublic(0), 100U);
  EXPECT_EQ(table->NextPublic(100), 100U);
  EXPECT_EQ(table->NextPublic(101), 133U);
  EXPECT_EQ(table->NextPublic(134), 141U);
  EXPECT_EQ(table->NextPublic(4'000), 4'000U);
}

TEST(ExactTable, OfSeveralBecomesOne) {
  const std::string first = Bytes({1, 2}, {{7, 1}, {7, 2}, {9, 2}}, {1, 2});
  const std::string second = Bytes({5, 6}, {{7, 6}, {8, 5}}, {3, 4});
  std::ostringstream out;
  MergeExactTables({*ExactTable::Read(first, {1, 2}), *ExactTable::Read(second, {5, 6})}, {1, 6},
                   out);
  const std::string bytes = out.str();
  const auto table = ExactTable::Read(bytes, {1, 6});
  ASSERT_TRUE(table.ok()) << table.error().message;
  EXPECT_THAT(Of(*table, 7), ElementsAre(1U, 2U, 6U));
  EXPECT_THAT(Of(*table, 8), ElementsAre(5U));
  EXPECT_THAT(Of(*table, 9), ElementsAre(2U));
  EXPECT_EQ(table->RankOf(2), 2);
  EXPECT_EQ(table->RankOf(3), 0);
  EXPECT_EQ(table->RankOf(6), 4);
}

TEST(ExactTable, HoldsNone) {
  EXPECT_THAT(Of(ExactTable(), 7), IsEmpty());
  EXPECT_EQ(ExactTable().RankOf(1), 0);
  EXPECT_EQ(ExactTable().NextPublic(1), 1U);
  const std::string bytes = Bytes({3, 3}, {}, {0});
  EXPECT_THAT(Of(*ExactTable::Read(bytes, {3, 3}), 7), IsEmpty());
}

TEST(ExactTable, OtherBytesAreRefused) {
  const Shard shard{1, 3};
  const std::string bytes = Bytes(shard, {{7, 1}, {7, 2}, {9, 2}}, {1, 2, 3});
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(ExactTable::Read(bytes.substr(0, size), shard).ok()) << size;
  }
  EXPECT_FALSE(ExactTable::Read(bytes + "x", shard).ok());
  EXPECT_EQ(ExactTable::Read(bytes, {1, 4}).error().code, Code::kCorrupt);
  EXPECT_EQ(ExactTable::Read("CREXACT2" + bytes.substr(8), shard).error().code, Code::kCorrupt);
}

TEST(ExactTable, DamageInsideIsNoWorseThanAPoorAnswer) {
  const Shard shard{1, 3};
  const std::string bytes = Bytes(shard, {{7, 1}, {7, 2}, {9, 2}, {9, 3}}, {1, 2, 3});
  for (size_t at = 0; at < bytes.size(); ++at) {
    for (const char damage : {'\x00', '\x01', '\x7f', '\xff'}) {
      std::string damaged = bytes;
      damaged[at] = damage;
      const auto table = ExactTable::Read(damaged, shard);
      if (!table.ok()) continue;
      for (const ExactKey key : {ExactKey{7}, ExactKey{9}, ExactKey{0xff}}) {
        EXPECT_LE(Of(*table, key).size(), 4U);
      }
      std::ostringstream out;
      MergeExactTables({*table}, shard, out);
    }
  }
}

}  // namespace
}  // namespace commresolve::index
