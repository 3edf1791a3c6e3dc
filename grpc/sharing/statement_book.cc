// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A line for each certificate's key.

#include "grpc/sharing/statement_book.h"

#include <algorithm>
#include <utility>

#include "dht/node/peer_address.h"
#include "grpc/sharing/each_line.h"
#include "grpc/sharing/words_of_line.h"
#include "resolver/base/files.h"
#include "resolver/base/identifiers.h"
#include "resolver/base/user_file.h"
#include "resolver/keyword/host_name.h"

namespace commresolve::daemon {
namespace {

constexpr size_t kMostBytes = size_t{1} << 20;
constexpr std::string_view kHead =
    "# Whom certificates' keys let speak for them. Written by commresolved.\n";

/// Address, port, and to the end of the line the server name.
std::optional<Endpoint> TakePlace(std::string_view& rest) {
  const auto where = ParseHostPort(TakeWord(rest));
  if (!where.ok() || where->port == 0) return std::nullopt;
  const auto ip = IpAddress::Parse(where->host);
  if (!ip.ok()) return std::nullopt;
  if (!rest.empty()) {
    const auto name = NormaliseHostName(rest);
    if (!name.ok() || *name != rest) return std::nullopt;
  }
  return Endpoint{*ip, where->port, Protocol::kTls, std::string(rest)};
}

std::string PlaceText(const Endpoint& place) {
  return dht::PeerAddress{place.ip, place.port}.ToString() + " " + place.server_name;
}

}  // namespace

bool StatementBook::Add(const HeardStatement& heard) {
  const auto known = heard_.find(heard.said.subject);
  if (known != heard_.end()) {
    const dht::Delegation& before = known->second.said;
    if (heard.said != before && heard.said.sequence <= before.sequence) return false;
    known->second = heard;
    return true;
  }
  if (heard_.size() >= kMostKeys) {
    heard_.erase(
        std::ranges::min_element(heard_, {}, [](const auto& one) { return one.second.heard; }));
  }
  heard_.emplace(heard.said.subject, heard);
  return true;
}

bool StatementBook::Tidy(UnixTime now) {
  bool changed = std::erase_if(heard_, [now](const auto& one) {
                   return one.second.said.valid_until <= now - dht::kClockSkew;
                 }) != 0;
  for (auto& [key, heard] : heard_) {
    if (heard.heard <= now) continue;
    heard.heard = now;
    changed = true;
  }
  return changed;
}

std::optional<HeardStatement> StatementBook::Of(const KeyId& subject) const {
  const auto known = heard_.find(subject);
  return known == heard_.end() ? std::nullopt : std::optional(known->second);
}

bool StatementBook::TakeLine(std::string_view line) {
  const std::string_view what = TakeWord(line);
  const auto subject = ParseKey(TakeWord(line));
  const auto publishing_key = ParseKey(TakeWord(line));
  const auto sequence = TakeNumber<uint32_t>(line);
  const auto from = TakeTime(line);
  const auto until = TakeTime(line);
  const auto heard = TakeTime(line);
  if (what != "key" || !subject.ok() || !publishing_key.ok() || !sequence || !heard) return false;
  if (!from || !until || *from >= *until || *until - *from > dht::kLongestDelegation) return false;
  const auto where = TakePlace(line);
  if (!where || heard_.size() >= kMostKeys) return false;
  const dht::Delegation said{*subject, publishing_key->bytes, *sequence, *from, *until};
  return heard_.try_emplace(*subject, HeardStatement{said, *where, *heard}).second;
}

Result<StatementBook> StatementBook::Parse(std::string_view text, const std::string& path) {
  StatementBook book;
  COMMRESOLVE_TRY(EachLine(text, path, "remove the file: it is learned again",
                           [&](std::string_view line) { return book.TakeLine(line); }));
  return book;
}

std::string StatementBook::ToText() const {
  std::string text(kHead);
  for (const auto& [subject, heard] : heard_) {
    const dht::Delegation& said = heard.said;
    text += "key " + KeyText(subject) + " " + KeyText(KeyId{said.publishing_key});
    for (const int64_t number :
         {int64_t{said.sequence}, said.valid_from, said.valid_until, heard.heard}) {
      text += " " + std::to_string(number);
    }
    text += " " + PlaceText(heard.where) + "\n";
  }
  return text;
}

Result<StatementBook> LoadStatementBook(const std::string& path) {
  COMMRESOLVE_ASSIGN(text, ReadUserFile(path, kMostBytes));
  return StatementBook::Parse(text, path);
}

Status SaveStatementBook(const std::string& path, const StatementBook& book) {
  return ReplaceFile(path, book.ToText());
}

}  // namespace commresolve::daemon
