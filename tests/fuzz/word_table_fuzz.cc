// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A table of words: any bytes can be asked, and one that was built gives its words back.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "index/search/word_table.h"

namespace {

using namespace commresolve::index;

void Require(bool condition) {
  if (!condition) std::abort();
}

void Ask(std::string_view bytes) {
  const auto table = WordTable::Read(bytes);
  if (!table.ok()) return;
  Require(table->Complete("d", 5).size() <= 5);
  static_cast<void>(table->Suggest("debain"));
}

/// The lines of `text` as words.
void Build(std::string_view text) {
  std::vector<CountedWord> words;
  while (!text.empty() && words.size() < 200) {
    const size_t end = std::min(text.find('\n'), text.size());
    if (end > 0) words.push_back({std::string(text.substr(0, end)), static_cast<uint32_t>(end)});
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  std::ranges::sort(words, {}, &CountedWord::text);
  const auto same = std::ranges::unique(words, {}, &CountedWord::text);
  words.erase(same.begin(), same.end());
  const std::string bytes = BuildWordTable(words);
  const auto table = WordTable::Read(bytes);
  Require(table.ok() && table->size() == words.size());
  for (const CountedWord& word : words) {
    const auto found = table->Complete(word.text, words.size());
    Require(std::ranges::find(found, word) != found.end());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  Ask(input);
  Build(input);
  return 0;
}
