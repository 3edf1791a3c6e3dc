// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A table of exact terms: any bytes can be asked and merged, and one that was written gives its
// postings back.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string_view>
#include <vector>

#include "index/search/exact_table.h"

namespace {

using namespace commresolve::index;

constexpr Shard kShard{1, 256};

void Require(bool condition) {
  if (!condition) std::abort();
}

void Ask(std::string_view bytes) {
  const auto table = ExactTable::Read(bytes, kShard);
  if (!table.ok()) return;
  for (const ExactKey key : {ExactKey{0}, ExactKey{0x4142'4344'4546}, ExactKey{0xffff'ffff'ffff}}) {
    const ExactTable::Range range = table->Find(key);
    Require(range.begin <= range.end);
    if (range.size() > 0) static_cast<void>(table->ListingAt(range.end - 1));
  }
  Require(table->NextPublic(0) <= kShard.last + 1);
  std::ostringstream out;
  if (bytes.size() < 4'096) MergeExactTables({*table}, kShard, out);
}

/// Two bytes of `text` are a key, the third a listing.
void Build(std::string_view text) {
  std::vector<ExactPosting> postings;
  for (; text.size() >= 3 && postings.size() < 500; text.remove_prefix(3)) {
    const auto byte = [&](size_t at) { return uint64_t{static_cast<uint8_t>(text[at])}; };
    postings.push_back({byte(0) << 40 | byte(1), static_cast<ListingId>(byte(2) + 1)});
  }
  std::ranges::sort(postings);
  const auto same = std::ranges::unique(postings);
  postings.erase(same.begin(), same.end());
  std::ostringstream out;
  ExactTableWriter writer(kShard, out);
  for (const ExactPosting& posting : postings) writer.Add(posting);
  writer.Finish(std::vector<uint8_t>(kShard.last));
  const std::string bytes = out.str();
  const auto table = ExactTable::Read(bytes, kShard);
  Require(table.ok());
  for (const ExactPosting& posting : postings) {
    bool found = false;
    const ExactTable::Range range = table->Find(posting.key);
    for (size_t i = range.begin; i < range.end; ++i) {
      found = found || table->ListingAt(i) == posting.listing;
    }
    Require(found);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  Ask(input);
  Build(input);
  return 0;
}
