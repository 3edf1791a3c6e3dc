// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The standing of finders: what is read is what would be written, and stays within its limits.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "dht/find/finder_standing.h"
#include "tests/fuzz/check.h"

namespace commresolve::dht {
namespace {

constexpr size_t kMaxInput = 8'192;

using fuzz::Check;

void CheckAll(std::string_view text) {
  auto standing = FinderStanding::Parse(text, "fuzz");
  if (!standing.ok()) {
    Check(standing.error().code == Code::kCorrupt, "a refusal is kCorrupt");
    return;
  }
  const std::string written = standing->ToText();
  const auto again = FinderStanding::Parse(written, "fuzz");
  Check(again.ok() && again->all() == standing->all(), "what is written reads back");
  FinderStanding judged = *standing;
  for (const auto& [finder, record] : standing->all()) {
    Check(record.right <= kMostRight && record.wrong <= kMostRight, "counts are in their range");
    const FinderRank before = judged.Of(finder);
    judged.Judge(finder, KeyPrefix{1}, "word", true, record.judged);
    judged.Judge(finder, KeyPrefix{2}, "word", true, record.judged);
    if (before == FinderRank::kLiar) {
      Check(judged.Of(finder) == FinderRank::kLiar, "a liar stays one");
    } else {
      Check(judged.Of(finder) != FinderRank::kLiar, "nobody becomes a liar by being right");
    }
  }
  Check(FinderStanding::Parse(judged.ToText(), "fuzz").ok(), "what was judged reads back");
}

}  // namespace
}  // namespace commresolve::dht

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size > commresolve::dht::kMaxInput) return 0;
  commresolve::dht::CheckAll({reinterpret_cast<const char*>(data), size});
  return 0;
}
