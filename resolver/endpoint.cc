// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Text forms of addresses, protocols and endpoints.

#include "resolver/endpoint.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace commresolve {
namespace {

struct ProtocolRow {
  Protocol protocol;
  const char* name;
  uint16_t port;
  bool spoken;
};

constexpr ProtocolRow kProtocols[] = {
    {Protocol::kTls, "tls", 443, true},
    {Protocol::kXmppClient, "xmpp-client", 5222, true},
    {Protocol::kXmppServer, "xmpp-server", 5269, true},
    {Protocol::kSmtp, "smtp", 25, true},
    {Protocol::kImap, "imap", 143, true},
    {Protocol::kPop3, "pop3", 110, true},
    {Protocol::kLdap, "ldap", 389, true},
    {Protocol::kPostgres, "postgres", 5432, true},
    {Protocol::kFtp, "ftp", 21, true},
    {Protocol::kRdp, "rdp", 3389, false},
    {Protocol::kMysql, "mysql", 3306, false},
    {Protocol::kOpenvpn, "openvpn", 1194, false},
    {Protocol::kDtls, "dtls", 0, false},
    {Protocol::kQuic, "quic", 0, false},
};
constexpr uint16_t kSubmissionPort = 587;

const ProtocolRow& RowOf(Protocol protocol) {
  for (const ProtocolRow& row : kProtocols) {
    if (row.protocol == protocol) return row;
  }
  return kProtocols[0];
}

constexpr std::string_view kV4Mapped("\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);

}  // namespace

Result<IpAddress> IpAddress::Parse(std::string_view text) {
  const Error error{Code::kInvalidArgument,
                    "'" + std::string(text.substr(0, 60)) + "' is not an IP address"};
  const bool bracketed = text.starts_with('[') && text.ends_with(']');
  if (bracketed) text = text.substr(1, text.size() - 2);
  if (text.size() >= INET6_ADDRSTRLEN || text.find('\0') != std::string_view::npos) return error;
  const std::string terminated(text);
  char bytes[16];
  if (!bracketed && inet_pton(AF_INET, terminated.c_str(), bytes) == 1) {
    return FromBytes({bytes, 4});
  }
  if (inet_pton(AF_INET6, terminated.c_str(), bytes) == 1) return FromBytes({bytes, 16});
  return error;
}

Result<IpAddress> IpAddress::FromBytes(std::string_view bytes) {
  if (bytes.size() == 16 && bytes.starts_with(kV4Mapped)) bytes.remove_prefix(12);
  if (bytes.size() != 4 && bytes.size() != 16) {
    return Error{Code::kInvalidArgument, "an IP address has 4 or 16 bytes"};
  }
  IpAddress address;
  address.v6_ = bytes.size() == 16;
  std::copy(bytes.begin(), bytes.end(), address.bytes_.begin());
  return address;
}

std::string_view IpAddress::bytes() const {
  return {reinterpret_cast<const char*>(bytes_.data()), v6_ ? 16U : 4U};
}

std::string IpAddress::ToString() const {
  char text[INET6_ADDRSTRLEN] = {};
  inet_ntop(v6_ ? AF_INET6 : AF_INET, bytes_.data(), text, sizeof text);
  return text;
}

const char* ProtocolName(Protocol protocol) { return RowOf(protocol).name; }

std::optional<Protocol> ParseProtocol(std::string_view name) {
  if (name == "xmpp") return Protocol::kXmppClient;
  for (const ProtocolRow& row : kProtocols) {
    if (row.name == name) return row.protocol;
  }
  return std::nullopt;
}

Protocol DefaultProtocol(uint16_t port) {
  if (port == kSubmissionPort) return Protocol::kSmtp;
  for (const ProtocolRow& row : kProtocols) {
    if (row.port == port && row.spoken) return row.protocol;
  }
  return Protocol::kTls;
}

uint16_t DefaultPort(Protocol protocol) { return RowOf(protocol).port; }
bool CanProbe(Protocol protocol) { return RowOf(protocol).spoken; }

std::string Endpoint::ToString() const {
  std::string text = ip.is_v6() ? "[" + ip.ToString() + "]" : ip.ToString();
  text += ":" + std::to_string(port);
  if (protocol != DefaultProtocol(port)) text += std::string("/") + ProtocolName(protocol);
  return text;
}

Result<HostPort> ParseHostPort(std::string_view text) {
  const Error error{Code::kInvalidArgument,
                    "'" + std::string(text.substr(0, 100)) + "' is not HOST[:PORT]"};
  if (text.starts_with("https://")) {
    text.remove_prefix(8);
    text = text.substr(0, text.find_first_of("/?#"));
  }
  HostPort result;
  std::string_view port;
  if (text.starts_with('[')) {
    const size_t end = text.find(']');
    if (end == std::string_view::npos) return error;
    result.host = text.substr(1, end - 1);
    port = text.substr(end + 1);
  } else if (std::count(text.begin(), text.end(), ':') > 1) {
    result.host = text;
  } else {
    result.host = text.substr(0, text.find(':'));
    port = text.substr(result.host.size());
  }
  if (result.host.empty()) return error;
  if (port.empty()) return result;
  const auto [end, failure] =
      std::from_chars(port.data() + 1, port.data() + port.size(), result.port);
  if (port[0] != ':' || failure != std::errc() || end != port.data() + port.size() ||
      result.port == 0) {
    return error;
  }
  return result;
}

}  // namespace commresolve
