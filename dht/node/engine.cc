// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What stands around OpenDHT, in the order in which a datagram meets it.

#include "dht/node/engine.h"

#include <algorithm>
#include <random>
#include <set>
#include <utility>

#include "dht/node/gate.h"
#include "dht/node/join_plan.h"
#include "dht/node/network_size.h"
#include "dht/node/open_dht.h"
#include "dht/node/operations.h"

namespace commresolve::dht {
namespace {

constexpr std::chrono::minutes kZombieAfter{5};
constexpr std::chrono::milliseconds kStatusEvery{250};
constexpr std::chrono::seconds kLookupTime{10};

std::vector<PeerAddress> AddressesOf(const std::vector<KnownPeer>& peers) {
  std::vector<PeerAddress> addresses;
  addresses.reserve(peers.size());
  for (const KnownPeer& peer : peers) addresses.push_back(peer.address);
  return addresses;
}

uint64_t RandomNumber() {
  std::random_device device;
  return uint64_t{device()} << 32 | device();
}

DhtKey RandomPlace() {
  std::random_device device;
  DhtKey key;
  std::ranges::generate(key, [&] { return static_cast<uint8_t>(device()); });
  return key;
}

/// Who they are: how many networks, and how many they speak for.
void Describe(const DhtKey& ours, const std::vector<KnownPeer>& peers, Health* health) {
  std::set<uint64_t> networks;
  std::vector<DhtKey> ids;
  ids.reserve(peers.size());
  for (const KnownPeer& peer : peers) {
    networks.insert(NetworkOf(peer.address.ip));
    ids.push_back(peer.id);
  }
  std::ranges::sort(ids);
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  health->networks = networks.size();
  health->estimated_size = EstimateNetworkSize(ours, ids);
}

}  // namespace

class Engine::Impl {
 public:
  Impl(EngineOptions options, const Clock& clock, SteadyTime now)
      : now_(now),
        last_received_(now),
        clock_(clock),
        rules_(std::move(options.rules)),
        gate_(options.network, TypesOf(rules_), options.requests_per_second, options.request_burst),
        admission_(options.admission),
        join_(std::move(options.seeds), AddressesOf(options.peers), RandomNumber(), now) {}

  Status Start(const OpenDhtOptions& options, Transport& transport) {
    const auto store = [this](const DhtKey& key, const AnsweredValue& value,
                              const PeerAddress& from) { return Admit(key, value, from); };
    COMMRESOLVE_ASSIGN(dht, OpenDht::Create(options, rules_, store, transport, now_));
    dht_ = std::move(dht);
    return {};
  }

  void Receive(const PeerAddress& from, std::span<const uint8_t> packet, SteadyTime now) {
    now_ = std::max(now, now_);
    ++health_.received;
    health_.received_bytes += packet.size();
    const PacketFacts facts = gate_.Judge(from, packet, now_);
    if (facts.drop != Drop::kNone) {
      ++health_.dropped[static_cast<size_t>(facts.drop)];
      return;
    }
    last_received_ = now_;
    if (facts.stored != 0) operations_.Confirm(facts.stored, from);
    dht_->Receive(from, packet);
    NoticeStatus();
  }

  void Step(SteadyTime now) {
    now_ = std::max(now, now_);
    operations_.RunTimers(now_);
    if (now_ >= join_.due()) Join();
    dht_->Step();
    NoticeStatus();
    admission_.Expire(
        now_, [&](const DhtKey& key, uint64_t value_id) { return dht_->Keeps(key, value_id); });
  }

  SteadyTime Next() const { return std::min({dht_->Next(), join_.due(), operations_.Next()}); }

  Status Put(const DhtKey& key, uint16_t type, std::span<const uint8_t> payload,
             SteadyTime deadline, PutDone done) {
    const uint64_t value_id = ValueId(payload);
    COMMRESOLVE_TRY(CheckValue(rules_, key, type, value_id, payload, clock_.Now()));
    const auto operation = operations_.BeginPut(key, value_id, deadline, std::move(done));
    if (operation == nullptr) return {};
    dht_->Put(key, {value_id, type, payload}, [this, operation](bool good) {
      // Out of OpenDHT's own loop, so that a callback may do anything.
      operations_.At(now_, [this, operation, good] { operations_.EndPut(operation, good); });
    });
    return {};
  }

  void Get(const DhtKey& key, SteadyTime deadline, OnValue on_value, GetDone done) {
    const auto operation =
        operations_.BeginGet(key, deadline, std::move(on_value), std::move(done));
    dht_->Get(
        key,
        [this, operation](std::span<const AnsweredValue> values) {
          return Found(operation, values);
        },
        [this, operation](bool good) {
          End(operation, good ? GetEnd::kComplete : GetEnd::kFailed);
        });
  }

  void Cancel() { operations_.Cancel(); }

  void Reach(std::span<const PeerAddress> addresses) {
    join_.Add({addresses.begin(), addresses.end()}, now_);
  }

  const DhtKey& id() const { return dht_->id(); }
  std::vector<KnownPeer> Peers() const { return dht_->Peers(); }

