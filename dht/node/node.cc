// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The thread around an engine, and the queue into it.

#include "dht/node/node.h"

#include <algorithm>
#include <utility>

#include "dht/node/state_file.h"

namespace commresolve::dht {
namespace {

constexpr std::chrono::minutes kSaveEvery{10};
constexpr std::chrono::seconds kHealthEvery{1};

SteadyTime Now() { return std::chrono::steady_clock::now(); }

Status Remember(const std::string& path, EngineOptions& engine) {
  if (path.empty()) return {};
  auto state = ReadState(path);
  if (!state) {
    if (state.error().code == Code::kNotFound) return {};
    return state.error();
  }
  engine.id = state->id;
  engine.peers = std::move(state->peers);
  return {};
}

}  // namespace

Node::Node(std::unique_ptr<UdpSocket> socket, std::string state_file)
    : socket_(std::move(socket)), state_file_(std::move(state_file)) {}

Node::~Node() { static_cast<void>(Stop()); }

Result<std::unique_ptr<Node>> Node::Start(NodeOptions options, const Clock& clock) {
  COMMRESOLVE_TRY(Remember(options.state_file, options.engine));
  COMMRESOLVE_ASSIGN(socket, UdpSocket::Open(options.bind4, options.bind6));
  std::unique_ptr<Node> node(new Node(std::move(socket), std::move(options.state_file)));
  node->wire_ = std::make_unique<WireClient>(
      WireClientOptions{options.engine.network, options.engine.rules, options.engine.peers},
      *node->socket_, clock, Now());
  COMMRESOLVE_ASSIGN(engine,
                     Engine::Create(std::move(options.engine), *node->socket_, clock, Now()));
  node->engine_ = std::move(engine);
  node->id_ = node->engine_->id();
  node->thread_ = std::thread([self = node.get()] { self->Run(); });
  return node;
}

Status Node::Stop() {
  {
    const std::lock_guard guard(lock_);
    stop_ = true;
  }
  if (!thread_.joinable()) return {};
  socket_->Wake();
  thread_.join();
  TakeOrders();  // That came while it ended.
  wire_->Cancel();
  return Save();
}

bool Node::Give(Order order) {
  {
    const std::lock_guard guard(lock_);
    if (stop_) return false;
    orders_.push_back(std::move(order));
  }
  socket_->Wake();
  return true;
}

void Node::Put(const DhtKey& key, uint16_t type, std::vector<uint8_t> payload,
               std::chrono::milliseconds patience, const PutDone& done) {
  const bool given = Give([=, this, payload = std::move(payload)](SteadyTime now) {
    if (!wire_->Put(key, type, payload, now + patience, done)) done({});
  });
  if (!given) done({});
}

void Node::Get(const DhtKey& key, std::chrono::milliseconds patience, const OnValue& on_value,
               const GetDone& done) {
  const bool given =
      Give([=, this](SteadyTime now) { wire_->Get(key, now + patience, on_value, done); });
  if (!given) done(GetEnd::kFailed);
}

void Node::Reach(std::vector<PeerAddress> addresses) {
  Give([this, addresses = std::move(addresses)](SteadyTime) { engine_->Reach(addresses); });
}

Health Node::health() const {
  const std::lock_guard guard(lock_);
  return health_;
}

void Node::Run() {
  SteadyTime save_due = Now() + kSaveEvery;
  while (TakeOrders()) {
    engine_->Step(Now());
    wire_->Step(Now());
    PublishHealth(Now());
    if (Now() >= save_due) {
      static_cast<void>(Save());  // Tried again; Stop() reports.
      save_due = Now() + kSaveEvery;
    }
    socket_->Wait(std::min({engine_->Next(), wire_->Next(), save_due, health_due_}),
                  [this](const PeerAddress& from, std::span<const uint8_t> packet) {
                    const bool is_answer = wire_->Receive(from, packet, Now());
                    if (!is_answer) engine_->Receive(from, packet, Now());
                  });
  }
}

/// False at the end.
bool Node::TakeOrders() {
  std::vector<Order> orders;
  bool go_on = true;
  {
    const std::lock_guard guard(lock_);
    orders.swap(orders_);
    go_on = !stop_;
  }
  for (const Order& order : orders) order(Now());
  return go_on;
}

void Node::PublishHealth(SteadyTime now) {
  if (now < health_due_) return;
  health_due_ = now + kHealthEvery;
  wire_->Learn(engine_->Peers());
  Health health = engine_->health();
  // The engine knows nothing of what the wire client sends.
  const UdpSocket::Traffic& traffic = socket_->traffic();
  health.received = traffic.received;
  health.received_bytes = traffic.received_bytes;
  health.sent = traffic.sent;
  health.sent_bytes = traffic.sent_bytes;
  const std::lock_guard guard(lock_);
  health_ = health;
}

Status Node::Save() {
  // Whoever knows nobody would overwrite those it knew.
  auto peers = engine_->Peers();
  if (state_file_.empty() || peers.empty()) return {};
  return WriteState(state_file_, {id_, std::move(peers)});
}

}  // namespace commresolve::dht
