// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The adapter of OpenDHT: the only file that includes it, and where its exceptions end.

#include "dht/node/engine.h"

#include <netinet/in.h>
#include <opendht/dht.h>

#include <algorithm>
#include <cerrno>
#include <exception>
#include <random>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "dht/node/id_limits.h"
#include "dht/node/join_plan.h"
#include "dht/node/network_size.h"
#include "dht/node/operations.h"
#include "dht/node/rate_limits.h"

namespace commresolve::dht {
namespace {

constexpr std::chrono::minutes kZombieAfter{5};
constexpr std::chrono::milliseconds kStatusEvery{250};
constexpr std::chrono::seconds kLookupTime{10};

DhtKey KeyOf(const ::dht::InfoHash& hash) {
  DhtKey key;
  std::copy_n(hash.data(), key.size(), key.begin());
  return key;
}
::dht::InfoHash HashOf(const DhtKey& key) { return {key.data(), key.size()}; }

::dht::SockAddr SockAddrOf(const PeerAddress& address) {
  socklen_t size = 0;
  const sockaddr_storage storage = address.ToSocket(&size);
  return {storage, size};
}
Result<PeerAddress> AddressOf(const ::dht::SockAddr& address) {
  return PeerAddress::FromSocket(address.get(), address.getLength());
}

struct Traffic {
  uint64_t sent = 0;
  uint64_t sent_bytes = 0;
  SteadyTime last_sent{};
  SteadyTime last_received{};
};

/// What OpenDHT takes for its socket.
class SocketAdapter final : public ::dht::net::DatagramSocket {
 public:
  SocketAdapter(Transport& transport, Traffic& traffic, const SteadyTime& now, bool client)
      : transport_(transport), traffic_(traffic), now_(now), client_(client) {
    const PeerAddress v4 = transport.Bound(false);
    const PeerAddress v6 = transport.Bound(true);
    if (v4.port != 0) bound4_ = SockAddrOf(v4);
    if (v6.port != 0) bound6_ = SockAddrOf(v6);
  }

  int sendTo(const ::dht::SockAddr& to, const uint8_t* data, size_t size, bool) override {
    const auto address = AddressOf(to);
    if (!address) return EAFNOSUPPORT;
    ++traffic_.sent;
    traffic_.sent_bytes += size;
    traffic_.last_sent = now_;
    // OpenDHT reads the mark of a client and cannot send it.
    constexpr std::array<uint8_t, 3> kClientMark = {0xa1, 's', 0xc3};
    const bool has_room = size > 0 && (data[0] & 0xf0) == 0x80 && (data[0] & 0x0f) != 0x0f;
    if (!client_ || !has_room) return transport_.Send(*address, {data, size});
    marked_.assign(data, data + size);
    ++marked_[0];
    marked_.insert(marked_.end(), kClientMark.begin(), kClientMark.end());
    return transport_.Send(*address, marked_);
  }
  bool hasIPv4() const override { return bound4_.getFamily() == AF_INET; }
  bool hasIPv6() const override { return bound6_.getFamily() == AF_INET6; }
  const ::dht::SockAddr& getBoundRef(sa_family_t family) const override {
    return family == AF_INET6 ? bound6_ : bound4_;
  }
  void stop() override {}

 private:
  Transport& transport_;
  Traffic& traffic_;
  const SteadyTime& now_;
  bool client_;
  ::dht::SockAddr bound4_;
  ::dht::SockAddr bound6_;
  std::vector<uint8_t> marked_;
};

Status CheckRules(const std::vector<ValueRule>& rules) {
  std::set<uint16_t> types;
  for (const ValueRule& rule : rules) {
    if (!rule.check || rule.expiry <= std::chrono::seconds(0) || !types.insert(rule.type).second) {
      return Error{Code::kInvalidArgument,
                   "the rule '" + rule.name + "' is not whole, or not alone"};
    }
  }
  if (rules.empty()) return Error{Code::kInvalidArgument, "a node without rules stores nothing"};
  return {};
}

std::vector<uint16_t> TypesOf(const std::vector<ValueRule>& rules) {
  std::vector<uint16_t> types;
  types.reserve(rules.size());
  for (const ValueRule& rule : rules) types.push_back(rule.type);
  return types;
}

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

}  // namespace

class Engine::Impl {
 public:
  Impl(EngineOptions options, Transport& transport, const Clock& clock, SteadyTime now)
      : now_(now),
        clock_(clock),
        rules_(std::move(options.rules)),
        firewall_(options.network, TypesOf(rules_)),
        requests_(options.requests_per_second, options.request_burst, RandomNumber()),
        answers_(4 * options.requests_per_second, 4 * options.request_burst, RandomNumber()),
        admission_(options.admission),
        join_(std::move(options.seeds), AddressesOf(options.peers), RandomNumber(), now) {
    traffic_.last_received = now;
    ::dht::Config config;
    config.network = options.network;
    config.node_id = HashOf(options.id);
    config.max_store_size = -1;
    config.public_stable = true;
    auto socket = std::make_unique<SocketAdapter>(transport, traffic_, now_, options.client);
    dht_ =
        std::make_unique<::dht::Dht>(std::move(socket), config, std::shared_ptr<::dht::Logger>());
    for (const ValueRule& rule : rules_) Register(rule);
    id_ = KeyOf(dht_->getNodeId());
    for (const KnownPeer& peer : options.peers) {
      if (peer.id != DhtKey{}) dht_->insertNode(HashOf(peer.id), SockAddrOf(peer.address));
    }
  }

