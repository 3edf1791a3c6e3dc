// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Levenshtein distance over short names.

#include "resolver/config/nearest.h"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace commresolve {
namespace {

size_t Distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string Nearest(std::string_view word, const std::vector<std::string>& names) {
  word = word.substr(0, 64);
  std::string nearest;
  size_t limit = word.size() < 4 ? 1 : 2;
  for (const std::string& name : names) {
    const size_t distance = Distance(word, name);
    if (nearest.empty() ? distance > limit : distance >= limit) continue;
    nearest = name;
    limit = distance;
  }
  return nearest;
}

}  // namespace commresolve
