// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A line for the key, then one for each key that may follow it.

#include "grpc/sharing/rollovers.h"

#include <utility>

#include "grpc/sharing/each_line.h"
#include "grpc/sharing/words_of_line.h"
#include "resolver/base/files.h"
#include "resolver/base/user_file.h"

namespace commresolve::daemon {
namespace {

constexpr size_t kMostBytes = size_t{4} << 20;
constexpr std::string_view kHead =
    "# Which keys may follow keys of this user. Written by commresolved.\n";

bool TakeKey(std::string_view rest, std::vector<RolloverStatement>& all) {
  const auto key = ParseKey(TakeWord(rest));
  const auto from = TakeTime(rest);
  if (!key.ok() || !from || !rest.starts_with('/')) return false;
  all.push_back({*key, std::string(rest), {}, *from});
  return all.size() <= kMaxRollovers;
}

bool TakeNew(std::string_view rest, RolloverStatement& rollover) {
  const auto key = ParseKey(rest);
  std::vector<KeyId>& keys = rollover.new_keys;
  if (!key.ok() || keys.size() >= dht::kMaxNewKeys) return false;
  if (*key == rollover.key || (!keys.empty() && *key <= keys.back())) return false;
  keys.push_back(*key);
  return true;
}

bool TakeLine(std::string_view line, std::vector<RolloverStatement>& all) {
  const std::string_view what = TakeWord(line);
  if (what == "key") return TakeKey(line, all);
  return what == "new" && !all.empty() && TakeNew(line, all.back());
}

}  // namespace

Result<std::vector<RolloverStatement>> ParseRollovers(std::string_view text,
                                                      const std::string& path) {
  std::vector<RolloverStatement> all;
  COMMRESOLVE_TRY(EachLine(text, path, "remove the file, and say it again",
                           [&](std::string_view line) { return TakeLine(line, all); }));
  return all;
}

std::string ToText(const std::vector<RolloverStatement>& rollovers) {
  std::string text(kHead);
  for (const RolloverStatement& one : rollovers) {
    text += "key " + KeyText(one.key) + " " + std::to_string(one.from) + " " + one.key_file + "\n";
    for (const KeyId& key : one.new_keys) text += "new " + KeyText(key) + "\n";
  }
  return text;
}

Result<std::vector<RolloverStatement>> LoadRollovers(const std::string& path) {
  COMMRESOLVE_ASSIGN(text, ReadUserFile(path, kMostBytes));
  return ParseRollovers(text, path);
}

Status SaveRollovers(const std::string& path, const std::vector<RolloverStatement>& rollovers) {
  return ReplaceFile(path, ToText(rollovers));
}

dht::Rollover RecordOf(const RolloverStatement& rollover) {
  dht::Rollover record;
  record.old_key = rollover.key;
  record.valid_from = rollover.from;
  record.new_keys = rollover.new_keys;
  return record;
}

}  // namespace commresolve::daemon
