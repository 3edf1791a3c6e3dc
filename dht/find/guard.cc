// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Typed text taken apart as far as it could name a host, and the keys that one search may have.

#include "dht/find/guard.h"

#include <algorithm>
#include <utility>

#include "dht/privacy/publishable.h"
#include "resolver/keyword/host_name.h"

namespace commresolve::dht {
namespace {

constexpr std::string_view kBlanks = " \t\r\n\v\f";

Error Stays(const std::string& what) {
  return {Code::kInvalidArgument, what + " is not asked of other people"};
}

/// The host of a URL or mail address, or the piece itself; maybe with a port.
std::string HostOf(std::string piece) {
  const size_t scheme = piece.find("://");
  if (scheme != std::string::npos) piece.erase(0, scheme + 3);
  piece.erase(std::min(piece.find_first_of("/?#"), piece.size()));
  return piece.substr(piece.rfind('@') + 1);
}

/// Of one piece of text without blanks.
Privacy PrivacyOfPiece(const std::string& piece) {
  const std::string place = HostOf(piece);
  const auto parsed = ParseHostPort(place);
  for (const std::string& host : {place, parsed.ok() ? parsed->host : std::string()}) {
    const auto address = IpAddress::Parse(host);
    if (address.ok()) return PrivacyOf(*address);
    const auto name = NormaliseHostName(host);
    if (name.ok() && name->find('.') != std::string::npos) return PrivacyOf(*name);
  }
  return Privacy::kPublic;
}

Status CheckText(std::string_view typed) {
  const std::string text = FoldCase(typed.substr(0, kMaxFoldInput));
  for (size_t begin = 0; (begin = text.find_first_not_of(kBlanks, begin)) != std::string::npos;) {
    const std::string piece = text.substr(begin, text.find_first_of(kBlanks, begin) - begin);
    begin += piece.size();
    const Privacy privacy = PrivacyOfPiece(piece);
    if (privacy == Privacy::kPublic) continue;
    Error error = Stays("'" + piece + "' (" + PrivacyText(privacy) + ")");
    error.hint = "words with blanks between them are asked for";
    return error;
  }
  return {};
}

}  // namespace

Result<std::vector<std::string>> WordsToAskFor(const KeywordSet& words, std::string_view typed,
                                               const IsBound& is_bound) {
  COMMRESOLVE_TRY(CheckText(typed));
  if (is_bound(words)) return Stays("what is bound ('" + words.ToString() + "')");
  std::vector<std::string> left;
  for (const std::string& word : words.words()) {
    const auto alone = KeywordSet::FromWords({word});
    if (alone.ok() && !is_bound(*alone)) left.push_back(word);
  }
  if (left.empty()) return Stays("what is bound (each word of '" + words.ToString() + "')");
  return left;
}

std::optional<DhtKey> AskGuard::Bucket(const std::string& word) {
  if (!word_.empty() || word.empty()) return {};
  word_ = word;
  return BucketOf(word);
}

std::optional<DhtKey> AskGuard::Shard(uint8_t shard) {
  if (word_.empty() || shard >= limits_.shards || !shards_.insert(shard).second) return {};
  return HotWordKey(word_, shard);
}

std::optional<DhtKey> AskGuard::Subject(RecordType type, const KeyPrefix& key) {
  if (type == RecordType::kPosting) return {};
  if (!subjects_.contains(key) && subjects_.size() >= limits_.subjects) return {};
  subjects_.insert(key);
  const DhtKey where = SubjectKey(type, key);
  if (!asked_.insert(where).second) return {};
  return where;
}

}  // namespace commresolve::dht
