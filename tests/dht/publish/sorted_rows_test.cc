// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Sorting with and without files.

#include "dht/publish/sorted_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <random>

#include "tests/dht/publish/publish_fixture.h"

namespace commresolve::dht {
namespace {

std::vector<std::string> Sorted(SortedRows& rows) {
  std::vector<std::string> sorted;
  const Status each = rows.Each([&](std::string_view row) -> Status {
    sorted.emplace_back(row);
    return {};
  });
  EXPECT_TRUE(each.ok()) << each.error().message;
  return sorted;
}

TEST(SortedRows, SortsAnyBytesWithAnyMemory) {
  const TempFolder folder;
  std::mt19937 random(1);
  std::vector<std::string> expected;
  for (int i = 0; i < 3'000; ++i) {
    std::string row(1 + random() % kMaxRowBytes, '\0');
    for (char& c : row) c = static_cast<char>(random() % 256);
    if (i % 3 == 0) row.resize(1);
    expected.push_back(std::move(row));
  }
  for (const size_t memory : {size_t{1} << 20, size_t{50'000}, size_t{20'000}}) {
    SortedRows rows(folder.path(), memory);
    for (const std::string& row : expected) ASSERT_TRUE(rows.Add(row).ok());
    EXPECT_EQ(rows.files() != 0, memory < size_t{1} << 20);
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
    std::vector<std::string> in_order = expected;
    std::ranges::sort(in_order);
    EXPECT_EQ(Sorted(rows), in_order) << memory;
  }
}

TEST(SortedRows, RefusesWhatItCannotHold) {
  const TempFolder folder;
  SortedRows rows(folder.path() + "/missing", 1);
  EXPECT_FALSE(rows.Add("").ok());
  EXPECT_FALSE(rows.Add(std::string(kMaxRowBytes + 1, 'a')).ok());
  const Status added = rows.Add("a");
  ASSERT_FALSE(added.ok());
  EXPECT_EQ(added.error().code, Code::kUnavailable);
}

TEST(SortedRows, StopsWithTheTakersError) {
  const TempFolder folder;
  SortedRows rows(folder.path(), 1);
  for (const char* row : {"b", "a", "c"}) ASSERT_TRUE(rows.Add(row).ok());
  int taken = 0;
  const Status each = rows.Each([&](std::string_view) -> Status {
    if (++taken < 2) return {};
    return Error{Code::kInterrupted, "enough"};
  });
  EXPECT_EQ(each.error().code, Code::kInterrupted);
  EXPECT_EQ(taken, 2);
}

}  // namespace
}  // namespace commresolve::dht
