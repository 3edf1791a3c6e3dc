// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// An index of all words answers what is right.

#include "tests/dht/sim/questions.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <string>
#include <utility>

namespace commresolve::sim {
namespace {

constexpr size_t kFirst = 10;

}  // namespace

std::vector<Truth> MakeQuestions(const std::vector<Listing>& listings, size_t count,
                                 std::mt19937_64& random) {
  std::map<std::string, std::vector<size_t>> index;
  for (size_t i = 0; i < listings.size(); ++i) {
    for (const std::string& word : listings[i].words) index[word].push_back(i);
  }
  std::uniform_int_distribution<size_t> any(0, listings.size() - 1);
  std::vector<Truth> questions;
  for (size_t i = 0; i < count; ++i) {
    std::vector<std::string> words = listings[any(random)].words;
    std::ranges::shuffle(words, random);
    words.resize(2 + i % 2);
    std::vector<size_t> left = index[words[0]];
    for (const std::string& word : words) {
      std::vector<size_t> both;
      std::ranges::set_intersection(left, index[word], std::back_inserter(both));
      left = std::move(both);
    }
    std::ranges::sort(left, std::greater(),
                      [&](size_t l) { return std::pair(listings[l].score, listings[l].key); });
    Truth truth{*KeywordSet::FromWords(words), {}, {}};
    for (const size_t l : left) {
      if (truth.best.size() < kFirst) truth.best.push_back(listings[l].key);
      truth.all.insert(listings[l].key);
    }
    questions.push_back(std::move(truth));
  }
  return questions;
}

std::array<size_t, 2> FindersOf(const Listing& listing, size_t count) {
  const size_t first = listing.key[0] % count;
  return {first, (first + 1 + listing.key[1] % (count - 1)) % count};
}

}  // namespace commresolve::sim
