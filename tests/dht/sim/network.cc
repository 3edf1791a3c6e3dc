// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// An event queue and the hosts that it wakes.

#include "tests/dht/sim/network.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>

#include "tests/dht/sim/virtual_clock.h"

namespace commresolve::sim {
namespace {

// A host that always wants to be called now would stop the time.
constexpr std::chrono::microseconds kSoonest{100};

size_t HashOf(const PeerAddress& address) {
  return std::hash<std::string_view>{}(address.ip.bytes()) * 31 + address.port;
}

}  // namespace

Network::Network(Links links, uint64_t seed)
    : links_(links), seed_(seed), random_(seed), now_(std::chrono::steady_clock::now()) {}

void Network::Attach(const PeerAddress& address, OnPacket on_packet, OnTime on_time) {
  hosts_[address] = {std::move(on_packet), std::move(on_time)};
  if (hosts_[address].on_time) WakeAt(address, now_);
}

void Network::Detach(const PeerAddress& address) { hosts_.erase(address); }

void Network::Send(const PeerAddress& from, const PeerAddress& to,
                   std::span<const uint8_t> packet) {
  ++packets_;
  bytes_ += packet.size();
  if (watcher_) watcher_(from, packet);
  if (side_ && side_(from) != side_(to)) return;
  if (links_.loss > 0 && std::uniform_real_distribution<>()(random_) < links_.loss) return;
  events_.push({.when = now_ + Latency(from, to),
                .order = ++order_,
                .from = from,
                .to = to,
                .packet = {packet.begin(), packet.end()},
                .act = {}});
}

void Network::WakeAt(const PeerAddress& address, SteadyTime when) {
  const auto host = hosts_.find(address);
  if (host == hosts_.end() || host->second.wake <= when) return;
  host->second.wake = when;
  events_.push(
      {.when = when, .order = ++order_, .from = {}, .to = address, .packet = {}, .act = {}});
}

void Network::At(SteadyTime when, std::function<void()> act) {
  events_.push(
      {.when = when, .order = ++order_, .from = {}, .to = {}, .packet = {}, .act = std::move(act)});
}

void Network::RunFor(std::chrono::nanoseconds time) {
  RunUntil([] { return false; }, time);
}

bool Network::RunUntil(const std::function<bool()>& done, std::chrono::nanoseconds time) {
  const SteadyTime end = now_ + time;
  while (!done()) {
    if (events_.empty() || events_.top().when > end) {
      now_ = end;
      SetTime(now_);
      return done();
    }
    Step();
  }
  return true;
}

void Network::Step() {
  const Event event = events_.top();
  events_.pop();
  now_ = std::max(now_, event.when);
  SetTime(now_);
  if (event.act) {
    event.act();
  } else if (event.packet.empty()) {
    Wake(event);
  } else {
    Deliver(event);
  }
}

void Network::Deliver(const Event& event) {
  const auto host = hosts_.find(event.to);
  if (host == hosts_.end()) return;
  host->second.on_packet(event.from, event.packet);
}

void Network::Wake(const Event& event) {
  const auto host = hosts_.find(event.to);
  // Of several wishes the earliest counted.
  if (host == hosts_.end() || host->second.wake != event.when) return;
  host->second.wake = SteadyTime::max();
  const SteadyTime next = host->second.on_time();
  WakeAt(event.to, std::max(next, now_ + kSoonest));
}

milliseconds Network::Latency(const PeerAddress& a, const PeerAddress& b) const {
  const size_t sum = HashOf(a) + HashOf(b);  // The same both ways.
  std::minstd_rand link(static_cast<uint32_t>((sum ^ seed_) * 2654435761U));
  link.discard(2);
  return milliseconds(std::uniform_int_distribution<milliseconds::rep>(
      links_.shortest.count(), links_.longest.count())(link));
}

SimNode::SimNode(Network& network, PeerAddress address, dht::EngineOptions options,
                 const Clock& clock)
    : network_(network), address_(std::move(address)) {
  auto engine = dht::Engine::Create(std::move(options), *this, clock, network.now());
  if (!engine) {
    std::fprintf(stderr, "%s\n", engine.error().message.c_str());
    std::abort();
  }
  engine_ = std::move(*engine);
  network.Attach(
      address_,
      [this](const PeerAddress& from, std::span<const uint8_t> packet) {
        engine_->Receive(from, packet, network_.now());
        network_.WakeAt(address_, engine_->Next());
      },
      [this] {
        engine_->Step(network_.now());
        return engine_->Next();
      });
}

SimNode::~SimNode() { network_.Detach(address_); }

int SimNode::Send(const PeerAddress& to, std::span<const uint8_t> packet) {
  if (to.ip.is_v6() != address_.ip.is_v6()) return EAFNOSUPPORT;
  network_.Send(address_, to, packet);
  return 0;
}

PeerAddress SimNode::Bound(bool v6) const {
  return v6 == address_.ip.is_v6() ? address_ : PeerAddress{};
}

SimWire::SimWire(Network& network, PeerAddress address, dht::WireClientOptions options,
                 const Clock& clock)
    : network_(network), address_(std::move(address)) {
  client_ = std::make_unique<dht::WireClient>(std::move(options), *this, clock, network.now());
  network.Attach(
      address_,
      [this](const PeerAddress& from, std::span<const uint8_t> packet) {
        client_->Receive(from, packet, network_.now());
        network_.WakeAt(address_, client_->Next());
      },
      [this] {
        client_->Step(network_.now());
        return client_->Next();
      });
}

SimWire::~SimWire() { network_.Detach(address_); }

int SimWire::Send(const PeerAddress& to, std::span<const uint8_t> packet) {
  network_.Send(address_, to, packet);
  return 0;
}

PeerAddress SimWire::Bound(bool v6) const {
  return v6 == address_.ip.is_v6() ? address_ : PeerAddress{};
}

PeerAddress AddressNumber(size_t index, bool v6) {
  const std::string high = std::to_string(index / 256 % 256);
  const std::string low = std::to_string(index % 256);
  if (!v6) {
    const std::string net = std::to_string(11 + index / 65536);
    return {*IpAddress::Parse(net + "." + high + "." + low + ".1"), 4222};
  }
  std::array<char, 64> text{};
  const int size =
      std::snprintf(text.data(), text.size(), "2600:%zx:%zx::1", index / 65536 + 1, index % 65536);
  return {*IpAddress::Parse({text.data(), static_cast<size_t>(size)}), 4222};
}

}  // namespace commresolve::sim
