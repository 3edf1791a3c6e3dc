// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Words by name, and by the time when they were learned.

#include "dht/find/word_hints.h"

#include <algorithm>
#include <tuple>

namespace commresolve::dht {
namespace {

constexpr int64_t kRemembered = 86'400;

}  // namespace

WordHints::WordHints(size_t capacity) : capacity_(std::max<size_t>(capacity, 1)) {}

void WordHints::Learn(const std::string& word, uint32_t listings, UnixTime now) {
  const auto known = learned_.find(word);
  if (known != learned_.end()) {
    by_age_.erase({known->second.at, word});
  } else if (learned_.size() >= capacity_) {
    learned_.erase(by_age_.begin()->second);
    by_age_.erase(by_age_.begin());
  }
  learned_[word] = {listings, now};
  by_age_.insert({now, word});
}

uint32_t WordHints::Estimate(const std::string& word, const WordFrequency& local,
                             UnixTime now) const {
  const uint32_t ours = local ? local(word).value_or(0) : 0;
  const auto known = learned_.find(word);
  if (known == learned_.end() || now - known->second.at > kRemembered) return ours;
  return std::max(ours, known->second.listings);
}

std::string WordHints::Rarest(const std::vector<std::string>& words, const WordFrequency& local,
                              UnixTime now) const {
  using Rank = std::tuple<uint32_t, size_t, std::string>;
  std::vector<Rank> ranks;
  ranks.reserve(words.size());
  for (const std::string& word : words) {
    ranks.emplace_back(Estimate(word, local, now), SIZE_MAX - word.size(), word);
  }
  return std::get<2>(std::ranges::min(ranks));
}

}  // namespace commresolve::dht
