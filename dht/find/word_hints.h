// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// WordHints: which of several words is likely the rarest, so that one question is enough.

#ifndef COMMRESOLVE_DHT_FIND_WORD_HINTS_H_
#define COMMRESOLVE_DHT_FIND_WORD_HINTS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "resolver/base/clock.h"

namespace commresolve::dht {

/// In how many listings of our own a word stands; empty if nobody knows.
using WordFrequency = std::function<std::optional<uint32_t>(const std::string& word)>;

/// Remembers what signposts said of words, for a day. A wrong hint costs time, and never a result
/// that the network has under the word that is asked for. Not safe for concurrent use.
class WordHints {
 public:
  /// Remembers at most `capacity` words, at least 1: the newest.
  explicit WordHints(size_t capacity);

  /// Finders agree that so many certificates carry `word`.
  void Learn(const std::string& word, uint32_t listings, UnixTime now);
  /// The larger of what was learned and of what `local` says; 0 of a word that nobody knows.
  [[nodiscard]] uint32_t Estimate(const std::string& word, const WordFrequency& local,
                                  UnixTime now) const;
  /// Of `words`, at least one, the one with the least estimate; of equals the longest, then the
  /// first. `local` may be empty.
  [[nodiscard]] std::string Rarest(const std::vector<std::string>& words,
                                   const WordFrequency& local, UnixTime now) const;
  [[nodiscard]] size_t size() const { return learned_.size(); }

 private:
  struct Learned {
    uint32_t listings = 0;
    UnixTime at = 0;
  };
  const size_t capacity_;
  std::map<std::string, Learned> learned_;
  std::set<std::pair<UnixTime, std::string>> by_age_;
};

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_FIND_WORD_HINTS_H_
