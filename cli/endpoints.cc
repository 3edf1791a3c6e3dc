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

Result<std::vector<Endpoint>> EndpointsOf(Context& context, const std::string& text,
                                          const std::string& starttls) {
  std::optional<Protocol> protocol;
  if (!starttls.empty()) {
    protocol = ParseProtocol(starttls);
    if (!protocol) return Error{Code::kInvalidArgument, "unknown protocol '" + starttls + "'"};
  }
  COMMRESOLVE_ASSIGN(target, index::ParseObserveTarget(text, protocol));
  std::vector<Endpoint> endpoints;
  const auto add = [&](const IpAddress& ip) {
    endpoints.push_back({ip, target.port, *target.protocol, target.server_name});
  };
  if (const auto ip = IpAddress::Parse(target.host); ip.ok()) {
    add(*ip);
    return endpoints;
  }
  COMMRESOLVE_ASSIGN(dns, context.dns());
  if (dns == nullptr) {
    return Error{Code::kUnavailable, "DNS is switched off (dns_hints = false)",
                 "give the address of " + target.host};
  }
  const auto answers = dns->Lookup({{target.host, ""}}, context.settings().dns_patience);
  for (const auto& address : answers.front().addresses) add(address.ip);
  if (endpoints.empty()) {
    return Error{Code::kUnavailable, target.host + ": no address: " + answers.front().error};
  }
  return endpoints;
}

}  // namespace commresolve::cli
