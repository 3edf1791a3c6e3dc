// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One slip or more.

#include "index/search/slip.h"

#include <algorithm>

namespace commresolve::index {

std::vector<size_t> CharacterBounds(std::string_view text) {
  std::vector<size_t> at;
  at.reserve(text.size() + 1);
  for (size_t i = 0; i < text.size(); ++i) {
    if ((text[i] & 0xC0) != 0x80) at.push_back(i);
  }
  at.push_back(text.size());
  return at;
}

bool IsOneSlip(std::string_view a, std::string_view b) {
  const std::vector<size_t> at_a = CharacterBounds(a);
  const std::vector<size_t> at_b = CharacterBounds(b);
  const size_t size_a = at_a.size() - 1;
  const size_t size_b = at_b.size() - 1;
  const auto char_a = [&](size_t i) { return a.substr(at_a[i], at_a[i + 1] - at_a[i]); };
  const auto char_b = [&](size_t i) { return b.substr(at_b[i], at_b[i + 1] - at_b[i]); };
  size_t front = 0;
  while (front < std::min(size_a, size_b) && char_a(front) == char_b(front)) ++front;
  const size_t left_a = size_a - front;
  const size_t left_b = size_b - front;
  if (left_a == left_b && left_a >= 2 && char_a(front) == char_b(front + 1) &&
      char_a(front + 1) == char_b(front) &&
      a.substr(at_a[front + 2]) == b.substr(at_b[front + 2])) {
    return true;
  }
  if (left_a == left_b) {
    return left_a == 0 || a.substr(at_a[front + 1]) == b.substr(at_b[front + 1]);
  }
  if (left_a == left_b + 1) return a.substr(at_a[front + 1]) == b.substr(at_b[front]);
  return left_b == left_a + 1 && a.substr(at_a[front]) == b.substr(at_b[front + 1]);
}

}  // namespace commresolve::index
