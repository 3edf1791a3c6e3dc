// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What an index server may be called, and where it may be.

#include "resolver/config/index_server.h"

#include <algorithm>

#include "resolver/endpoint.h"

namespace commresolve {
namespace {

constexpr size_t kMaxNameBytes = 32;
constexpr size_t kMaxPathBytes = 107;  // sun_path without its end.

Error Wanted(const std::string& what) { return {Code::kInvalidArgument, what}; }

bool IsName(const std::string& text) {
  return !text.empty() && text.size() <= kMaxNameBytes && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

bool IsPlace(const std::string& text) {
  if (text.starts_with('/')) return text.size() <= kMaxPathBytes;
  const auto where = ParseHostPort(text);
  return where.ok() && where->port != 0 && IpAddress::Parse(where->host).ok();
}

}  // namespace

Result<IndexServer> MakeIndexServer(const std::map<std::string, std::string>& members) {
  IndexServer server;
  for (const auto& [name, text] : members) {
    if (name == "name") {
      server.name = text;
    } else if (name == "address") {
      server.address = text;
    } else if (name == "key") {
      const auto key = ParseKey(text);
      if (!key.ok()) return Wanted("as 'key' what `commresolve inspect` shows of its certificate");
      server.key = *key;
    } else {
      return Wanted("name, address and key, not '" + name.substr(0, 64) + "'");
    }
  }
  if (!IsName(server.name)) return Wanted("as 'name' 1 to 32 of a-z, 0-9, '-' and '_'");
  if (!IsPlace(server.address)) {
    return Wanted("as 'address' an IP address with port, or the absolute path of a Unix socket");
  }
  const bool over_tcp = !server.address.starts_with('/');
  if (over_tcp && !server.key) return Wanted("the 'key' of '" + server.name + "' too");
  if (!over_tcp && server.key) {
    return Wanted("no 'key' of '" + server.name + "', which proves none at a Unix socket");
  }
  return server;
}

}  // namespace commresolve
