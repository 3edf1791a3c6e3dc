// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// An operation advances whenever something that it waits for is answered or given up. It looks at
// who is closest then, so nodes that die or turn up on the way change its course and never stop it.

#include "dht/node/wire_client.h"

#include <algorithm>
#include <array>
#include <bit>
#include <random>
#include <utility>

namespace commresolve::dht {
namespace {

constexpr size_t kReplicas = 8;
constexpr size_t kMostValues = 1024;
constexpr size_t kMostPeers = 65536;
constexpr std::chrono::minutes kFresh{10};
constexpr std::chrono::minutes kDead{10};
constexpr std::chrono::seconds kSweepEvery{10};
constexpr uint64_t kWrongToken = 401;
constexpr std::array<std::chrono::milliseconds, 3> kPatience = {std::chrono::milliseconds(500),
                                                                std::chrono::milliseconds(1000),
                                                                std::chrono::milliseconds(2000)};

/// How many first bits are the same, at most `most`.
size_t SharedBits(const DhtKey& a, const DhtKey& b, size_t most) {
  for (size_t i = 0; i < a.size(); ++i) {
    const auto different = static_cast<uint8_t>(a[i] ^ b[i]);
    if (different == 0) continue;
    return std::min(most, 8 * i + static_cast<size_t>(std::countl_zero(different)));
  }
  return most;
}

std::vector<uint16_t> TypesOf(const std::vector<ValueRule>& rules) {
  std::vector<uint16_t> types;
  types.reserve(rules.size());
  for (const ValueRule& rule : rules) types.push_back(rule.type);
  return types;
}

DhtKey RandomKey() {
  std::random_device device;
  DhtKey key;
  std::ranges::generate(key, [&] { return static_cast<uint8_t>(device()); });
  return key;
}

}  // namespace

struct WireClient::Operation {
  DhtKey key{};
  std::multimap<SteadyTime, Shared>::iterator deadline;
  bool over = false;
  size_t finds = 0;  // Nodes that were asked on its way, to end against those who invent nodes.
  // A put.
  uint16_t type = 0;
  uint64_t value_id = 0;
  std::vector<uint8_t> payload;
  PutDone put_done;
  // Whom it has asked for what it is about: to store, or for ids.
  std::set<DhtKey> asked;
  std::set<DhtKey> confirmed;
  std::set<DhtKey> refused;
  size_t open = 0;  // Requests without an answer yet.
  // A get.
  OnValue on_value;
  GetDone get_done;
  std::map<uint64_t, std::vector<DhtKey>> holders;  // Who has not been asked for it yet.
  std::set<uint64_t> settled;                       // Asked for, or found.
};

WireClient::WireClient(WireClientOptions options, Transport& transport, const Clock& clock,
                       SteadyTime now)
    : rules_(std::move(options.rules)),
      network_(options.network),
      transport_(transport),
      clock_(clock),
      firewall_(options.network, TypesOf(rules_)),
      now_(now),
      id_(RandomKey()) {
  AddPeers(options.peers);
}

bool WireClient::Receive(const PeerAddress& from, std::span<const uint8_t> packet, SteadyTime now) {
  now_ = std::max(now, now_);
  const PacketFacts facts = firewall_.Check(packet);
  if (facts.drop != Drop::kNone || facts.request) return false;
  const auto answer = ReadAnswer(packet);
  if (!answer) return false;
  const auto found = asked_.find(answer->number);
  // Only whoever was asked may answer.
  if (found == asked_.end() || found->second.address != from ||
      (!answer->error && answer->sender != found->second.peer)) {
    return false;
  }
  const Asked asked = std::move(found->second);
  asked_.erase(found);
  Handle(asked, *answer);
  return true;
}

void WireClient::Step(SteadyTime now) {
  now_ = std::max(now, now_);
  while (!timeouts_.empty() && timeouts_.begin()->first <= now_) {
    const uint32_t number = timeouts_.begin()->second;
    timeouts_.erase(timeouts_.begin());
    if (asked_.contains(number)) SendAgain(number);
  }
  if (now_ >= sweep_due_) Sweep();
  while (!deadlines_.empty() && deadlines_.begin()->first <= now_) {
    const auto due = deadlines_.extract(deadlines_.begin());
    End(due.mapped(), GetEnd::kDeadline);
  }
}

/// Whoever is not spoken of any more is forgotten, or every key would meet all the dead of its
/// region.
void WireClient::Sweep() {
  sweep_due_ = now_ + kSweepEvery;
  std::erase_if(peers_, [&](const auto& entry) {
    const Peer& peer = entry.second;
    return peer.dead_until != SteadyTime{} && peer.dead_until <= now_ && peer.waiting.empty();
  });
}

SteadyTime WireClient::Next() const {
  const auto first = [](const auto& timers) {
    return timers.empty() ? SteadyTime::max() : timers.begin()->first;
  };
  return std::min(first(timeouts_), first(deadlines_));
}

void WireClient::Learn(std::span<const KnownPeer> peers) {
  AddPeers(peers);
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
  COMMRESOLVE_TRY(Check(key, type, value_id, payload));
  const auto operation = std::make_shared<Operation>();
  operation->key = key;
  operation->type = type;
  operation->value_id = value_id;
  operation->payload.assign(payload.begin(), payload.end());
  operation->put_done = std::move(done);
  Begin(operation, deadline);
  return {};
}

void WireClient::Get(const DhtKey& key, SteadyTime deadline, OnValue on_value, GetDone done) {
  const auto operation = std::make_shared<Operation>();
  operation->key = key;
  operation->on_value = std::move(on_value);
  operation->get_done = std::move(done);
  Begin(operation, deadline);
}

std::vector<DhtKey> WireClient::Closest(const DhtKey& key, size_t count) const {
  using Place = std::pair<DhtKey, const DhtKey*>;  // Distance first.
  std::vector<Place> places;
  places.reserve(peers_.size());
  for (const auto& [id, peer] : peers_) {
    if (peer.dead_until != SteadyTime{}) continue;
    Place place{{}, &id};
    for (size_t i = 0; i < id.size(); ++i) place.first[i] = id[i] ^ key[i];
    places.push_back(place);
  }
  const size_t most = std::min(count, places.size());
  std::ranges::partial_sort(places, places.begin() + static_cast<ptrdiff_t>(most), {},
                            &Place::first);
  std::vector<DhtKey> closest;
  closest.reserve(most);
  for (size_t i = 0; i < most; ++i) closest.push_back(*places[i].second);
  return closest;
}

void WireClient::AddPeers(std::span<const KnownPeer> peers) {
  for (const KnownPeer& peer : peers) {
    const bool reachable = transport_.Bound(peer.address.ip.is_v6()).port != 0;
    if (!reachable || peers_.size() >= kMostPeers || peer.id == DhtKey{} || peer.id == id_)
      continue;
    Peer& known = peers_[peer.id];
    if (known.dead_until > now_) continue;
    known.dead_until = {};  // Somebody has met it again.
    // Who says where somebody lives may lie; whom we have reached there is not moved by it.
    if (known.token_until <= now_ && known.waiting.empty()) known.address = peer.address;
  }
}

RequestHead WireClient::Head() { return {network_, id_, ++number_}; }

WireClient::Peer& WireClient::PeerOf(const Asked& asked) {
  const auto [place, forgotten] = peers_.try_emplace(asked.peer);
  if (forgotten) place->second.address = asked.address;
  return place->second;
}

void WireClient::Ask(Asked asked) {
  asked.address = peers_[asked.peer].address;
  if (asked.operation != nullptr) ++asked.operation->open;
  const uint32_t number = number_;
  asked_[number] = std::move(asked);
  SendAgain(number);
}

void WireClient::SendAgain(uint32_t number) {
  Asked& asked = asked_[number];
  if (static_cast<size_t>(asked.tries) == kPatience.size()) {
    const Asked lost = std::move(asked);
    asked_.erase(number);
    GiveUp(lost);
    return;
  }
  static_cast<void>(transport_.Send(asked.address, asked.packet));  // Lost packets are sent again.
  timeouts_.emplace(now_ + kPatience[static_cast<size_t>(asked.tries++)], number);
}

void WireClient::GiveUp(const Asked& asked) {
  Peer& peer = PeerOf(asked);
  peer.dead_until = now_ + kDead;
  peer.token_until = {};
  peer.told_until = {};
  if (asked.operation == nullptr) return Resume(peer, asked.value_id);
  --asked.operation->open;
  if (asked.kind == Kind::kValue) asked.operation->settled.erase(asked.value_id);
  Advance(asked.operation);
}

void WireClient::Resume(Peer& peer, size_t distance) {
  const auto waiting = peer.waiting.extract(distance);
  if (waiting.empty()) return;
  for (const Shared& operation : waiting.mapped()) Advance(operation);
}

void WireClient::Handle(const Asked& asked, const Answer& answer) {
  if (asked.operation != nullptr) --asked.operation->open;
  switch (asked.kind) {
    case Kind::kFind:
      return HandleFind(asked, answer);
    case Kind::kPut:
      return HandlePut(asked, answer);
    case Kind::kIds:
      return HandleIds(asked, answer);
    case Kind::kValue:
      return HandleValue(asked, answer);
  }
}

void WireClient::HandleFind(const Asked& asked, const Answer& answer) {
  Peer& peer = PeerOf(asked);
  if (answer.error || !answer.token) {
    peer.dead_until = now_ + kDead;
  } else {
    peer.token = *answer.token;
    peer.token_until = now_ + kFresh;
    peer.told_until[asked.value_id] = now_ + kFresh;
    AddPeers(answer.peers);
  }
  Resume(peer, asked.value_id);
}

void WireClient::HandlePut(const Asked& asked, const Answer& answer) {
  const Shared& operation = asked.operation;
  if (!answer.error) {
    operation->confirmed.insert(asked.peer);
  } else {
    Peer& peer = PeerOf(asked);
    // A token that holds no longer is asked for anew; who refuses twice is left out.
    const bool again = answer.error == kWrongToken && operation->refused.insert(asked.peer).second;
    peer.token_until = {};
    peer.told_until = {};
    if (!again) peer.dead_until = now_ + kDead;
    operation->asked.erase(asked.peer);
  }
  Advance(operation);
}

void WireClient::HandleIds(const Asked& asked, const Answer& answer) {
  auto& holders = asked.operation->holders;
  for (const uint64_t id : answer.value_ids) {
    if (id != 0 && (holders.size() < kMostValues || holders.contains(id))) {
      holders[id].push_back(asked.peer);
    }
  }
  Advance(asked.operation);
}

void WireClient::HandleValue(const Asked& asked, const Answer& answer) {
  const Shared& operation = asked.operation;
  bool found = false;
  for (const AnsweredValue& value : answer.values) {
    if (value.id != asked.value_id || operation->over) continue;
    if (!Check(operation->key, value.type, value.id, value.payload)) continue;
    found = true;
    if (!operation->on_value({value.type, value.id, value.payload})) {
      End(operation, GetEnd::kStopped);
    }
    break;
  }
  if (!found) operation->settled.erase(asked.value_id);  // Another holder may be honest.
  Advance(operation);
}

/// True if all of `closest` have said lately whom they know near the key; otherwise they are asked.
bool WireClient::Explore(const Shared& operation, const std::vector<DhtKey>& closest) {
  constexpr size_t kMostFinds = 200;
  bool explored = true;
  for (const DhtKey& id : closest) {
    Peer& peer = peers_[id];
    const size_t distance = SharedBits(id, operation->key, kDistances - 1);
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
         .value_id = distance,
         .tries = 0});
  }
  return explored;
}

void WireClient::Advance(const Shared& operation) {
  if (operation->over) return;
  const std::vector<DhtKey> closest = Closest(operation->key, kReplicas);
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
         .value_id = operation->value_id,
         .tries = 0});
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
         .value_id = 0,
         .tries = 0});
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
         .value_id = id,
         .tries = 0});
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

Status WireClient::Check(const DhtKey& key, uint16_t type, uint64_t value_id,
                         std::span<const uint8_t> payload) const {
  const auto rule = std::ranges::find(rules_, type, &ValueRule::type);
  if (rule == rules_.end() || payload.empty() || payload.size() > kMaxRecordBytes) {
    return Error{Code::kInvalidArgument, "not a value of this network"};
  }
  return rule->check(key, value_id, payload, clock_.Now());
}

}  // namespace commresolve::dht
