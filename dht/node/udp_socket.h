// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// UdpSocket: the transport of a real node.

#ifndef COMMRESOLVE_DHT_NODE_UDP_SOCKET_H_
#define COMMRESOLVE_DHT_NODE_UDP_SOCKET_H_

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "dht/node/transport.h"
#include "resolver/base/unique_fd.h"

namespace commresolve::dht {

/// One socket for IPv4 and one for IPv6, either of which may be missing. Used by one thread, but
/// for Wake().
class UdpSocket final : public Transport {
 public:
  using Time = std::chrono::steady_clock::time_point;
  /// `packet` is valid during the call. One that was longer than kMaxPacket is cut off one byte
  /// after.
  using OnPacket = std::function<void(const PeerAddress& from, std::span<const uint8_t> packet)>;

  /// Binds to the addresses that are given, at least one; port 0 takes any that is free.
  /// kInvalidArgument if none is given or a family is wrong, kUnavailable if the system refuses.
  static Result<std::unique_ptr<UdpSocket>> Open(const std::optional<PeerAddress>& v4,
                                                 const std::optional<PeerAddress>& v6);

  /// Since it was opened. Datagrams that the system refused to send do not count.
  struct Traffic {
    uint64_t received = 0;
    uint64_t received_bytes = 0;
    uint64_t sent = 0;
    uint64_t sent_bytes = 0;
  };
  [[nodiscard]] const Traffic& traffic() const { return traffic_; }

  int Send(const PeerAddress& to, std::span<const uint8_t> packet) override;
  [[nodiscard]] PeerAddress Bound(bool v6) const override;

  /// Waits until something arrives, Wake() is called, or `until`, and hands over at most 64
  /// datagrams of each family.
  void Wait(Time until, const OnPacket& on_packet);
  /// Ends the Wait() that is going on, or the next. For any thread.
  void Wake() const;

 private:
  UdpSocket() = default;
  Status Bind(const PeerAddress& address);
  void Drain(int fd, const OnPacket& on_packet);

  UniqueFd v4_;
  UniqueFd v6_;
  UniqueFd wake_;
  PeerAddress bound4_;
  PeerAddress bound6_;
  std::vector<uint8_t> buffer_;
  Traffic traffic_;
};

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_NODE_UDP_SOCKET_H_
