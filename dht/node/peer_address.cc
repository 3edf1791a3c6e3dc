// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Between socket addresses, text and PeerAddress.

#include "dht/node/peer_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <cstring>

namespace commresolve::dht {

std::string PeerAddress::ToString() const {
  const std::string host = ip.ToString();
  return (ip.is_v6() ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

Result<PeerAddress> PeerAddress::Parse(std::string_view text) {
  COMMRESOLVE_ASSIGN(parts, ParseHostPort(text));
  COMMRESOLVE_ASSIGN(ip, IpAddress::Parse(parts.host));
  if (parts.port == 0) {
    return Error{Code::kInvalidArgument, "'" + std::string(text) + "' names no port"};
  }
  return PeerAddress{ip, parts.port};
}

Result<PeerAddress> PeerAddress::FromSocket(const sockaddr* address, socklen_t size) {
  std::string_view bytes;
  uint16_t port = 0;
  if (size >= sizeof(sockaddr_in) && address->sa_family == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(address);
    bytes = {reinterpret_cast<const char*>(&v4->sin_addr), sizeof v4->sin_addr};
    port = ntohs(v4->sin_port);
  } else if (size >= sizeof(sockaddr_in6) && address->sa_family == AF_INET6) {
    const auto* v6 = reinterpret_cast<const sockaddr_in6*>(address);
    bytes = {reinterpret_cast<const char*>(&v6->sin6_addr), sizeof v6->sin6_addr};
    port = ntohs(v6->sin6_port);
  }
  COMMRESOLVE_ASSIGN(ip, IpAddress::FromBytes(bytes));
  return PeerAddress{ip, port};
}

sockaddr_storage PeerAddress::ToSocket(socklen_t* size) const {
  sockaddr_storage storage{};
  const std::string_view bytes = ip.bytes();
  if (ip.is_v6()) {
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    std::memcpy(&v6.sin6_addr, bytes.data(), sizeof v6.sin6_addr);
    std::memcpy(&storage, &v6, sizeof v6);
    *size = sizeof v6;
  } else {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    std::memcpy(&v4.sin_addr, bytes.data(), sizeof v4.sin_addr);
    std::memcpy(&storage, &v4, sizeof v4);
    *size = sizeof v4;
  }
  return storage;
}

uint64_t NetworkOf(const IpAddress& ip) {
  const size_t counted = ip.is_v6() ? 6 : 3;
  uint64_t network = counted;
  for (size_t i = 0; i < counted; ++i) {
    network = network << 8 | static_cast<uint8_t>(ip.bytes()[i]);
  }
  return network;
}

}  // namespace commresolve::dht
