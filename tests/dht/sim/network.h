// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Network: many hosts in one process, with virtual time, latency, loss and partitions.

#ifndef COMMRESOLVE_TESTS_DHT_SIM_NETWORK_H_
#define COMMRESOLVE_TESTS_DHT_SIM_NETWORK_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <queue>
#include <random>
#include <span>
#include <vector>

#include "dht/node/engine.h"
#include "dht/node/wire_client.h"

namespace commresolve::sim {

using dht::PeerAddress;
using dht::SteadyTime;
using std::chrono::milliseconds;

struct Links {
  milliseconds shortest{5};  ///< One way; every pair of hosts has its own, always the same.
  milliseconds longest{60};
  double loss = 0;  ///< Of datagrams.
};

/// One thread. There is one at a time, because time is the process's.
class Network {
 public:
  using OnPacket = std::function<void(const PeerAddress& from, std::span<const uint8_t> packet)>;
  using OnTime = std::function<SteadyTime()>;

  Network(Links links, uint64_t seed);

  /// A host at `address`. `on_time` does what is due and returns when it wants to be called next;
  /// it may be empty.
  void Attach(const PeerAddress& address, OnPacket on_packet, OnTime on_time);
  /// It is gone without a word; what is on its way to it is lost.
  void Detach(const PeerAddress& address);
  void Send(const PeerAddress& from, const PeerAddress& to, std::span<const uint8_t> packet);
  /// `address` wants its `on_time` called at `when`, if not earlier.
  void WakeAt(const PeerAddress& address, SteadyTime when);

  /// Calls `act` at `when`.
  void At(SteadyTime when, std::function<void()> act);
  [[nodiscard]] SteadyTime now() const { return now_; }
  void RunFor(std::chrono::nanoseconds time);
  /// Runs until `done`, at most for `time`. Whether it was done.
  bool RunUntil(const std::function<bool()>& done, std::chrono::nanoseconds time);

  /// Only hosts of the same side reach each other. An empty function heals.
  void Partition(std::function<int(const PeerAddress&)> side) { side_ = std::move(side); }

  /// Shows every datagram that is sent.
  void Watch(OnPacket watcher) { watcher_ = std::move(watcher); }

  [[nodiscard]] std::mt19937_64& random() { return random_; }
  [[nodiscard]] uint64_t packets() const { return packets_; }
  [[nodiscard]] uint64_t bytes() const { return bytes_; }

 private:
  struct Host {
    OnPacket on_packet;
    OnTime on_time;
    SteadyTime wake = SteadyTime::max();
  };
  struct Event {
    SteadyTime when;
    uint64_t order;
    PeerAddress from;
    PeerAddress to;
    std::vector<uint8_t> packet;  // Empty: `to` wakes.
    std::function<void()> act;    // Or this.
    bool operator>(const Event& other) const {
      return when != other.when ? when > other.when : order > other.order;
    }
  };
  void Step();
  void Deliver(const Event& event);
  void Wake(const Event& event);
  [[nodiscard]] milliseconds Latency(const PeerAddress& a, const PeerAddress& b) const;

  Links links_;
  uint64_t seed_;
  std::mt19937_64 random_;
  SteadyTime now_;
  uint64_t order_ = 0;
  uint64_t packets_ = 0;
  uint64_t bytes_ = 0;
  std::map<PeerAddress, Host> hosts_;
  std::function<int(const PeerAddress&)> side_;
  OnPacket watcher_;
  std::priority_queue<Event, std::vector<Event>, std::greater<>> events_;
};

/// One of our engines on a host of the network; it leaves with a Detach().
class SimNode final : public dht::Transport {
 public:
  SimNode(Network& network, PeerAddress address, dht::EngineOptions options, const Clock& clock);
  ~SimNode() override;
  SimNode(const SimNode&) = delete;
  SimNode& operator=(const SimNode&) = delete;

  /// Call Act() after using it, or what it wants to send waits for its next packet.
  dht::Engine& engine() { return *engine_; }
  void Act() { network_.WakeAt(address_, network_.now()); }
  [[nodiscard]] const PeerAddress& address() const { return address_; }

 private:
  int Send(const PeerAddress& to, std::span<const uint8_t> packet) override;
  [[nodiscard]] PeerAddress Bound(bool v6) const override;

  Network& network_;
  PeerAddress address_;
  std::unique_ptr<dht::Engine> engine_;
};

/// A wire client on a host of the network.
class SimWire final : public dht::Transport {
 public:
  SimWire(Network& network, PeerAddress address, dht::WireClientOptions options,
          const Clock& clock);
  ~SimWire() override;
  SimWire(const SimWire&) = delete;
  SimWire& operator=(const SimWire&) = delete;

  /// Call Act() after using it.
  dht::WireClient& client() { return *client_; }
  void Act() { network_.WakeAt(address_, network_.now()); }

 private:
  int Send(const PeerAddress& to, std::span<const uint8_t> packet) override;
  [[nodiscard]] PeerAddress Bound(bool v6) const override;

  Network& network_;
  PeerAddress address_;
  std::unique_ptr<dht::WireClient> client_;
};

/// The `index`-th address, each in a /24 (or /48) of its own.
PeerAddress AddressNumber(size_t index, bool v6 = false);

}  // namespace commresolve::sim

#endif  // COMMRESOLVE_TESTS_DHT_SIM_NETWORK_H_
