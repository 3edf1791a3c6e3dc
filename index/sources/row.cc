// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Strict reading of each field.

#include "index/sources/row.h"

#include <algorithm>
#include <limits>

#include "resolver/keyword/host_name.h"

namespace commresolve::index {
namespace {

constexpr int64_t kFastestClock = 86'400;

Error Unknown(const char* field, const std::string& value) {
  return {Code::kInvalidArgument,
          std::string("unknown ") + field + " '" + value.substr(0, 40) + "'"};
}

Result<Protocol> ProtocolOf(const JsonRow& row, uint16_t port) {
  const std::string transport = row.transport.value_or("tcp");
  if (transport != "tcp" && transport != "udp" && transport != "dtls") {
    return Unknown("transport", transport);
  }
  if (!row.starttls || row.starttls == "http-connect") {
    if (transport == "dtls") return Protocol::kDtls;
    return transport == "udp" ? Protocol::kQuic : Protocol::kTls;
  }
  const std::optional<Protocol> protocol = ParseProtocol(*row.starttls);
  if (!protocol) return Unknown("starttls", *row.starttls);
  const bool between_servers =
      row.starttls == "xmpp" && DefaultProtocol(port) == Protocol::kXmppServer;
  return between_servers ? Protocol::kXmppServer : *protocol;
}

}  // namespace

bool IsObservation(const JsonRow& row) { return row.der_b64 || (row.sha256 && row.ip); }

Result<bool> IsClient(const JsonRow& row) {
  if (!row.role || row.role == "server") return false;
  if (row.role == "client") return true;
  return Unknown("role", *row.role);
}

Result<Endpoint> EndpointOf(const JsonRow& row) {
  Endpoint endpoint;
  COMMRESOLVE_ASSIGN(ip, IpAddress::Parse(*row.ip));
  endpoint.ip = ip;
  if (!row.port || *row.port < 1 || *row.port > std::numeric_limits<uint16_t>::max()) {
    return Error{Code::kInvalidArgument, "'port' is missing or not 1 to 65535"};
  }
  endpoint.port = static_cast<uint16_t>(*row.port);
  COMMRESOLVE_ASSIGN(protocol, ProtocolOf(row, endpoint.port));
  endpoint.protocol = protocol;
  if (row.sni) {
    const Result<std::string> name = NormaliseHostName(*row.sni);
    if (name.ok() && !name->starts_with('*')) endpoint.server_name = *name;
  }
  return endpoint;
}

Result<UnixTime> TimeOf(const JsonRow& row, UnixTime now) {
  if (!row.time) return now;
  COMMRESOLVE_ASSIGN(time, ParseTime(*row.time));
  if (time > now + kFastestClock) {
    return Error{Code::kInvalidArgument, "'time' is in the future"};
  }
  return std::min(time, now);
}

}  // namespace commresolve::index
