// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A socket of each family. What arrives at another address than the group's is dropped: that of
// IPv4 is bound to it; over IPv6 it belongs to no link alone, and cannot be bound.

#include "dht/node/lan_finder.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string>

namespace commresolve::dht {
namespace {

constexpr const char* kGroup4 = "239.255.99.109";
constexpr const char* kGroup6 = "ff02::636d:7273";
constexpr size_t kMostPackets = 32;  // Of one family in one step.
constexpr int kReceiveBuffer = 16 << 10;
constexpr int kOneHop = 1;
constexpr int kOn = 1;

PeerAddress GroupOf(bool v6, uint16_t port) {
  return {*IpAddress::Parse(v6 ? kGroup6 : kGroup4), port};
}

bool IsAny(const IpAddress& ip) {
  return std::ranges::all_of(ip.bytes(), [](char byte) { return byte == 0; });
}

template <class Value>
bool Set(int fd, int level, int option, const Value& value) {
  return ::setsockopt(fd, level, option, &value, sizeof value) == 0;
}

/// What arrives says over which link it came.
bool SetUp(int fd, bool v6) {
  const bool shared = Set(fd, SOL_SOCKET, SO_REUSEADDR, kOn);
  static_cast<void>(Set(fd, SOL_SOCKET, SO_RCVBUF, kReceiveBuffer));  // The system may want more.
  if (v6) {
    return shared && Set(fd, IPPROTO_IPV6, IPV6_V6ONLY, kOn) &&
           Set(fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, kOneHop) &&
           Set(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, kOn);
  }
  return shared && Set(fd, IPPROTO_IP, IP_MULTICAST_TTL, kOneHop) &&
         Set(fd, IPPROTO_IP, IP_PKTINFO, kOn);
}

/// A message with room for one control message.
struct Message {
  explicit Message(char* data, size_t size) : part{data, size} {
    header.msg_name = &name;
    header.msg_namelen = sizeof name;
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    header.msg_control = control.data();
    header.msg_controllen = control.size();
  }
  Message(const Message&) = delete;
  Message& operator=(const Message&) = delete;

  sockaddr_storage name{};
  iovec part;
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(in6_pktinfo))> control{};
  msghdr header{};
};

template <class Info>
void SetInfo(msghdr& header, int level, int type, const Info& info) {
  header.msg_controllen = CMSG_SPACE(sizeof info);
  cmsghdr* const control = CMSG_FIRSTHDR(&header);
  control->cmsg_level = level;
  control->cmsg_type = type;
  control->cmsg_len = CMSG_LEN(sizeof info);
  std::memcpy(CMSG_DATA(control), &info, sizeof info);
}

/// From the address of a link, over it.
void LeaveOver(const LanLink& link, msghdr& header) {
  const std::string_view ip = link.ip.bytes();
  if (link.ip.is_v6()) {
    in6_pktinfo info{};
    info.ipi6_ifindex = link.interface;
    std::memcpy(&info.ipi6_addr, ip.data(), ip.size());
    SetInfo(header, IPPROTO_IPV6, IPV6_PKTINFO, info);
  } else {
    in_pktinfo info{};
    info.ipi_ifindex = static_cast<int>(link.interface);
    std::memcpy(&info.ipi_spec_dst, ip.data(), ip.size());
    SetInfo(header, IPPROTO_IP, IP_PKTINFO, info);
  }
}

/// Over which link a message came; empty if it was not sent to the group.
std::optional<unsigned> CameOver(msghdr& header) {
  for (cmsghdr* one = CMSG_FIRSTHDR(&header); one != nullptr; one = CMSG_NXTHDR(&header, one)) {
    if (one->cmsg_level == IPPROTO_IP && one->cmsg_type == IP_PKTINFO) {
      in_pktinfo info{};
      std::memcpy(&info, CMSG_DATA(one), sizeof info);
      return static_cast<unsigned>(info.ipi_ifindex);
    }
    if (one->cmsg_level == IPPROTO_IPV6 && one->cmsg_type == IPV6_PKTINFO) {
      in6_pktinfo info{};
      std::memcpy(&info, CMSG_DATA(one), sizeof info);
      const IpAddress group = GroupOf(true, 0).ip;
      const bool to_group = std::memcmp(&info.ipi6_addr, group.bytes().data(), 16) == 0;
      if (!to_group) return std::nullopt;
      return info.ipi6_ifindex;
    }
  }
  return std::nullopt;
}

}  // namespace

