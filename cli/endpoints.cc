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
  COMMRESOLVE_ASSIGN(dns, context.dns());
  return index::EndpointsOfTarget(target, dns, context.settings().dns_patience);
}

}  // namespace commresolve::cli
