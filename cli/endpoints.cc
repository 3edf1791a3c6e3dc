// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Servers named on the command line.

#include "cli/endpoints.h"

#include "index/observer.h"

namespace commresolve::cli {

bool LooksLikeServer(const std::string& text) {
  if (text.find_first_of(" \t") != std::string::npos) return false;
  const auto where = ParseHostPort(text);
  return where.ok() && (where->port != 0 || IpAddress::Parse(where->host).ok());
}

Result<std::optional<Protocol>> ProtocolFrom(const std::string& text) {
  if (text.empty()) return std::optional<Protocol>();
  const auto protocol = ParseProtocol(text);
  if (protocol) return protocol;
  return Error{Code::kInvalidArgument, "unknown protocol '" + text + "'",
               "one of smtp, imap, pop3, xmpp-client, xmpp-server, ldap, postgres, ftp, tls"};
}

Result<std::vector<Endpoint>> EndpointsOf(Context& context, const std::string& text,
                                          std::optional<Protocol> protocol) {
  COMMRESOLVE_ASSIGN(target, index::ParseObserveTarget(text, protocol));
  COMMRESOLVE_ASSIGN(dns, context.dns());
  return index::EndpointsOfTarget(target, dns, context.settings().dns_patience);
}

}  // namespace commresolve::cli
