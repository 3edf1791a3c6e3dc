// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The file `shards`.

#include "index/search/shard_list.h"

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "index/search/xapian_guard.h"
#include "resolver/base/files.h"

namespace commresolve::index {
namespace {

constexpr std::string_view kHead = "commresolve-shards 1\n";
constexpr size_t kMaxFileBytes = 4'096;

Error BadLine(size_t line) {
  return {Code::kCorrupt, "line " + std::to_string(line) + " names no shard"};
}

/// A number without sign or leading zero.
bool TakeNumber(std::string_view& text, ListingId& number) {
  if (text.starts_with('0')) return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return false;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return true;
}

bool TakeByte(std::string_view& text, char wanted) {
  if (!text.starts_with(wanted)) return false;
  text.remove_prefix(1);
  return true;
}

/// "1-50000", what a shard was or is, the same with an ending while it is made; or "words.Xb3k1a",
/// a file that ReplaceFile() has not renamed.
bool MayBeLeftOver(const std::string& name) {
  if (name.starts_with("shards.") || name.starts_with("words.")) return true;
  return name[0] >= '1' && name[0] <= '9' && name.find('-') != std::string::npos;
}

}  // namespace

std::string Shard::Name() const { return std::to_string(first) + "-" + std::to_string(last); }

Result<Shards> ParseShards(std::string_view content) {
  if (!content.starts_with(kHead)) return Error{Code::kCorrupt, "line 1 is not the head"};
  content.remove_prefix(kHead.size());
  Shards shards;
  for (size_t line = 2; !content.empty(); ++line) {
    Shard shard;
    const bool read = TakeNumber(content, shard.first) && TakeByte(content, '-') &&
                      TakeNumber(content, shard.last) && TakeByte(content, '\n');
    const ListingId before = shards.empty() ? 0 : shards.back().last;
    if (!read || shard.first <= before || shard.last < shard.first) return BadLine(line);
    shards.push_back(shard);
    if (shards.size() > kMaxShards) return BadLine(line);
  }
  return shards;
}

std::string FormatShards(const Shards& shards) {
  std::string content(kHead);
  for (const Shard& shard : shards) content.append(shard.Name()).append("\n");
  return content;
}

Result<Shards> ReadShards(const std::string& path) {
  const Result<std::string> content = ReadFile(path + "/shards", kMaxFileBytes);
  if (!content.ok() && content.error().code == Code::kNotFound) return Shards();
  if (!content.ok() && content.error().code != Code::kInvalidArgument) return content.error();
  const Result<Shards> shards = content.ok() ? ParseShards(*content) : content.error();
  if (!shards.ok()) return Damaged(path + "/shards", shards.error().message);
  return *shards;
}

Status WriteShards(const std::string& path, const Shards& shards) {
  COMMRESOLVE_TRY(ReplaceFile(path + "/shards", FormatShards(shards)));
  RemoveLeftovers(path, shards);
  return {};
}

void RemoveLeftovers(const std::string& path, const Shards& shards) {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(path, ignored)) {
    const std::string name = entry.path().filename().string();
    const bool listed = std::ranges::find(shards, name, &Shard::Name) != shards.end();
    std::error_code later;  // The next call removes it.
    if (!listed && MayBeLeftOver(name)) std::filesystem::remove_all(entry.path(), later);
  }
}

}  // namespace commresolve::index
