// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The adapter of OpenDHT: the only file that includes it, and where its exceptions end.

#include "dht/node/open_dht.h"

#include <netinet/in.h>
#include <opendht/dht.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <exception>
#include <string>
#include <tuple>

namespace commresolve::dht {
namespace {

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

/// What OpenDHT takes for its socket.
class SocketAdapter final : public ::dht::net::DatagramSocket {
 public:
  SocketAdapter(Transport& transport, OpenDht::Traffic& traffic, const SteadyTime& now, bool client)
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
  OpenDht::Traffic& traffic_;
  const SteadyTime& now_;
  bool client_;
  ::dht::SockAddr bound4_;
  ::dht::SockAddr bound6_;
  std::vector<uint8_t> marked_;
};

AnsweredValue ViewOf(const ::dht::Value& value) { return {value.id, value.type, value.data}; }

}  // namespace

Result<std::unique_ptr<OpenDht>> OpenDht::Create(const OpenDhtOptions& options,
                                                 const std::vector<ValueRule>& rules,
                                                 const Store& store, Transport& transport,
                                                 const SteadyTime& now) {
  try {
    std::unique_ptr<OpenDht> made(new OpenDht(options, transport, now));
    for (const ValueRule& rule : rules) made->Register(rule, store);
    for (const KnownPeer& peer : options.peers) {
      if (peer.id != DhtKey{}) made->dht_->insertNode(HashOf(peer.id), SockAddrOf(peer.address));
    }
    return made;
  } catch (const std::exception& error) {
    return Error{Code::kUnavailable, std::string("OpenDHT does not start: ") + error.what()};
  }
}

OpenDht::OpenDht(const OpenDhtOptions& options, Transport& transport, const SteadyTime& now)
    : now_(now) {
  ::dht::Config config;
  config.network = options.network;
  config.node_id = HashOf(options.id);
  config.max_store_size = -1;
  config.public_stable = true;
  auto socket = std::make_unique<SocketAdapter>(transport, traffic_, now_, options.client);
  dht_ = std::make_unique<::dht::Dht>(std::move(socket), config, std::shared_ptr<::dht::Logger>());
  id_ = KeyOf(dht_->getNodeId());
}

OpenDht::~OpenDht() = default;

void OpenDht::Register(const ValueRule& rule, const Store& store) {
  const auto policy = [store](const ::dht::InfoHash& hash,
                              const std::shared_ptr<::dht::Value>& value, const ::dht::InfoHash&,
                              const ::dht::SockAddr& from) {
    const auto address = AddressOf(from);
    return address && store(KeyOf(hash), ViewOf(*value), *address);
  };
  dht_->registerType(::dht::ValueType(rule.type, rule.name, rule.expiry, policy));
}

template <class F>
void OpenDht::Guarded(F&& call) {
  try {
    call();
  } catch (const std::exception&) {
    ++faults_;
  }
}

void OpenDht::Receive(const PeerAddress& from, std::span<const uint8_t> packet) {
  Guarded([&] { wanted_ = dht_->periodic(packet.data(), packet.size(), SockAddrOf(from), now_); });
}

void OpenDht::Step() {
  Guarded([&] { wanted_ = dht_->periodic(nullptr, 0, ::dht::SockAddr(), now_); });
}

void OpenDht::Put(const DhtKey& key, const AnsweredValue& value, Done done) {
  Guarded([&] {
    dht_->put(HashOf(key),
              std::make_shared<::dht::Value>(value.type, value.payload.data(), value.payload.size(),
                                             value.id),
              [done = std::move(done)](bool good, const auto&) { done(good); });
  });
  wanted_ = now_;
}

/// One that is given up would go on announcing for an hour.
void OpenDht::CancelPut(const DhtKey& key, uint64_t value_id) {
  Guarded([&] { dht_->cancelPut(HashOf(key), value_id); });
}

void OpenDht::Get(const DhtKey& key, Found found, Done done) {
  const ::dht::GetCallback some = [found = std::move(found)](const auto& values) {
    std::vector<AnsweredValue> views;
    views.reserve(values.size());
    for (const auto& value : values) views.push_back(ViewOf(*value));
    return found(views);
  };
  const ::dht::DoneCallback end = [done = std::move(done)](bool good, const auto&) { done(good); };
  Guarded([&] { dht_->get(HashOf(key), some, end); });
  wanted_ = now_;
}

void OpenDht::Ping(const PeerAddress& address) {
  Guarded([&] { dht_->pingNode(SockAddrOf(address)); });
  wanted_ = now_;
}

bool OpenDht::Connected() {
  auto status = ::dht::NodeStatus::Disconnected;
  Guarded([&] { status = std::max(dht_->updateStatus(AF_INET), dht_->updateStatus(AF_INET6)); });
  return status == ::dht::NodeStatus::Connected;
}

bool OpenDht::Keeps(const DhtKey& key, uint64_t value_id) const {
  return dht_->getLocalById(HashOf(key), value_id) != nullptr;
}

std::vector<KnownPeer> OpenDht::Peers() const {
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

OpenDht::Counts OpenDht::counts() const {
  const auto v4 = dht_->getNodesStats(AF_INET);
  const auto v6 = dht_->getNodesStats(AF_INET6);
  Counts counts;
  counts.peers4 = v4.good_nodes;
  counts.peers6 = v6.good_nodes;
  counts.searches = v4.searches + v6.searches;
  std::tie(counts.stored_bytes, counts.stored_values) = dht_->getStoreSize();
  return counts;
}

}  // namespace commresolve::dht
