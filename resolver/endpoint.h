// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Endpoint: where a certificate was seen, and how to speak to that place.

#ifndef COMMRESOLVE_RESOLVER_ENDPOINT_H_
#define COMMRESOLVE_RESOLVER_ENDPOINT_H_

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "resolver/base/result.h"

namespace commresolve {

/// An IPv4 or IPv6 address. An IPv4-mapped IPv6 address is stored as IPv4. Ordered by family,
/// bytes.
class IpAddress {
 public:
  IpAddress() = default;
  /// Reads "192.0.2.7", "2001:db8::1" or "[2001:db8::1]". kInvalidArgument otherwise (no zone ids).
  static Result<IpAddress> Parse(std::string_view text);
  /// From 4 or 16 bytes in network order; kInvalidArgument for another length.
  static Result<IpAddress> FromBytes(std::string_view bytes);

  [[nodiscard]] bool is_v6() const { return v6_; }
  /// 4 or 16 bytes in network order, valid as long as this object.
  [[nodiscard]] std::string_view bytes() const;
  /// RFC 5952 text.
  [[nodiscard]] std::string ToString() const;

  auto operator<=>(const IpAddress&) const = default;

 private:
  bool v6_ = false;
  std::array<uint8_t, 16> bytes_{};
};

/// What is spoken before and inside TLS. The numbers are stored on disk; never reuse one.
enum class Protocol : uint8_t {
  kTls = 0,         ///< TLS from the first byte (https, imaps, ...).
  kXmppClient = 1,  ///< RFC 6120 STARTTLS, jabber:client.
  kXmppServer = 2,  ///< RFC 6120 STARTTLS, jabber:server.
  kSmtp = 3,        ///< RFC 3207.
  kImap = 4,        ///< RFC 3501 STARTTLS.
  kPop3 = 5,        ///< RFC 2595 STLS.
  kLdap = 6,        ///< RFC 4511 StartTLS extended operation.
  kPostgres = 7,    ///< SSLRequest.
  kFtp = 8,         ///< RFC 4217 AUTH TLS.
  // Seen in captures and observations; this program does not speak them.
  kRdp = 9,
  kMysql = 10,
  kOpenvpn = 11,
  kDtls = 12,
  kQuic = 13,
};

/// The name used in options, output and files: "tls", "xmpp-client", "smtp", ...
const char* ProtocolName(Protocol protocol);
/// The inverse; also takes "xmpp" as xmpp-client. Empty if unknown.
std::optional<Protocol> ParseProtocol(std::string_view name);
/// What is spoken on `port` by convention (IANA): 25 and 587 smtp, 143 imap, 5222 xmpp-client, ...;
/// kTls for every other.
Protocol DefaultProtocol(uint16_t port);
/// The port of `protocol` by convention; 443 for kTls.
uint16_t DefaultPort(Protocol protocol);
/// True if this program can start TLS over `protocol` itself.
bool CanProbe(Protocol protocol);

/// A place that was or can be asked for its certificate.
struct Endpoint {
  IpAddress ip;
  uint16_t port = 0;  ///< 1 to 65535.
  Protocol protocol = Protocol::kTls;
  std::string server_name;  ///< SNI to send: a lower-case A-label DNS name, or empty for none.

  auto operator<=>(const Endpoint&) const = default;
  /// "192.0.2.7:443", "[2001:db8::1]:443/xmpp-client"; the protocol only if it is not the default.
  [[nodiscard]] std::string ToString() const;
};

/// "HOST", "HOST:PORT", "[v6]:PORT", or "https://HOST[:PORT]/..." taken apart. `port` is 0 if
/// absent.
struct HostPort {
  std::string host;
  uint16_t port = 0;
};
/// kInvalidArgument for an empty host, a port outside 1 to 65535, or text after the port.
Result<HostPort> ParseHostPort(std::string_view text);

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_ENDPOINT_H_
