// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// getifaddrs(), and comparing prefixes.

#include "dht/node/lan_links.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <memory>
#include <string>

#include "dht/node/peer_address.h"
#include "resolver/address_scope.h"

namespace commresolve::dht {
namespace {

socklen_t SizeOf(const sockaddr& address) {
  return address.sa_family == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
}

unsigned BitsOf(std::string_view mask) {
  unsigned bits = 0;
  for (const char byte : mask) {
    const int ones = std::countl_one(static_cast<uint8_t>(byte));
    bits += static_cast<unsigned>(ones);
    if (ones < 8) break;
  }
  return bits;
}

bool SamePrefix(const IpAddress& a, const IpAddress& b, unsigned bits) {
  if (a.is_v6() != b.is_v6()) return false;
  const std::string_view left = a.bytes();
  const std::string_view right = b.bytes();
  const size_t whole = std::min<size_t>(bits / 8, left.size());
  if (left.substr(0, whole) != right.substr(0, whole)) return false;
  if (whole == left.size() || bits % 8 == 0) return true;
  const unsigned shift = 8 - bits % 8;
  return static_cast<uint8_t>(left[whole]) >> shift == static_cast<uint8_t>(right[whole]) >> shift;
}

bool IsWanted(const ifaddrs& one, bool loopback) {
  if (one.ifa_addr == nullptr || one.ifa_netmask == nullptr) return false;
  const int family = one.ifa_addr->sa_family;
  if (family != AF_INET && family != AF_INET6) return false;
  if ((one.ifa_flags & IFF_UP) == 0) return false;
  const bool is_loopback = (one.ifa_flags & IFF_LOOPBACK) != 0;
  return loopback ? is_loopback : !is_loopback && (one.ifa_flags & IFF_MULTICAST) != 0;
}

}  // namespace

Result<std::vector<LanLink>> LanLinks(bool loopback) {
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) {
    return Error{Code::kUnavailable,
                 std::string("the links of this machine: ") + std::strerror(errno)};
  }
  const std::unique_ptr<ifaddrs, void (*)(ifaddrs*)> owned(list, ::freeifaddrs);
  std::vector<LanLink> links;
  for (const ifaddrs* one = list; one != nullptr; one = one->ifa_next) {
    if (!IsWanted(*one, loopback)) continue;
    const auto own = PeerAddress::FromSocket(one->ifa_addr, SizeOf(*one->ifa_addr));
    const auto mask = PeerAddress::FromSocket(one->ifa_netmask, SizeOf(*one->ifa_addr));
    if (!own.ok() || !mask.ok() || ScopeOf(own->ip) == AddressScope::kLinkLocal) continue;
    links.push_back({::if_nametoindex(one->ifa_name), own->ip, BitsOf(mask->ip.bytes())});
  }
  return links;
}

bool IsOnLink(const std::vector<LanLink>& links, unsigned interface, const IpAddress& ip) {
  return std::ranges::any_of(links, [&](const LanLink& link) {
    return link.interface == interface && SamePrefix(link.ip, ip, link.prefix);
  });
}

}  // namespace commresolve::dht