  Health health() const {
    Health health = health_;
    Describe(id(), Peers(), &health);
    const OpenDht::Counts counts = dht_->counts();
    health.peers4 = counts.peers4;
    health.peers6 = counts.peers6;
    health.searches = counts.searches;
    health.stored_values = counts.stored_values;
    health.stored_bytes = counts.stored_bytes;
    health.connected = connected_;
    health.zombie = IsZombie();
    health.sent = dht_->traffic().sent;
    health.sent_bytes = dht_->traffic().sent_bytes;
    health.faults = dht_->faults();
    return health;
  }

 private:
  /// Whether a value that somebody puts here is stored.
  bool Admit(const DhtKey& key, const AnsweredValue& value, const PeerAddress& from) {
    if (!CheckValue(rules_, key, value.type, value.id, value.payload, clock_.Now())) {
      ++health_.refused_by_rule;
      return false;
    }
    const auto rule = std::ranges::find(rules_, value.type, &ValueRule::type);
    if (!admission_.Admit(key, value.id, NetworkOf(from.ip), value.payload.size(),
                          now_ + rule->expiry)) {
      ++health_.refused_for_room;
      return false;
    }
    return true;
  }

  void NoticeStatus() {
    if (now_ < status_due_) return;
    status_due_ = now_ + kStatusEvery;
    const bool connected = dht_->Connected();
    if (connected && !connected_) ++health_.joins;
    if (connected != connected_) join_.Restart(now_);
    connected_ = connected;
  }

  bool IsZombie() const {
    return dht_->traffic().sent > 0 && now_ - last_received_ > kZombieAfter &&
           now_ - dht_->traffic().last_sent <= kZombieAfter;
  }

  void Join() {
    const JoinPlan::Act act = join_.Next(connected_ && !IsZombie(), now_);
    for (const PeerAddress& address : act.ping) dht_->Ping(address);
    for (size_t i = 0; i < act.lookups; ++i) LookAround(RandomPlace());
    if (!act.own_place) return;
    // Whoever was silent for ten minutes is named to nobody, though he lives.
    for (const KnownPeer& peer : Peers()) dht_->Ping(peer.address);
    DhtKey neighbour = id();  // OpenDHT does not look for itself.
    neighbour.back() ^= 1;
    LookAround(neighbour);
  }

  void LookAround(const DhtKey& place) {
    Get(place, now_ + kLookupTime, [](const FoundValue&) { return true; }, [](GetEnd) {});
  }

  bool Found(const Operations::SharedGet& get, std::span<const AnsweredValue> values) {
    for (const AnsweredValue& value : values) {
      if (!Operations::Wants(*get, value.id)) continue;
      if (!CheckValue(rules_, get->key, value.type, value.id, value.payload, clock_.Now())) {
        ++health_.refused_by_rule;
        Operations::Forget(*get, value.id);
        continue;
      }
      if (get->on_value({value.type, value.id, value.payload})) continue;
      End(get, GetEnd::kStopped);
      return false;
    }
    return !get->over;
  }

  void End(const Operations::SharedGet& get, GetEnd end) {
    operations_.At(now_, [this, get, end] { operations_.EndGet(get, end); });
  }

  SteadyTime now_;
  SteadyTime last_received_;
  const Clock& clock_;
  std::vector<ValueRule> rules_;
  Gate gate_;
  Admission admission_;
  JoinPlan join_;
  Health health_;
  bool connected_ = false;
  SteadyTime status_due_{};
  Operations operations_{
      [this](const Operations::Put& put) { dht_->CancelPut(put.key, put.value_id); }};
  std::unique_ptr<OpenDht> dht_;  // Last: it sends, and asks for rules, when it goes.
};

Engine::Engine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Engine::~Engine() = default;

Result<std::unique_ptr<Engine>> Engine::Create(EngineOptions options, Transport& transport,
                                               const Clock& clock, SteadyTime now) {
  COMMRESOLVE_TRY(CheckRules(options.rules));
  const OpenDhtOptions dht{options.network, options.id, options.client, options.peers};
  auto impl = std::make_unique<Impl>(std::move(options), clock, now);
  COMMRESOLVE_TRY(impl->Start(dht, transport));
  return std::unique_ptr<Engine>(new Engine(std::move(impl)));
}

void Engine::Receive(const PeerAddress& from, std::span<const uint8_t> packet, SteadyTime now) {
  impl_->Receive(from, packet, now);
}
void Engine::Step(SteadyTime now) { impl_->Step(now); }
SteadyTime Engine::Next() const { return impl_->Next(); }
Status Engine::Put(const DhtKey& key, uint16_t type, std::span<const uint8_t> payload,
                   SteadyTime deadline, PutDone done) {
  return impl_->Put(key, type, payload, deadline, std::move(done));
}
void Engine::Get(const DhtKey& key, SteadyTime deadline, OnValue on_value, GetDone done) {
  impl_->Get(key, deadline, std::move(on_value), std::move(done));
}
void Engine::Cancel() { impl_->Cancel(); }
void Engine::Reach(std::span<const PeerAddress> addresses) { impl_->Reach(addresses); }
const DhtKey& Engine::id() const { return impl_->id(); }
std::vector<KnownPeer> Engine::Peers() const { return impl_->Peers(); }
Health Engine::health() const { return impl_->health(); }

}  // namespace commresolve::dht
