// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Lines across block borders, long lines and failing reads.

#include "index/sources/line_reader.h"

#include <gtest/gtest.h>

#include "index/sources/input.h"

namespace commresolve::index {
namespace {

/// Hands out `content` in pieces of `step` bytes.
ReadFunction InSteps(std::string content, size_t step) {
  return [content = std::move(content), step, at = size_t{0}](char* buffer, size_t size) mutable {
    const size_t count = content.copy(buffer, std::min(step, size), at);
    at += count;
    return Result<size_t>(count);
  };
}

TEST(LineReader, YieldsLinesWithOffsets) {
  for (const size_t step : std::initializer_list<size_t>{1, 2, 7, 100}) {
    LineReader lines(InSteps("one\n\nthree\r\nend", step));
    const std::vector<std::pair<std::string, uint64_t>> expected = {
        {"one", 0}, {"", 4}, {"three\r", 5}, {"end", 12}};
    for (size_t i = 0; i < expected.size(); ++i) {
      const auto line = lines.Next();
      ASSERT_TRUE(line.has_value());
      EXPECT_EQ(line->text, expected[i].first);
      EXPECT_EQ(line->offset, expected[i].second);
      EXPECT_EQ(line->number, i + 1);
    }
    EXPECT_FALSE(lines.Next().has_value());
    EXPECT_TRUE(lines.status().ok());
  }
}

TEST(LineReader, SkipsLongLinesOnly) {
  const std::string longest(kMaxLineBytes, 'a');
  std::string text = longest;
  text.append("\n").append(longest).append("b\n").append(longest).append(longest).append("\nend\n");
  for (const size_t step : {size_t{4096}, size_t{1} << 21}) {
    LineReader lines(InSteps(text, step));
    EXPECT_EQ(lines.Next()->text.size(), kMaxLineBytes);
    for (int i = 0; i < 2; ++i) {
      const auto line = lines.Next();
      EXPECT_TRUE(line->too_long);
      EXPECT_TRUE(line->text.empty());
    }
    const auto end = lines.Next();
    EXPECT_EQ(end->text, "end");
    EXPECT_EQ(end->number, 4U);
    EXPECT_EQ(end->offset, 4 * kMaxLineBytes + 4);
    EXPECT_FALSE(lines.Next().has_value());
  }
}

TEST(LineReader, ALongLastLineIsTooLong) {
  LineReader lines(InSteps(std::string(kMaxLineBytes + 1, 'a'), 65536));
  EXPECT_TRUE(lines.Next()->too_long);
  EXPECT_FALSE(lines.Next().has_value());
}

TEST(LineReader, TellsThatReadingFailed) {
  LineReader lines(
      [](char*, size_t) -> Result<size_t> { return Error{Code::kUnavailable, "disk on fire"}; });
  EXPECT_FALSE(lines.Next().has_value());
  ASSERT_FALSE(lines.status().ok());
  EXPECT_EQ(lines.status().error().message, "disk on fire");
}

}  // namespace
}  // namespace commresolve::index