  void Receive(const PeerAddress& from, std::span<const uint8_t> packet, SteadyTime now) {
    now_ = std::max(now, now_);
    ++health_.received;
    health_.received_bytes += packet.size();
    const PacketFacts facts = Judge(from, packet);
    if (facts.drop != Drop::kNone) {
      ++health_.dropped[static_cast<size_t>(facts.drop)];
      return;
    }
    traffic_.last_received = now_;
    if (facts.stored != 0) operations_.Confirm(facts.stored, from);
    Guarded(
        [&] { wanted_ = dht_->periodic(packet.data(), packet.size(), SockAddrOf(from), now_); });
    NoticeStatus();
  }

  void Step(SteadyTime now) {
    now_ = std::max(now, now_);
    operations_.RunTimers(now_);
    if (now_ >= join_.due()) Join();
    Guarded([&] { wanted_ = dht_->periodic(nullptr, 0, ::dht::SockAddr(), now_); });
    NoticeStatus();
    admission_.Expire(now_, [&](const DhtKey& key, uint64_t value_id) {
      return dht_->getLocalById(HashOf(key), value_id) != nullptr;
    });
  }

  SteadyTime Next() const { return std::min({wanted_, join_.due(), operations_.Next()}); }

  Status Put(const DhtKey& key, uint16_t type, std::span<const uint8_t> payload,
             SteadyTime deadline, PutDone done) {
    const uint64_t value_id = ValueId(payload);
    COMMRESOLVE_TRY(Check(key, type, value_id, payload));
    const auto operation = operations_.BeginPut(key, value_id, deadline, std::move(done));
    if (operation == nullptr) return {};
    auto value = std::make_shared<::dht::Value>(type, payload.data(), payload.size(), value_id);
    const ::dht::DoneCallback put = [this, operation](bool good, const auto&) {
      // Out of OpenDHT's own loop, so that a callback may do anything.
      operations_.At(now_, [this, operation, good] { operations_.EndPut(operation, good); });
    };
    Guarded([&] { dht_->put(HashOf(key), value, put); });
    wanted_ = now_;
    return {};
  }

  void Get(const DhtKey& key, SteadyTime deadline, OnValue on_value, GetDone done) {
    const auto operation =
        operations_.BeginGet(key, deadline, std::move(on_value), std::move(done));
    const ::dht::GetCallback found = [this, operation](const auto& values) {
      return Found(operation, values);
    };
    const ::dht::DoneCallback end = [this, operation](bool good, const auto&) {
      End(operation, good ? GetEnd::kComplete : GetEnd::kFailed);
    };
    Guarded([&] { dht_->get(HashOf(key), found, end); });
    wanted_ = now_;
  }

  void Cancel() { operations_.Cancel(); }

  void Reach(std::span<const PeerAddress> addresses) {
    join_.Add({addresses.begin(), addresses.end()}, now_);
  }

  const DhtKey& id() const { return id_; }

  std::vector<KnownPeer> Peers() const {
    const auto exported = dht_->exportNodes();
    std::vector<KnownPeer> peers;
    peers.reserve(exported.size());
    for (const auto& node : exported) {
      const auto address =
          PeerAddress::FromSocket(reinterpret_cast<const sockaddr*>(&node.ss), node.sslen);
      if (address) peers.push_back({KeyOf(node.id), *address});
    }
    return peers;
  }

  Health health() const {
    Health health = health_;
    const auto v4 = dht_->getNodesStats(AF_INET);
    const auto v6 = dht_->getNodesStats(AF_INET6);
    health.peers4 = v4.good_nodes;
    health.peers6 = v6.good_nodes;
    health.searches = v4.searches + v6.searches;
    const auto peers = Peers();
    std::set<uint64_t> networks;
    std::vector<DhtKey> ids;
    ids.reserve(peers.size());
    for (const KnownPeer& peer : peers) {
      networks.insert(NetworkOf(peer.address.ip));
      ids.push_back(peer.id);
    }
    std::ranges::sort(ids);
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    health.networks = networks.size();
    health.estimated_size = EstimateNetworkSize(id_, ids);
    health.connected = connected_;
    health.zombie = IsZombie();
    std::tie(health.stored_bytes, health.stored_values) = dht_->getStoreSize();
    health.sent = traffic_.sent;
    health.sent_bytes = traffic_.sent_bytes;
    return health;
  }

 private:
  template <class F>
  void Guarded(F&& call) {
    try {
      call();
    } catch (const std::exception&) {
      ++health_.faults;
    }
  }

