// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The delete-1 index.

#include "index/search/spelling.h"

#include <algorithm>

#include "index/search/text.h"

namespace commresolve::index {
namespace {

/// FNV-1a over 32 bits; a collision only costs one comparison.
uint32_t Hash(std::string_view text) {
  uint32_t hash = 0x811c9dc5U;
  for (const char c : text) {
    hash ^= static_cast<uint8_t>(c);
    hash *= 0x01000193U;
  }
  return hash;
}

/// Where the characters of UTF-8 `text` begin, and its end.
std::vector<size_t> Boundaries(std::string_view text) {
  std::vector<size_t> at;
  for (size_t i = 0; i < text.size(); ++i) {
    if ((text[i] & 0xC0) != 0x80) at.push_back(i);
  }
  at.push_back(text.size());
  return at;
}

/// Calls `visit` with `text` and with each text that is left when one character goes.
template <class Visit>
void EachVariant(std::string_view text, Visit visit) {
  visit(text);
  const std::vector<size_t> at = Boundaries(text);
  std::string variant;
  for (size_t i = 0; i + 1 < at.size(); ++i) {
    variant.assign(text.substr(0, at[i])).append(text.substr(at[i + 1]));
    visit(std::string_view(variant));
  }
}

/// True if one slip makes `a` of `b` (or they are equal).
bool OneSlip(std::string_view a, std::string_view b) {
  const std::vector<size_t> at_a = Boundaries(a);
  const std::vector<size_t> at_b = Boundaries(b);
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

bool HasLetter(std::string_view word) {
  return word.find_first_not_of("0123456789") != std::string_view::npos;
}

}  // namespace

void SpellingIndex::Add(std::string_view word, size_t frequency) {
  const size_t characters = CountCharacters(word);
  if (characters < kMinSpellingCharacters || characters > kMaxSpellingCharacters ||
      !HasLetter(word) || words_.size() >= kMaxSpellingWords) {
    return;
  }
  const auto number = static_cast<uint32_t>(words_.size());
  words_.push_back({std::string(word), frequency});
  EachVariant(word,
              [&](std::string_view variant) { entries_.emplace_back(Hash(variant), number); });
}

void SpellingIndex::Finish() {
  std::sort(entries_.begin(), entries_.end());
  entries_.erase(std::unique(entries_.begin(), entries_.end()), entries_.end());
  entries_.shrink_to_fit();
}

std::optional<std::string> SpellingIndex::Suggest(std::string_view word) const {
  const size_t characters = CountCharacters(word);
  if (characters < kMinSpellingCharacters || characters > kMaxSpellingCharacters) return {};
  const Word* best = nullptr;
  EachVariant(word, [&](std::string_view variant) {
    const uint32_t hash = Hash(variant);
    auto at = std::lower_bound(entries_.begin(), entries_.end(), std::pair(hash, uint32_t{0}));
    for (; at != entries_.end() && at->first == hash; ++at) {
      const Word& known = words_[at->second];
      const bool better = best == nullptr || known.frequency > best->frequency ||
                          (known.frequency == best->frequency && known.text < best->text);
      if (better && known.text != word && OneSlip(word, known.text)) best = &known;
    }
  });
  if (best == nullptr) return {};
  return best->text;
}

}  // namespace commresolve::index
