// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "grpc/service/status.h"

#include <gtest/gtest.h>

namespace commresolve::daemon {
namespace {

TEST(StatusTest, TheTable) {
  const std::vector<std::pair<Code, int>> table = {
      {Code::kNotFound, 5},  {Code::kAmbiguous, 9},    {Code::kInvalidArgument, 3},
      {Code::kUntrusted, 9}, {Code::kUnavailable, 14}, {Code::kDeadlineExceeded, 4},
      {Code::kBusy, 8},      {Code::kCorrupt, 15},     {Code::kInterrupted, 1},
      {Code::kInternal, 13}};
  for (const auto& [code, number] : table) {
    EXPECT_EQ(static_cast<int>(StatusCodeOf(code)), number) << CodeName(code);
  }
}

TEST(StatusTest, AnErrorComesBackWhole) {
  for (const Code code : {Code::kAmbiguous, Code::kUntrusted, Code::kBusy, Code::kInternal}) {
    const Error error = FromGrpc(ToGrpc({code, "what happened", "what to do"}));
    EXPECT_EQ(error.code, code);
    EXPECT_EQ(error.message, "what happened");
    EXPECT_EQ(error.hint, "what to do");
  }
}

TEST(StatusTest, AForeignStatusHasTheNearestCode) {
  EXPECT_EQ(FromGrpc({grpc::StatusCode::UNAVAILABLE, "gone"}).code, Code::kUnavailable);
  EXPECT_EQ(FromGrpc({grpc::StatusCode::UNKNOWN, "?"}).code, Code::kInternal);
  EXPECT_EQ(FromGrpc({grpc::StatusCode::NOT_FOUND, "x", "\xff\xff junk"}).message, "x");
}

TEST(StatusTest, BytesThatAreNoTextDoNotSpoilTheStatus) {
  const grpc::Status status = ToGrpc({Code::kNotFound, "bad \xff byte"});
  EXPECT_EQ(status.error_message(), "bad \xEF\xBF\xBD byte");
}

}  // namespace
}  // namespace commresolve::daemon
