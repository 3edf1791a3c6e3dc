// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// An operation advances whenever something that it waits for is answered or given up. It looks at
// who is closest then, so nodes that die or turn up on the way change its course and never stop it.

#include "dht/node/wire_client.h"

#include <algorithm>
#include <random>
#include <utility>

namespace commresolve::dht {
namespace {

using Kind = WireRequest::Kind;

constexpr size_t kReplicas = 8;
constexpr size_t kMostValues = 1024;
constexpr std::chrono::minutes kFresh{10};
constexpr std::chrono::seconds kSweepEvery{10};
constexpr uint64_t kWrongToken = 401;

DhtKey RandomKey() {
  std::random_device device;
  DhtKey key;
  std::ranges::generate(key, [&] { return static_cast<uint8_t>(device()); });
  return key;
}

}  // namespace

WireClient::WireClient(WireClientOptions options, Transport& transport, const Clock& clock,
                       SteadyTime now)
    : rules_(std::move(options.rules)),
      network_(options.network),
      clock_(clock),
      firewall_(options.network, TypesOf(rules_)),
      now_(now),
      id_(RandomKey()),
      peers_(id_, transport),
      requests_(transport) {
  peers_.Add(options.peers, now_);
}

bool WireClient::Receive(const PeerAddress& from, std::span<const uint8_t> packet, SteadyTime now) {
  now_ = std::max(now, now_);
  const PacketFacts facts = firewall_.Check(packet);
  if (facts.drop != Drop::kNone || facts.request) return false;
  const auto answer = ReadAnswer(packet);
  if (!answer) return false;
  const auto request = requests_.Answered(*answer, from);
  if (!request) return false;
  Handle(*request, *answer);
  return true;
}

void WireClient::Step(SteadyTime now) {
  now_ = std::max(now, now_);
  requests_.Step(now_, [this](const WireRequest& request) { GiveUp(request); });
  if (now_ >= sweep_due_) {
    sweep_due_ = now_ + kSweepEvery;
    peers_.Sweep(now_);
  }
  while (!deadlines_.empty() && deadlines_.begin()->first <= now_) {
    const auto due = deadlines_.extract(deadlines_.begin());
    End(due.mapped(), GetEnd::kDeadline);
  }
}

SteadyTime WireClient::Next() const {
  const auto deadline = deadlines_.empty() ? SteadyTime::max() : deadlines_.begin()->first;
  return std::min(requests_.Next(), deadline);
}

void WireClient::Learn(std::span<const KnownPeer> peers) {
  peers_.Add(peers, now_);
  for (const Shared& operation : std::exchange(alone_, {})) Advance(operation);
}

void WireClient::Cancel() {
  while (!operations_.empty()) End(Shared(*operations_.begin()), GetEnd::kFailed);
}

void WireClient::Begin(const Shared& operation, SteadyTime deadline) {
  operations_.insert(operation);
  operation->deadline = deadlines_.emplace(deadline, operation);
  Advance(operation);
}

Status WireClient::Put(const DhtKey& key, uint16_t type, std::span<const uint8_t> payload,
                       SteadyTime deadline, PutDone done) {
  const uint64_t value_id = ValueId(payload);
  COMMRESOLVE_TRY(CheckValue(rules_, key, type, value_id, payload, clock_.Now()));
  const auto operation = std::make_shared<WireOperation>();
  operation->key = key;
  operation->type = type;
  operation->value_id = value_id;
  operation->payload.assign(payload.begin(), payload.end());
  operation->put_done = std::move(done);
  Begin(operation, deadline);
  return {};
}

void WireClient::Get(const DhtKey& key, SteadyTime deadline, OnValue on_value, GetDone done) {
  const auto operation = std::make_shared<WireOperation>();
  operation->key = key;
  operation->on_value = std::move(on_value);
  operation->get_done = std::move(done);
  Begin(operation, deadline);
}

RequestHead WireClient::Head() { return {network_, id_, ++number_}; }

void WireClient::Ask(WireRequest request) {
  request.address = peers_[request.peer].address;
  if (request.operation != nullptr) ++request.operation->open;
  requests_.Send(number_, std::move(request), now_);
}

void WireClient::GiveUp(const WireRequest& request) {
  WirePeer& peer = peers_.Asked(request.peer, request.address);
  peer.Bury(now_);
  peer.Forget();
  if (request.operation == nullptr) return Resume(peer, request.value_id);
  --request.operation->open;
  if (request.kind == Kind::kValue) request.operation->settled.erase(request.value_id);
  Advance(request.operation);
}

void WireClient::Resume(WirePeer& peer, size_t distance) {
  const auto waiting = peer.waiting.extract(distance);
  if (waiting.empty()) return;
  for (const Shared& operation : waiting.mapped()) Advance(operation);
}

void WireClient::Handle(const WireRequest& request, const Answer& answer) {
  if (request.operation != nullptr) --request.operation->open;
  switch (request.kind) {
    case Kind::kFind:
      return HandleFind(request, answer);
    case Kind::kPut:
      return HandlePut(request, answer);
    case Kind::kIds:
      return HandleIds(request, answer);
    case Kind::kValue:
      return HandleValue(request, answer);
  }
}

void WireClient::HandleFind(const WireRequest& request, const Answer& answer) {
  WirePeer& peer = peers_.Asked(request.peer, request.address);
  if (answer.error || !answer.token) {
    peer.Bury(now_);
  } else {
    peer.token = *answer.token;
    peer.token_until = now_ + kFresh;
    peer.told_until[request.value_id] = now_ + kFresh;
    peers_.Add(answer.peers, now_);
  }
  Resume(peer, request.value_id);
}

void WireClient::HandlePut(const WireRequest& request, const Answer& answer) {
  const Shared& operation = request.operation;
  if (!answer.error) {
    operation->confirmed.insert(request.peer);
  } else {
    WirePeer& peer = peers_.Asked(request.peer, request.address);
    // A token that holds no longer is asked for anew; who refuses twice is left out.
    const bool again =
        answer.error == kWrongToken && operation->refused.insert(request.peer).second;
    peer.Forget();
    if (!again) peer.Bury(now_);
    operation->asked.erase(request.peer);
  }
  Advance(operation);
}

void WireClient::HandleIds(const WireRequest& request, const Answer& answer) {
  auto& holders = request.operation->holders;
  for (const uint64_t id : answer.value_ids) {
    if (id != 0 && (holders.size() < kMostValues || holders.contains(id))) {
      holders[id].push_back(request.peer);
    }
  }
  Advance(request.operation);
}

void WireClient::HandleValue(const WireRequest& request, const Answer& answer) {
  const Shared& operation = request.operation;
  bool found = false;
  for (const AnsweredValue& value : answer.values) {
    if (value.id != request.value_id || operation->over) continue;
    if (!CheckValue(rules_, operation->key, value.type, value.id, value.payload, clock_.Now())) {
      continue;
    }
    found = true;
    if (!operation->on_value({value.type, value.id, value.payload})) {
      End(operation, GetEnd::kStopped);
    }
    break;
  }
  if (!found) operation->settled.erase(request.value_id);  // Another holder may be honest.
  Advance(operation);
}

/// True if all of `closest` have said lately whom they know near the key; otherwise they are asked.
bool WireClient::Explore(const Shared& operation, const std::vector<DhtKey>& closest) {
  constexpr size_t kMostFinds = 200;
  bool explored = true;
  for (const DhtKey& id : closest) {
    WirePeer& peer = peers_[id];
    const size_t distance = WireDistance(id, operation->key);
    if (peer.token_until > now_ && peer.told_until[distance] > now_) continue;
    const bool under_way = peer.waiting.contains(distance);
    if (operation->finds >= kMostFinds && !under_way) continue;
    explored = false;
    peer.waiting[distance].insert(operation);
    if (under_way) continue;
    ++operation->finds;
    Ask({.kind = Kind::kFind,
         .peer = id,
         .address = {},
         .packet = FindRequest(Head(), operation->key),
         .operation = nullptr,
         .value_id = distance});
  }
  return explored;
}

void WireClient::Advance(const Shared& operation) {
  if (operation->over) return;
  const std::vector<DhtKey> closest = peers_.Closest(operation->key, kReplicas);
  if (closest.empty() && operation->open == 0) {
    alone_.insert(operation);
    return;
  }
  if (!Explore(operation, closest)) return;
  if (operation->get_done) {
    AdvanceGet(operation, closest);
  } else {
    AdvancePut(operation, closest);
  }
}

void WireClient::AdvancePut(const Shared& operation, const std::vector<DhtKey>& closest) {
  for (const DhtKey& id : closest) {
    if (!operation->asked.insert(id).second) continue;
    Ask({.kind = Kind::kPut,
         .peer = id,
         .address = {},
         .packet = PutRequest(Head(), operation->key, operation->value_id, operation->type,
                              operation->payload, peers_[id].token),
         .operation = operation,
         .value_id = operation->value_id});
  }
  if (operation->open == 0) End(operation, GetEnd::kComplete);
}

void WireClient::AdvanceGet(const Shared& operation, const std::vector<DhtKey>& closest) {
  for (const DhtKey& id : closest) {
    if (!operation->asked.insert(id).second) continue;
    Ask({.kind = Kind::kIds,
         .peer = id,
         .address = {},
         .packet = IdsRequest(Head(), operation->key),
         .operation = operation,
         .value_id = 0});
  }
  for (auto& [id, holders] : operation->holders) {
    if (holders.empty() || !operation->settled.insert(id).second) continue;
    const DhtKey holder = holders.back();
    holders.pop_back();
    Ask({.kind = Kind::kValue,
         .peer = holder,
         .address = {},
         .packet = ValueRequest(Head(), operation->key, id),
         .operation = operation,
         .value_id = id});
  }
  if (operation->open == 0) End(operation, GetEnd::kComplete);
}

void WireClient::End(const Shared& operation, GetEnd end) {
  if (std::exchange(operation->over, true)) return;
  operations_.erase(operation);
  alone_.erase(operation);
  if (end != GetEnd::kDeadline) deadlines_.erase(operation->deadline);
  if (operation->get_done) {
    operation->get_done(end);
  } else {
    const size_t replicas = operation->confirmed.size();
    operation->put_done({end == GetEnd::kComplete && replicas > 0, replicas});
  }
}

}  // namespace commresolve::dht