Result<std::unique_ptr<LanFinder>> LanFinder::Open(const LanOptions& options) {
  if (options.node4.port == 0 && options.node6.port == 0) {
    return Error{Code::kInvalidArgument, "a node without a port has nothing to tell its links"};
  }
  COMMRESOLVE_ASSIGN(links, LanLinks(options.loopback));
  std::unique_ptr<LanFinder> finder(new LanFinder(options));
  finder->links_ = std::move(links);
  Status v4;
  Status v6;
  if (options.node4.port != 0) v4 = finder->OpenFamily(false);
  if (options.node6.port != 0) v6 = finder->OpenFamily(true);
  if (finder->v4_.valid() || finder->v6_.valid()) return finder;
  return v4.ok() ? v6.error() : v4.error();
}

Status LanFinder::OpenFamily(bool v6) {
  UniqueFd fd(::socket(v6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const PeerAddress here = v6 ? PeerAddress{*IpAddress::Parse("::"), options_.lan_port}
                              : GroupOf(false, options_.lan_port);
  socklen_t size = 0;
  const sockaddr_storage name = here.ToSocket(&size);
  if (!fd.valid() || !SetUp(fd.get(), v6) ||
      ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&name), size) != 0) {
    return Error{Code::kUnavailable, "cannot hear the local links at " + here.ToString() + ": " +
                                         std::string(std::strerror(errno))};
  }
  (v6 ? v6_ : v4_) = std::move(fd);
  return {};
}

/// Links come and go. One that was joined before refuses, and one that is gone too.
void LanFinder::JoinGroups() {
  const IpAddress group4 = GroupOf(false, 0).ip;
  const IpAddress group6 = GroupOf(true, 0).ip;
  for (const LanLink& link : links_) {
    if (link.ip.is_v6() && v6_.valid()) {
      ipv6_mreq wanted{};
      std::memcpy(&wanted.ipv6mr_multiaddr, group6.bytes().data(), group6.bytes().size());
      wanted.ipv6mr_interface = link.interface;
      static_cast<void>(Set(v6_.get(), IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP, wanted));
    } else if (!link.ip.is_v6() && v4_.valid()) {
      ip_mreqn wanted{};
      std::memcpy(&wanted.imr_multiaddr, group4.bytes().data(), group4.bytes().size());
      wanted.imr_ifindex = static_cast<int>(link.interface);
      static_cast<void>(Set(v4_.get(), IPPROTO_IP, IP_ADD_MEMBERSHIP, wanted));
    }
  }
}

void LanFinder::Speak() {
  for (const LanLink& link : links_) {
    const bool v6 = link.ip.is_v6();
    const PeerAddress& node = Node(v6);
    const int fd = (v6 ? v6_ : v4_).get();
    if (fd < 0 || (!IsAny(node.ip) && node.ip != link.ip)) continue;
    std::string packet = WriteLanPacket({options_.network, node.port});
    Message message(packet.data(), packet.size());
    message.name = GroupOf(v6, options_.lan_port).ToSocket(&message.header.msg_namelen);
    LeaveOver(link, message.header);
    static_cast<void>(::sendmsg(fd, &message.header, MSG_NOSIGNAL));  // Said again later.
  }
}

bool LanFinder::IsOwn(const PeerAddress& node) const {
  if (node.port != Node(node.ip.is_v6()).port) return false;
  return std::ranges::any_of(links_, [&](const LanLink& link) { return link.ip == node.ip; });
}

void LanFinder::Hear(bool v6, Time now, std::vector<PeerAddress>& found) {
  const int fd = (v6 ? v6_ : v4_).get();
  for (size_t i = 0; fd >= 0 && i < kMostPackets; ++i) {
    std::array<char, kLanPacketSize + 1> data{};
    Message message(data.data(), data.size());
    const ssize_t size = ::recvmsg(fd, &message.header, 0);
    if (size < 0) return;
    const auto packet = ReadLanPacket({data.data(), static_cast<size_t>(size)});
    const auto from = PeerAddress::FromSocket(reinterpret_cast<const sockaddr*>(&message.name),
                                              message.header.msg_namelen);
    const auto link = CameOver(message.header);
    if (!packet.ok() || !from.ok() || !link || packet->network != options_.network) continue;
    const PeerAddress node{from->ip, packet->port};
    if (!IsOnLink(links_, *link, node.ip) || IsOwn(node)) continue;
    if (pace_.Hear(node, now)) found.push_back(node);
  }
}

std::vector<PeerAddress> LanFinder::Step(bool connected, Time now) {
  if (pace_.Speak(connected, now)) {
    if (auto links = LanLinks(options_.loopback); links.ok()) links_ = std::move(*links);
    JoinGroups();
    Speak();
  }
  std::vector<PeerAddress> found;
  Hear(false, now, found);
  Hear(true, now, found);
  return found;
}

}  // namespace commresolve::dht
