// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// poll() and recvmmsg(): any descriptor number, many datagrams a call.

#include "dht/node/udp_socket.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>

#include "dht/node/firewall.h"

namespace commresolve::dht {
namespace {

constexpr size_t kBatch = 64;
constexpr size_t kSlot = kMaxPacket + 1;
constexpr int kReceiveBuffer = 4 << 20;

Error Unavailable(const PeerAddress& address, const char* what) {
  return {Code::kUnavailable,
          address.ToString() + ": " + what + ": " + std::string(std::strerror(errno))};
}

/// -1 for ever; rounded up, so that a wait does not end just before its time.
int Milliseconds(UdpSocket::Time until) {
  if (until == UdpSocket::Time::max()) return -1;
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
  return static_cast<int>(std::clamp<int64_t>(left.count(), 0, 3'600'000));
}

}  // namespace

Result<std::unique_ptr<UdpSocket>> UdpSocket::Open(const std::optional<PeerAddress>& v4,
                                                   const std::optional<PeerAddress>& v6) {
  if ((!v4 && !v6) || (v4 && v4->ip.is_v6()) || (v6 && !v6->ip.is_v6())) {
    return Error{Code::kInvalidArgument, "a node needs an IPv4 or IPv6 address to receive at"};
  }
  std::unique_ptr<UdpSocket> socket(new UdpSocket);
  socket->wake_.Reset(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  if (!socket->wake_.valid()) return Error{Code::kUnavailable, "no eventfd"};
  if (v4) COMMRESOLVE_TRY(socket->Bind(*v4));
  if (v6) COMMRESOLVE_TRY(socket->Bind(*v6));
  socket->buffer_.resize(kBatch * kSlot);
  return socket;
}

Status UdpSocket::Bind(const PeerAddress& address) {
  const bool v6 = address.ip.is_v6();
  UniqueFd fd(::socket(v6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd.valid()) return Unavailable(address, "no socket");
  const int on = 1;
  if (v6 && ::setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) != 0) {
    return Unavailable(address, "no socket for IPv6 alone");
  }
  // Best effort: the system may allow less.
  static_cast<void>(
      ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVBUF, &kReceiveBuffer, sizeof kReceiveBuffer));
  socklen_t size = 0;
  sockaddr_storage storage = address.ToSocket(&size);
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&storage), size) != 0) {
    return Unavailable(address, "cannot receive there");
  }
  if (::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&storage), &size) != 0) {
    return Unavailable(address, "no name of the socket");
  }
  COMMRESOLVE_ASSIGN(bound, PeerAddress::FromSocket(reinterpret_cast<sockaddr*>(&storage), size));
  (v6 ? bound6_ : bound4_) = bound;
  (v6 ? v6_ : v4_) = std::move(fd);
  return {};
}

int UdpSocket::Send(const PeerAddress& to, std::span<const uint8_t> packet) {
  const int fd = (to.ip.is_v6() ? v6_ : v4_).get();
  if (fd < 0) return EAFNOSUPPORT;
  socklen_t size = 0;
  const sockaddr_storage storage = to.ToSocket(&size);
  const ssize_t sent = ::sendto(fd, packet.data(), packet.size(), MSG_NOSIGNAL,
                                reinterpret_cast<const sockaddr*>(&storage), size);
  if (sent < 0) return errno;
  ++traffic_.sent;
  traffic_.sent_bytes += packet.size();
  return 0;
}

PeerAddress UdpSocket::Bound(bool v6) const { return v6 ? bound6_ : bound4_; }

void UdpSocket::Wait(Time until, const OnPacket& on_packet) {
  // poll() passes over descriptors that are -1.
  std::array<pollfd, 3> fds = {
      {{wake_.get(), POLLIN, 0}, {v4_.get(), POLLIN, 0}, {v6_.get(), POLLIN, 0}}};
  if (::poll(fds.data(), fds.size(), Milliseconds(until)) <= 0) return;
  if (fds[0].revents != 0) {
    eventfd_t woken = 0;
    static_cast<void>(::eventfd_read(wake_.get(), &woken));
  }
  if (fds[1].revents != 0) Drain(v4_.get(), on_packet);
  if (fds[2].revents != 0) Drain(v6_.get(), on_packet);
}

void UdpSocket::Wake() const { static_cast<void>(::eventfd_write(wake_.get(), 1)); }

void UdpSocket::Drain(int fd, const OnPacket& on_packet) {
  std::array<mmsghdr, kBatch> messages{};
  std::array<iovec, kBatch> parts{};
  std::array<sockaddr_storage, kBatch> names{};
  for (size_t i = 0; i < kBatch; ++i) {
    parts[i] = {buffer_.data() + i * kSlot, kSlot};
    messages[i].msg_hdr.msg_iov = &parts[i];
    messages[i].msg_hdr.msg_iovlen = 1;
    messages[i].msg_hdr.msg_name = &names[i];
    messages[i].msg_hdr.msg_namelen = sizeof names[i];
  }
  // An error is that of an earlier datagram ("port unreachable"); reading it clears it.
  const int count = ::recvmmsg(fd, messages.data(), kBatch, 0, nullptr);
  for (size_t i = 0; count > 0 && i < static_cast<size_t>(count); ++i) {
    const auto from = PeerAddress::FromSocket(reinterpret_cast<const sockaddr*>(&names[i]),
                                              messages[i].msg_hdr.msg_namelen);
    ++traffic_.received;
    traffic_.received_bytes += messages[i].msg_len;
    if (from) on_packet(*from, {buffer_.data() + i * kSlot, messages[i].msg_len});
  }
}

}  // namespace commresolve::dht
