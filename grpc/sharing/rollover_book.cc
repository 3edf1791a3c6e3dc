// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A line for the old key, then one for each key that may follow it.

#include "grpc/sharing/rollover_book.h"

#include <algorithm>
#include <utility>

#include "grpc/sharing/each_line.h"
#include "grpc/sharing/words_of_line.h"
#include "resolver/base/files.h"
#include "resolver/base/user_file.h"

namespace commresolve::daemon {
namespace {

constexpr size_t kMostBytes = size_t{1} << 20;
constexpr std::string_view kHead = "# What owners said of bound keys. Written by commresolved.\n";

/// After its end no other record of the same old key can be valid that was when it was read.
UnixTime EndOfAll(UnixTime until) {
  return until + dht::KindOf(dht::RecordType::kRollover).longest_valid + 2 * dht::kClockSkew;
}

}  // namespace

bool RolloverBook::Supersedes(const dht::Rollover& record, const Said& said) {
  const auto& [sequence, until] = record.header;
  if (sequence != said.sequence) return sequence > said.sequence;
  // Another text under the same number is not the owner's way.
  const bool same =
      record.valid_from == said.from && std::ranges::equal(record.new_keys, said.learned, {}, {},
                                                           [](auto& one) { return one.first; });
  return same && until > said.until;
}

bool RolloverBook::Add(const dht::Rollover& record, UnixTime now) {
  const auto known = said_.find(record.old_key);
  if (known == said_.end() && said_.size() >= kMostOldKeys) return false;
  if (known != said_.end() && !Supersedes(record, known->second)) return false;
  Said after{record.header.sequence, record.valid_from, record.header.expires, {}};
  for (const KeyId& key : record.new_keys) after.learned[key] = now;
  if (known != said_.end() && now < known->second.until) {
    for (const auto& [key, learned] : known->second.learned) {
      if (after.learned.contains(key)) after.learned[key] = learned;
    }
  }
  said_[record.old_key] = std::move(after);
  return true;
}

bool RolloverBook::Tidy(const std::set<KeyId>& wanted, UnixTime now) {
  bool changed = std::erase_if(said_, [&](const auto& one) {
                   return !wanted.contains(one.first) || EndOfAll(one.second.until) < now;
                 }) != 0;
  for (auto& [old_key, said] : said_) {
    for (auto& [new_key, learned] : said.learned) {
      if (learned <= now) continue;
      learned = now;
      changed = true;
    }
  }
  return changed;
}

std::vector<KnownRollover> RolloverBook::known() const {
  std::vector<KnownRollover> all;
  for (const auto& [old_key, said] : said_) {
    for (const auto& [new_key, learned] : said.learned) {
      all.push_back({old_key, new_key, said.from, said.until, learned});
    }
  }
  return all;
}

bool RolloverBook::TakeOld(std::string_view rest, std::optional<KeyId>& old_key) {
  const auto key = ParseKey(TakeWord(rest));
  const auto sequence = TakeNumber<uint32_t>(rest);
  const auto from = TakeTime(rest);
  const auto until = TakeTime(rest);
  if (!key.ok() || !sequence || !from || !until || !rest.empty() || *from >= *until) return false;
  if (said_.size() >= kMostOldKeys) return false;
  old_key = *key;
  return said_.try_emplace(*key, Said{*sequence, *from, *until, {}}).second;
}

bool RolloverBook::TakeNew(std::string_view rest, const std::optional<KeyId>& old_key) {
  const auto key = ParseKey(TakeWord(rest));
  const auto learned = TakeTime(rest);
  if (!key.ok() || !learned || !rest.empty() || !old_key || *key == *old_key) return false;
  auto& keys = said_.at(*old_key).learned;
  return keys.size() < dht::kMaxNewKeys && keys.try_emplace(*key, *learned).second;
}

Result<RolloverBook> RolloverBook::Parse(std::string_view text, const std::string& path) {
  RolloverBook book;
  std::optional<KeyId> old_key;
  const auto take = [&](std::string_view line) {
    const std::string_view what = TakeWord(line);
    if (what == "old") return book.TakeOld(line, old_key);
    return what == "new" && book.TakeNew(line, old_key);
  };
  COMMRESOLVE_TRY(EachLine(text, path, "remove the file: it is learned again", take));
  return book;
}

std::string RolloverBook::ToText() const {
  std::string text(kHead);
  for (const auto& [old_key, said] : said_) {
    text += "old " + KeyText(old_key) + " " + std::to_string(said.sequence) + " " +
            std::to_string(said.from) + " " + std::to_string(said.until) + "\n";
    for (const auto& [new_key, learned] : said.learned) {
      text += "new " + KeyText(new_key) + " " + std::to_string(learned) + "\n";
    }
  }
  return text;
}

Result<RolloverBook> LoadRolloverBook(const std::string& path) {
  COMMRESOLVE_ASSIGN(text, ReadUserFile(path, kMostBytes));
  return RolloverBook::Parse(text, path);
}

Status SaveRolloverBook(const std::string& path, const RolloverBook& book) {
  return ReplaceFile(path, book.ToText());
}

}  // namespace commresolve::daemon