  PacketFacts Judge(const PeerAddress& from, std::span<const uint8_t> packet) {
    PacketFacts facts = firewall_.Check(packet);
    if (facts.drop != Drop::kNone) return facts;
    RateLimits& limits = facts.request ? requests_ : answers_;
    const uint64_t network = NetworkOf(from.ip);
    if (!limits.Take(network, now_)) {
      facts.drop = Drop::kRate;
    } else if (!facts.client && !ids_.Admit(network, facts.sender, now_)) {
      facts.drop = Drop::kIds;
    }
    return facts;
  }

  void Register(const ValueRule& rule) {
    const auto store = [this, expiry = rule.expiry](
                           const ::dht::InfoHash& hash, const std::shared_ptr<::dht::Value>& value,
                           const ::dht::InfoHash&, const ::dht::SockAddr& from) {
      const DhtKey key = KeyOf(hash);
      const auto address = AddressOf(from);
      if (!address || !Check(key, value->type, value->id, value->data)) {
        ++health_.refused_by_rule;
        return false;
      }
      if (!admission_.Admit(key, value->id, NetworkOf(address->ip), value->data.size(),
                            now_ + expiry)) {
        ++health_.refused_for_room;
        return false;
      }
      return true;
    };
    dht_->registerType(::dht::ValueType(rule.type, rule.name, rule.expiry, store));
  }

  Status Check(const DhtKey& key, uint16_t type, uint64_t value_id,
               std::span<const uint8_t> payload) const {
    const auto rule = std::ranges::find(rules_, type, &ValueRule::type);
    if (rule == rules_.end() || payload.empty() || payload.size() > kMaxRecordBytes) {
      return Error{Code::kInvalidArgument, "not a value of this network"};
    }
    return rule->check(key, value_id, payload, clock_.Now());
  }

  void NoticeStatus() {
    if (now_ < status_due_) return;
    status_due_ = now_ + kStatusEvery;
    Guarded([&] {
      const auto status = std::max(dht_->updateStatus(AF_INET), dht_->updateStatus(AF_INET6));
      const bool connected = status == ::dht::NodeStatus::Connected;
      if (connected && !connected_) ++health_.joins;
      if (connected != connected_) join_.Restart(now_);
      connected_ = connected;
    });
  }

  bool IsZombie() const {
    return traffic_.sent > 0 && now_ - traffic_.last_received > kZombieAfter &&
           now_ - traffic_.last_sent <= kZombieAfter;
  }

  void Join() {
    const JoinPlan::Act act = join_.Next(connected_ && !IsZombie(), now_);
    Guarded([&] {
      for (const PeerAddress& address : act.ping) dht_->pingNode(SockAddrOf(address));
    });
    for (size_t i = 0; i < act.lookups; ++i) LookAround(KeyOf(::dht::InfoHash::getRandom()));
    if (act.own_place) {
      DhtKey neighbour = id_;  // OpenDHT does not look for itself.
      neighbour.back() ^= 1;
      LookAround(neighbour);
    }
    wanted_ = now_;
  }

  void LookAround(const DhtKey& place) {
    Get(place, now_ + kLookupTime, [](const FoundValue&) { return true; }, [](GetEnd) {});
  }

  bool Found(const Operations::SharedGet& get,
             const std::vector<std::shared_ptr<::dht::Value>>& values) {
    for (const auto& value : values) {
      if (!Operations::Wants(*get, value->id)) continue;
      if (!Check(get->key, value->type, value->id, value->data)) {
        ++health_.refused_by_rule;
        Operations::Forget(*get, value->id);
        continue;
      }
      if (get->on_value({value->type, value->id, value->data})) continue;
      End(get, GetEnd::kStopped);
      return false;
    }
    return !get->over;
  }

  void End(const Operations::SharedGet& get, GetEnd end) {
    operations_.At(now_, [this, get, end] { operations_.EndGet(get, end); });
  }

  /// One that is given up would go on announcing for an hour.
  void StopPutting(const Operations::Put& put) {
    Guarded([&] { dht_->cancelPut(HashOf(put.key), put.value_id); });
  }

  SteadyTime now_;
  const Clock& clock_;
  std::vector<ValueRule> rules_;
  Firewall firewall_;
  RateLimits requests_;
  RateLimits answers_;
  IdLimits ids_;
  Admission admission_;
  JoinPlan join_;
  Traffic traffic_;
  Health health_;
  DhtKey id_{};
  bool connected_ = false;
  SteadyTime status_due_{};
  SteadyTime wanted_ = SteadyTime::min();
  Operations operations_{[this](const Operations::Put& put) { StopPutting(put); }};
  std::unique_ptr<::dht::Dht> dht_;  // Last: it sends when it goes.
};

Engine::Engine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Engine::~Engine() = default;

Result<std::unique_ptr<Engine>> Engine::Create(EngineOptions options, Transport& transport,
                                               const Clock& clock, SteadyTime now) {
  COMMRESOLVE_TRY(CheckRules(options.rules));
  try {
    auto impl = std::make_unique<Impl>(std::move(options), transport, clock, now);
    return std::unique_ptr<Engine>(new Engine(std::move(impl)));
  } catch (const std::exception& error) {
    return Error{Code::kUnavailable, std::string("OpenDHT does not start: ") + error.what()};
  }
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
