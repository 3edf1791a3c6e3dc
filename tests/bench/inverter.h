// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Inverter: the least that making an inverted index can be: terms to lists of numbers, in memory.

#ifndef COMMRESOLVE_TESTS_BENCH_INVERTER_H_
#define COMMRESOLVE_TESTS_BENCH_INVERTER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace commresolve::bench {

/// A hash table of terms; behind each the differences of its document numbers as varints.
class Inverter {
 public:
  /// Documents come in order of their numbers.
  void Add(uint32_t document, std::string_view term) {
    auto found = lists_.find(term);
    if (found == lists_.end()) found = lists_.emplace(std::string(term), List()).first;
    List& list = found->second;
    uint32_t gap = document - list.last;
    list.last = document;
    for (; gap >= 0x80; gap >>= 7) list.bytes += static_cast<char>(gap | 0x80);
    list.bytes += static_cast<char>(gap);
  }

  /// Of terms and lists, without the table.
  [[nodiscard]] size_t bytes() const {
    size_t bytes = 0;
    for (const auto& [term, list] : lists_) bytes += term.size() + list.bytes.size();
    return bytes;
  }
  [[nodiscard]] size_t terms() const { return lists_.size(); }

 private:
  struct List {
    uint32_t last = 0;
    std::string bytes;
  };
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  std::unordered_map<std::string, List, Hash, std::equal_to<>> lists_;
};

}  // namespace commresolve::bench

#endif  // COMMRESOLVE_TESTS_BENCH_INVERTER_H_
