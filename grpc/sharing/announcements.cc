// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A line for the key, then its names and endpoints, each on a line.

#include "grpc/sharing/announcements.h"

#include <utility>

#include "grpc/sharing/each_line.h"
#include "grpc/sharing/words_of_line.h"
#include "resolver/base/files.h"
#include "resolver/base/user_file.h"

namespace commresolve::daemon {
namespace {

constexpr size_t kMostBytes = size_t{4} << 20;
constexpr std::string_view kHead = "# Where keys of this user live. Written by commresolved.\n";

bool TakeKey(std::string_view rest, bool vouched, std::vector<DatedAnnouncement>& all) {
  DatedAnnouncement dated;
  const auto key = ParseKey(TakeWord(rest));
  const auto since = TakeNumber<UnixTime>(rest);
  if (!key.ok() || !since || !rest.starts_with('/')) return false;
  dated.since = *since;
  dated.announcement.key = *key;
  (vouched ? dated.announcement.statement_file : dated.announcement.key_file) = rest;
  all.push_back(std::move(dated));
  return all.size() <= kMaxAnnouncements;
}

bool TakeEndpoint(std::string_view rest, Announcement& announcement) {
  const auto where = ParseHostPort(TakeWord(rest));
  const auto protocol = ParseProtocol(TakeWord(rest));
  if (!where.ok() || where->port == 0 || !protocol) return false;
  const auto ip = IpAddress::Parse(where->host);
  if (!ip.ok()) return false;
  announcement.endpoints.push_back({*ip, where->port, *protocol, std::string(rest)});
  return true;
}

bool TakeLine(std::string_view line, std::vector<DatedAnnouncement>& all) {
  const std::string_view what = TakeWord(line);
  if (what == "key" || what == "vouched") return TakeKey(line, what == "vouched", all);
  if (all.empty()) return false;
  if (what == "endpoint") return TakeEndpoint(line, all.back().announcement);
  if (what != "name" || line.empty()) return false;
  all.back().announcement.names.emplace_back(line);
  return true;
}

}  // namespace

Result<std::vector<DatedAnnouncement>> ParseAnnouncements(std::string_view text,
                                                          const std::string& path) {
  std::vector<DatedAnnouncement> all;
  COMMRESOLVE_TRY(EachLine(text, path, "remove the file, and announce again",
                           [&](std::string_view line) { return TakeLine(line, all); }));
  return all;
}

std::string ToText(const std::vector<DatedAnnouncement>& announcements) {
  std::string text(kHead);
  for (const auto& [announcement, since] : announcements) {
    const bool vouched = !announcement.statement_file.empty();
    text += (vouched ? "vouched " : "key ") + KeyText(announcement.key) + " " +
            std::to_string(since) + " " +
            (vouched ? announcement.statement_file : announcement.key_file) + "\n";
    for (const std::string& name : announcement.names) text += "name " + name + "\n";
    for (const Endpoint& endpoint : announcement.endpoints) {
      text += "endpoint " + dht::PeerAddress{endpoint.ip, endpoint.port}.ToString() + " " +
              ProtocolName(endpoint.protocol) + " " + endpoint.server_name + "\n";
    }
  }
  return text;
}

Result<std::vector<DatedAnnouncement>> LoadAnnouncements(const std::string& path) {
  COMMRESOLVE_ASSIGN(text, ReadUserFile(path, kMostBytes));
  return ParseAnnouncements(text, path);
}

Status SaveAnnouncements(const std::string& path,
                         const std::vector<DatedAnnouncement>& announcements) {
  return ReplaceFile(path, ToText(announcements));
}

dht::OwnerRecord RecordOf(const DatedAnnouncement& dated) {
  dht::OwnerRecord record;
  record.subject = dated.announcement.key;
  record.valid_from = dated.since;
  record.endpoints = dated.announcement.endpoints;
  record.names = dated.announcement.names;
  return record;
}

}  // namespace commresolve::daemon
