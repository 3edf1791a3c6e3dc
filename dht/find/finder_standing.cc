// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One finder to a line: key, right, wrong, time of the last judgement.

#include "dht/find/finder_standing.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "resolver/base/byte_codec.h"
#include "resolver/base/files.h"
#include "resolver/base/user_file.h"

namespace commresolve::dht {
namespace {

constexpr std::string_view kTitle = "# commresolve finders 1";
constexpr size_t kMaxJudged = 10'000;
constexpr UnixTime kLastTime = 0xFFFF'FFFF;  // As in records.

Error Corrupt(const std::string& what) { return {Code::kCorrupt, what}; }

std::string_view View(const Ed25519Key& key) {
  return {reinterpret_cast<const char*>(key.data()), key.size()};
}

FinderRank RankOf(const FinderRecord& record) {
  const bool mostly_right = record.right > uint64_t{kRightPerWrong} * record.wrong;
  if (record.wrong >= kLeastWrong && !mostly_right) return FinderRank::kLiar;
  return record.right >= kLeastRight && mostly_right ? FinderRank::kGood : FinderRank::kUnknown;
}

std::string_view TakeField(std::string_view& line) {
  const std::string_view field = line.substr(0, line.find(' '));
  line.remove_prefix(std::min(field.size() + 1, line.size()));
  return field;
}

/// One decimal number up to `most`, as std::to_string() writes it.
std::optional<int64_t> TakeNumber(std::string_view& line, int64_t most) {
  const std::string_view field = TakeField(line);
  int64_t number = -1;
  const char* const begin = field.data();
  const char* const end = begin + field.size();
  const auto [rest, failure] = std::from_chars(begin, end, number);
  if (failure != std::errc() || rest != end || number < 0 || number > most) return {};
  if (std::to_string(number) != field) return {};
  return number;
}

Result<std::pair<Ed25519Key, FinderRecord>> ParseLine(std::string_view line) {
  const std::string_view text = TakeField(line);
  const auto bytes = FromBase32(text);
  Ed25519Key key;
  if (!bytes.ok() || bytes->size() != key.size() || Base32(*bytes) != text) {
    return Corrupt("key: not 52 lower-case characters of base32");
  }
  std::ranges::copy(*bytes, key.begin());
  const auto right = TakeNumber(line, kMostRight);
  if (!right) return Corrupt("right: not 0 to " + std::to_string(kMostRight));
  const auto wrong = TakeNumber(line, kMostRight);
  if (!wrong) return Corrupt("wrong: not 0 to " + std::to_string(kMostRight));
  const bool more_follows = !line.empty();
  const auto judged = TakeNumber(line, kLastTime);
  if (!judged || !more_follows) return Corrupt("judged: not a time in seconds");
  if (!line.empty()) return Corrupt("more than key, right, wrong and time");
  return std::pair(
      key, FinderRecord{static_cast<uint32_t>(*right), static_cast<uint32_t>(*wrong), *judged});
}

}  // namespace

FinderStanding::Age FinderStanding::AgeOf(const Ed25519Key& finder, const FinderRecord& record) {
  return {RankOf(record) == FinderRank::kLiar, {record.judged, finder}};
}

Result<FinderStanding> FinderStanding::Parse(std::string_view text, const std::string& path) {
  FinderStanding standing;
  if (text.size() > kMaxStandingBytes) {
    return Corrupt(path + " is larger than " + std::to_string(kMaxStandingBytes) + " bytes");
  }
  for (size_t number = 1; !text.empty(); ++number) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const std::string where = path + " line " + std::to_string(number);
    if (number == 1) {
      if (line != kTitle) return Corrupt("not the standing of finders").Within(where);
      continue;
    }
    const auto finder = ParseLine(line);
    if (!finder.ok()) return finder.error().Within(where);
    if (standing.finders_.contains(finder->first)) {
      return Corrupt("the same key twice").Within(where);
    }
    if (standing.size() == kMaxFinders) return Corrupt("one finder too many").Within(where);
    standing.Keep(finder->first, finder->second);
  }
  return standing;
}

std::string FinderStanding::ToText() const {
  std::string text = std::string(kTitle) + "\n";
  for (const auto& [key, record] : finders_) {
    text += Base32(View(key)) + " " + std::to_string(record.right) + " " +
            std::to_string(record.wrong) + " " + std::to_string(record.judged) + "\n";
  }
  return text;
}

FinderRank FinderStanding::Of(const Ed25519Key& finder) const {
  const auto known = finders_.find(finder);
  return known == finders_.end() ? FinderRank::kUnknown : RankOf(known->second);
}

void FinderStanding::Judge(const Ed25519Key& finder, const KeyPrefix& key, std::string_view word,
                           bool held, UnixTime now) {
  if (Of(finder) == FinderRank::kLiar) return;
  ByteWriter claim;
  claim.Raw(View(finder));
  claim.Raw({reinterpret_cast<const char*>(key.data()), key.size()});
  claim.Raw(word);
  if (judged_.size() >= kMaxJudged) judged_.clear();
  if (!judged_.insert(PlainDigest{Sha256(claim.bytes())}).second) return;
  const auto known = finders_.find(finder);
  FinderRecord record = known == finders_.end() ? FinderRecord{} : known->second;
  uint32_t& count = held ? record.right : record.wrong;
  count = std::min(count + 1, kMostRight);
  record.judged = std::clamp<UnixTime>(now, 0, kLastTime);
  Keep(finder, record);
}

void FinderStanding::Keep(const Ed25519Key& finder, const FinderRecord& record) {
  const auto known = finders_.find(finder);
  if (known != finders_.end()) {
    by_age_.erase(AgeOf(finder, known->second));
  } else if (finders_.size() >= kMaxFinders) {
    finders_.erase(by_age_.begin()->second.second);
    by_age_.erase(by_age_.begin());
  }
  finders_[finder] = record;
  by_age_.insert(AgeOf(finder, record));
}

Result<FinderStanding> LoadStanding(const std::string& path) {
  COMMRESOLVE_ASSIGN(text, ReadUserFile(path, kMaxStandingBytes));
  return FinderStanding::Parse(text, path);
}

Status SaveStanding(const std::string& path, const FinderStanding& standing) {
  return ReplaceFile(path, standing.ToText());
}

}  // namespace commresolve::dht
