// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Result carries a value or an error, and never confuses them.

#include "resolver/base/result.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <set>
#include <string>
#include <utility>

namespace commresolve {
namespace {

const Error kFailure{Code::kBusy, "the lock is held", "wait"};

Result<int> Twice(Result<int> input) {
  COMMRESOLVE_ASSIGN(value, std::move(input));
  return 2 * value;
}

Status Check(Status first, bool* reached) {
  COMMRESOLVE_TRY(std::move(first));
  *reached = true;
  return {};
}

TEST(ResultTest, HoldsAValue) {
  Result<std::string> result(std::string("yes"));
  ASSERT_TRUE(result.ok());
  EXPECT_TRUE(static_cast<bool>(result));
  EXPECT_EQ(*result, "yes");
  EXPECT_EQ(result->size(), 3U);
  *result += "!";
  EXPECT_EQ(std::move(result).value(), "yes!");
}

TEST(ResultTest, HoldsAValueThatCanOnlyMove) {
  Result<std::unique_ptr<int>> result(std::make_unique<int>(7));
  const std::unique_ptr<int> taken = std::move(result).value();
  EXPECT_EQ(*taken, 7);
}

TEST(ResultTest, HoldsAnError) {
  const Result<int> result(kFailure);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, Code::kBusy);
  EXPECT_EQ(result.error().message, "the lock is held");
}

TEST(ResultTest, AssignAndTryReturnTheError) {
  EXPECT_EQ(*Twice(21), 42);
  EXPECT_EQ(Twice(kFailure).error().code, Code::kBusy);
  bool reached = false;
  EXPECT_EQ(Check(kFailure, &reached).error().hint, "wait");
  EXPECT_FALSE(reached);
  EXPECT_TRUE(Check({}, &reached).ok());
  EXPECT_TRUE(reached);
}

TEST(ResultTest, WithinAddsContextAndKeepsCodeAndHint) {
  const Error outer = kFailure.Within("ledger");
  EXPECT_EQ(outer.message, "ledger: the lock is held");
  EXPECT_EQ(outer.code, Code::kBusy);
  EXPECT_EQ(outer.hint, "wait");
}

TEST(ResultTest, EveryCodeHasItsOwnName) {
  std::set<std::string> names;
  for (int i = 0; i <= static_cast<int>(Code::kInternal); ++i) {
    names.insert(CodeName(static_cast<Code>(i)));
  }
  EXPECT_EQ(names.size(), 10U);
  EXPECT_STREQ(CodeName(Code::kDeadlineExceeded), "deadline_exceeded");
}

TEST(ResultDeathTest, ReadingTheWrongSideEndsTheProgram) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const Result<int> failed(kFailure);
  const Result<int> good(1);
  const Status fine;
  EXPECT_DEATH(static_cast<void>(failed.value()), "");
  EXPECT_DEATH(static_cast<void>(good.error()), "");
  EXPECT_DEATH(static_cast<void>(fine.error()), "");
  EXPECT_DEATH(
      {
        try {
          static_cast<void>(*failed);
        } catch (...) {
          std::exit(0);
        }
      },
      "");
}

}  // namespace
}  // namespace commresolve
