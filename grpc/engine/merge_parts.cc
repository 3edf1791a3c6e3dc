// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which parts, which rows, in which order.

#include "grpc/engine/merge_parts.h"

#include <algorithm>
#include <limits>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

namespace commresolve::daemon {
namespace {

constexpr size_t kMostEstimated = 1'000'000'000;

/// How far the query had to be eased: 0 not at all, 1 corrected, 2 only some of its words.
int Easing(const index::SearchRows& found) {
  if (found.partial) return 2;
  return found.corrected ? 1 : 0;
}

/// The parts whose rows go together; none if nobody found anything.
std::vector<size_t> PartsThatCount(const std::vector<RankedRows>& parts) {
  std::vector<size_t> chosen;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].found.rows.empty()) continue;
    if (!chosen.empty()) {
      const index::SearchRows& best = parts[chosen.front()].found;
      if (Easing(parts[i].found) > Easing(best)) continue;
      if (Easing(parts[i].found) < Easing(best)) {
        chosen.clear();
      } else if (Easing(best) > 0 && parts[i].found.did_you_mean != best.did_you_mean) {
        continue;
      }
    }
    chosen.push_back(i);
  }
  return chosen;
}

/// Where a row stands.
struct Place {
  double score = 0;
  size_t part = 0;
  size_t row = 0;
};

bool Before(const Place& a, const Place& b) {
  if (a.score != b.score) return a.score > b.score;
  return std::tie(a.part, a.row) < std::tie(b.part, b.row);
}

/// Knows the rows that stand there already.
class ToldRows {
 public:
  /// True if `row` of `part`, the parts in rising order, is not told by an earlier one.
  bool Take(size_t part, const index::SearchRow& row) {
    if (part == 0) {
      own_.insert(row.keys.begin(), row.keys.end());
      return true;
    }
    const std::string names = DigestOfNames(row.best.certificate.names);
    bool fresh = true;
    for (const KeyId& key : row.keys) {
      const auto [at, added] = told_.try_emplace(names + std::string(key.view()), part);
      if (own_.contains(key) || (!added && at->second != part)) fresh = false;
    }
    return fresh;
  }

 private:
  static std::string DigestOfNames(std::vector<std::string> names) {
    std::ranges::sort(names);
    std::string text;
    for (const std::string& name : names) text += name + '\0';
    const auto digest = Sha256(text);
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
  }

  std::unordered_set<KeyId> own_;
  std::unordered_map<std::string, size_t> told_;  // Names and key; the part that told it first.
};

std::vector<Place> PlacesOf(const std::vector<RankedRows>& parts,
                            const std::vector<size_t>& chosen) {
  ToldRows told;
  std::vector<Place> places;
  for (const size_t part : chosen) {
    // A score that rises again would break the part's own order.
    double score = std::numeric_limits<double>::max();
    const auto& rows = parts[part].found.rows;
    for (size_t row = 0; row < rows.size(); ++row) {
      score = std::min(score, rows[row].score);
      if (told.Take(part, rows[row])) places.push_back({score, part, row});
    }
  }
  std::ranges::sort(places, Before);
  return places;
}

}  // namespace

RankedRows MergeParts(std::vector<RankedRows> parts, size_t offset, size_t limit) {
  const std::vector<size_t> chosen = PartsThatCount(parts);
  RankedRows merged;
  const index::SearchRows& leading = parts[chosen.empty() ? 0 : chosen.front()].found;
  merged.found.did_you_mean = leading.did_you_mean;
  merged.found.corrected = leading.corrected;
  merged.found.partial = leading.partial;
  const std::vector<Place> places = PlacesOf(parts, chosen);
  bool more = false;
  for (const size_t part : chosen) {
    more = more || parts[part].found.more;
    merged.found.estimated_total += std::min(parts[part].found.estimated_total, kMostEstimated);
  }
  merged.found.estimated_total =
      more ? std::max(merged.found.estimated_total, places.size()) : places.size();
  merged.found.more = more || places.size() > offset + limit;
  for (size_t i = offset; i < places.size() && i < offset + limit; ++i) {
    RankedRows& part = parts[places[i].part];
    merged.found.rows.push_back(std::move(part.found.rows[places[i].row]));
    merged.standings.push_back(std::move(part.standings[places[i].row]));
  }
  return merged;
}

}  // namespace commresolve::daemon
