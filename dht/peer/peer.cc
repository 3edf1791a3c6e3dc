// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The thread that steps the publisher.

#include "dht/peer/peer.h"

#include <utility>

#include "dht/peer/record_rules.h"

namespace commresolve::dht {
namespace {

constexpr std::chrono::seconds kStepEvery{3};
/// Each step that finds finished puts writes to the disk, so they are noted together.
constexpr std::chrono::milliseconds kGather{50};

}  // namespace

Peer::Peer(std::unique_ptr<Node> node, Signers signers, PublishQueue& queue, const Clock& clock)
    : node_(std::move(node)),
      putter_(*node_),
      getter_(*node_),
      signers_(std::move(signers)),
      queue_(queue),
      clock_(clock) {}

Peer::~Peer() { static_cast<void>(Stop()); }

Result<std::unique_ptr<Peer>> Peer::Start(PeerOptions options, PublishQueue& queue,
                                          const Clock& clock) {
  options.node.engine.rules = RecordRules();
  COMMRESOLVE_ASSIGN(node, Node::Start(std::move(options.node), clock));
  std::unique_ptr<Peer> peer(new Peer(std::move(node), std::move(options.signers), queue, clock));
  peer->new_options_ = options.publish;
  peer->thread_ = std::thread([self = peer.get()] { self->Run(); });
  return peer;
}

Status Peer::Stop() {
  {
    const std::lock_guard guard(lock_);
    stop_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
  return node_->Stop();
}

void Peer::Configure(const PublishOptions& publish) {
  {
    const std::lock_guard guard(lock_);
    new_options_ = publish;
  }
  Wake();
}

void Peer::Wake() {
  {
    const std::lock_guard guard(lock_);
    woken_ = true;
  }
  changed_.notify_all();
}

std::string Peer::problem() const {
  const std::lock_guard guard(lock_);
  return problem_;
}

void Peer::Run() {
  std::unique_ptr<Publisher> publisher;
  std::unique_lock guard(lock_);
  while (!stop_) {
    woken_ = false;
    if (const auto options = std::exchange(new_options_, std::nullopt)) {
      publisher =
          std::make_unique<Publisher>(*options, signers_, queue_, putter_, [this] { Wake(); });
    }
    guard.unlock();
    const Health health = node_->health();
    const Status stepped = publisher->Step(clock_.Now(), {health.connected, health.joins});
    guard.lock();
    problem_ = stepped.ok() ? publisher->counts().last_problem : stepped.error().message;
    changed_.wait_for(guard, kStepEvery, [this] { return stop_ || woken_; });
    changed_.wait_for(guard, kGather, [this] { return stop_; });
  }
}

}  // namespace commresolve::dht
