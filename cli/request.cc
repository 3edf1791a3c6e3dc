// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reading a name with its port and protocol.

#include "cli/request.h"

#include <charconv>

namespace commresolve::cli {
namespace {

std::optional<uint16_t> PortIn(const std::string& word) {
  uint16_t port = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), port);
  if (error != std::errc() || end != word.data() + word.size() || port == 0) return std::nullopt;
  return port;
}

Result<Prove> ProveIn(const std::string& text, Prove default_prove) {
  if (text.empty()) return default_prove;
  if (text == "always") return Prove::kAlways;
  if (text == "max-age") return Prove::kMaxAge;
  if (text == "never") return Prove::kNever;
  return Error{Code::kInvalidArgument, "--prove is always, max-age or never, not '" + text + "'"};
}

}  // namespace

Result<ResolveRequest> RequestFrom(const Context& context, const NameOptions& options,
                                   Prove default_prove) {
  std::vector<std::string> words = options.words;
  uint16_t port = options.port;
  if (options.port_word && port == 0 && words.size() > 1) {
    if (const auto last = PortIn(words.back())) {
      port = *last;
      words.pop_back();
    }
  }
  COMMRESOLVE_ASSIGN(name, ParseTypedName(Joined(words), context.settings().suffix));
  COMMRESOLVE_ASSIGN(prove, ProveIn(options.prove, default_prove));
  ResolveRequest request{.name = std::move(name), .prove = prove, .port = port, .protocol = {}};
  if (!options.protocol.empty()) {
    request.protocol = ParseProtocol(options.protocol);
    if (!request.protocol || !CanProbe(*request.protocol)) {
      return Error{Code::kInvalidArgument, "cannot speak '" + options.protocol + "' to a server",
                   "one of tls, smtp, imap, pop3, xmpp-client, xmpp-server, ldap, postgres, ftp"};
    }
  }
  return request;
}

std::string LoudVerdict(Verdict verdict) {
  switch (verdict) {
    case Verdict::kMatch:
      return "VERIFIED";
    case Verdict::kNew:
      return "NEW";
    case Verdict::kChanged:
      return "CHANGED";
    case Verdict::kRevoked:
      return "REVOKED";
    case Verdict::kHold:
      return "HOLD";
  }
  return "NEW";
}

}  // namespace commresolve::cli
