// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// ParseHostPort(), and what it leaves open.

#include "resolver/config/peer_text.h"

namespace commresolve {

Result<ListenAddress> ParseListenAddress(const std::string& text) {
  const Error refusal{Code::kInvalidArgument, "'" + text + "' is no address and port",
                      "as in 0.0.0.0:4222 or [::]:4222"};
  const size_t colon = text.rfind(':');
  if (colon == std::string::npos) return refusal;
  // ParseHostPort() knows no port 0.
  const bool any_port = text.substr(colon) == ":0";
  const auto where = ParseHostPort(any_port ? text.substr(0, colon) : text);
  if (!where.ok() || (where->port == 0) != any_port) return refusal;
  const auto ip = IpAddress::Parse(where->host);
  // Without brackets the port of an IPv6 address reads as a part of it.
  if (!ip.ok() || ip->is_v6() != text.starts_with('[')) return refusal;
  return ListenAddress{*ip, where->port};
}

std::vector<ListenAddress> DefaultListenAddresses() {
  constexpr uint16_t kPort = 4222;
  return {{*IpAddress::Parse("0.0.0.0"), kPort}, {*IpAddress::Parse("::"), kPort}};
}

Status CheckPeerText(const std::string& text) {
  const auto where = ParseHostPort(text);
  if (where.ok() && where->port != 0 && text.find_first_of(" \t\n") == std::string::npos) return {};
  return Error{Code::kInvalidArgument, "'" + text + "' is no HOST:PORT of a peer",
               "as in 192.0.2.7:4222 or [2001:db8::7]:4222"};
}

}  // namespace commresolve
