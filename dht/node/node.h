// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Node: an engine and a wire client with real sockets, real time, a thread, and a memory over
// restarts.
//
// The engine makes it a part of the network; what the node itself puts and gets goes through the
// wire client, so it may be ten thousands of keys. Both share the sockets.

#ifndef COMMRESOLVE_DHT_NODE_NODE_H_
#define COMMRESOLVE_DHT_NODE_NODE_H_

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "dht/node/engine.h"
#include "dht/node/udp_socket.h"
#include "dht/node/wire_client.h"

namespace commresolve::dht {

struct NodeOptions {
  /// `id` and `peers` are taken from the state file if there is one. Names of seeds are resolved by
  /// whoever fills this in.
  EngineOptions engine;
  /// Where to receive: at least one. Port 0 takes any that is free.
  std::optional<PeerAddress> bind4;
  std::optional<PeerAddress> bind6;
  /// Written every ten minutes and at the end; empty for no memory.
  std::string state_file;
};

/// Safe for concurrent use, but Start() and Stop(). Callbacks come on the node's own thread: they
/// must not wait, and may call everything here but Stop().
class Node {
 public:
  /// `clock` is borrowed. As Engine::Create(), UdpSocket::Open() and ReadState() (a missing file is
  /// fine).
  static Result<std::unique_ptr<Node>> Start(NodeOptions options, const Clock& clock);
  /// As Stop().
  ~Node();

  /// Calls back everything that is under way as unconfirmed and kFailed, writes the state file, and
  /// ends the thread. kUnavailable if the file could not be written. Everything afterwards is
  /// called back likewise, at once. The second time it does nothing.
  Status Stop();

  /// As WireClient::Put(), at most for `patience`. A payload that its own rule refuses is
  /// unconfirmed.
  void Put(const DhtKey& key, uint16_t type, std::vector<uint8_t> payload,
           std::chrono::milliseconds patience, const PutDone& done);
  /// As WireClient::Get(), at most for `patience`.
  void Get(const DhtKey& key, std::chrono::milliseconds patience, const OnValue& on_value,
           const GetDone& done);
  /// As Engine::Reach().
  void Reach(std::vector<PeerAddress> addresses);

  [[nodiscard]] DhtKey id() const { return id_; }
  /// Our own address of a family; port 0 if there is none.
  [[nodiscard]] PeerAddress Bound(bool v6) const { return socket_->Bound(v6); }
  /// At most a second old. The traffic is that of the sockets.
  [[nodiscard]] Health health() const;

 private:
  using Order = std::function<void(SteadyTime now)>;

  Node(std::unique_ptr<UdpSocket> socket, std::string state_file);
  bool Give(Order order);
  void Run();
  bool TakeOrders();
  void PublishHealth(SteadyTime now);
  Status Save();

  std::unique_ptr<UdpSocket> socket_;
  std::unique_ptr<Engine> engine_;  // These two are the thread's own, once it runs.
  std::unique_ptr<WireClient> wire_;
  std::string state_file_;
  DhtKey id_{};
  SteadyTime health_due_{};
  mutable std::mutex lock_;  // Guards what follows.
  bool stop_ = false;
  std::vector<Order> orders_;
  Health health_;
  std::thread thread_;
};

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_NODE_NODE_H_
