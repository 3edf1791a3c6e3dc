// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Each publisher is a client of the network with a queue, for as long as it has something to put.

#include "tests/bench/lookup_network.h"

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>
#include <utility>

#include "dht/peer/record_rules.h"
#include "dht/privacy/publishable.h"
#include "dht/publish/posting_maker.h"
#include "resolver/config/config.h"
#include "tests/bench/bench.h"

namespace commresolve::bench {
namespace {

using namespace dht;

constexpr uint16_t kDhtPort = 4222;
constexpr size_t kAtOnce = 4;
constexpr double kPatience = 3'600;
constexpr size_t kMakerBytes = size_t{16} << 20;

NodeOptions NodeAt(const std::string& ip) {
  NodeOptions options;
  options.engine.network = kDefaultNetwork;
  options.bind4 = PeerAddress{Need(IpAddress::Parse(ip)), kDhtPort};
  return options;
}

/// Until everything was put once, whatever came of it.
void WaitUntilPut(const PublishQueue& queue, const Clock& clock, Published& published) {
  const double end = WallClock() + kPatience;
  for (;;) {
    size_t open = 0;
    published.unconfirmed = 0;
    for (const QueueCounts& counts : Need(queue.Counts(clock.Now()))) {
      open += counts.unpublished - std::min(counts.unpublished, counts.failing);
      published.unconfirmed += counts.failing;
    }
    if (open == 0) return;
    if (WallClock() > end) Fail({Code::kDeadlineExceeded, "a publisher is not done"});
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
}

void PutAll(PeerOptions options, PublishQueue& queue, const Clock& clock, Published& published) {
  auto peer = Need(Peer::Start(std::move(options), queue, clock));
  WaitUntilPut(queue, clock, published);
  Need(peer->Stop());
  const Health health = peer->health();
  published.packets = health.sent + health.received;
  published.bytes = health.sent_bytes + health.received_bytes;
}

void QueuePostings(const LookupPlan& plan, size_t number, bool all, const std::string& folder,
                   PublishQueue& queue, UnixTime now, Published& published) {
  PostingMaker maker(folder, {.memory = kMakerBytes});
  for (const FoundListing& listing : plan.ListingsOf(number)) Need(maker.Add(listing));
  const auto update = queue.Replace(RecordType::kPosting, now);
  Need(maker.Finish([&](PostingSet set) -> Status {
    if (!all && !plan.MayBeAskedFor(set.key)) return {};
    ++published.sets;
    for (const WordEntry& entry : set.entries) {
      if (!entry.signpost && plan.IsLookedFor(entry.word)) {
        published.told[entry.word].insert(entry.posting.key);
      }
    }
    published.blocks += (set.entries.size() + kMaxPostings - 1) / kMaxPostings;
    COMMRESOLVE_ASSIGN(content, Content::Of(std::move(set)));
    return update->Put(std::move(content));
  }));
  Need(update->Finish());
  published.sets_made = maker.counts().sets;
  published.blocks_made = maker.counts().blocks;
}

void QueueObservations(const LookupPlan& plan, size_t number, PublishQueue& queue, UnixTime now,
                       Published& published) {
  for (const Owner& owner : plan.owners()) {
    if (owner.announces || owner.finder != number) continue;
    Observation seen;
    seen.subject = owner.certificate.key_id();
    seen.endpoint = owner.endpoint;
    seen.first_seen = seen.last_seen = now;
    Need(queue.Put(Need(Content::Of(std::move(seen), kLeastSightings)), now));
    ++published.observations;
  }
}

Published PublishOne(const LookupPlan& plan, size_t number, const StoringNodes& nodes,
                     const Clock& clock, bool all) {
  Published published;
  const Folder folder;
  const UnixTime now = clock.Now();
  const auto queue = Need(PublishQueue::Open(folder.path(), now));
  QueuePostings(plan, number, all, folder.path(), *queue, now, published);
  QueueObservations(plan, number, *queue, now, published);
  PeerOptions options = nodes.OptionsAt(fmt::format("11.{}.{}.1", 2 + number / 250, number % 250));
  options.publish.postings = true;
  options.publish.observations = true;
  options.signers.secret = Sha256("publisher " + std::to_string(number));
  PutAll(std::move(options), *queue, clock, published);
  return published;
}

SigningKey KeyOf(const Owner& owner) {
  EVP_PKEY_up_ref(owner.certificate.key.get());
  return Need(SigningKey::FromPrivateKey(EvpPkeyPtr(owner.certificate.key.get())));
}

Published PublishOwners(const LookupPlan& plan, const StoringNodes& nodes, const Clock& clock) {
  Published published;
  const Folder folder;
  const UnixTime now = clock.Now();
  const auto queue = Need(PublishQueue::Open(folder.path(), now));
  std::map<KeyId, SigningKey> keys;
  for (const Owner& owner : plan.owners()) {
    if (!owner.announces) continue;
    OwnerRecord record;
    record.subject = owner.certificate.key_id();
    record.valid_from = now;
    record.endpoints = {owner.endpoint};
    record.names = {owner.endpoint.server_name};
    keys.emplace(record.subject, KeyOf(owner));
    Need(queue->Put(Need(Content::Of(std::move(record))), now));
    ++published.owners;
  }
  PeerOptions options = nodes.OptionsAt("11.64.0.1");
  options.publish.announcements = true;
  options.signers.owner = [&](const KeyId& key) -> const SigningKey* { return &keys.at(key); };
  PutAll(std::move(options), *queue, clock, published);
  return published;
}

void Add(Published& sum, const Published& more) {
  sum.sets_made += more.sets_made;
  sum.blocks_made += more.blocks_made;
  sum.sets += more.sets;
  sum.blocks += more.blocks;
  sum.observations += more.observations;
  sum.owners += more.owners;
  sum.unconfirmed += more.unconfirmed;
  sum.packets += more.packets;
  sum.bytes += more.bytes;
  for (const auto& [word, keys] : more.told) sum.told[word].insert(keys.begin(), keys.end());
}

}  // namespace

StoringNodes::StoringNodes(size_t count, const Clock& clock) {
  for (size_t i = 0; i < count; ++i) {
    NodeOptions options = NodeAt(fmt::format("11.1.{}.1", i));
    options.engine.rules = RecordRules();
    if (i > 0) options.engine.seeds = {seed_};
    nodes_.push_back(Need(Node::Start(std::move(options), clock)));
    if (i == 0) seed_ = nodes_.front()->Bound(false);
  }
}

PeerOptions StoringNodes::OptionsAt(const std::string& ip) const {
  PeerOptions options;
  options.node = NodeAt(ip);
  options.node.engine.client = true;
  options.node.engine.seeds = {seed_};
  return options;
}

Health StoringNodes::health() const {
  Health sum;
  for (const auto& node : nodes_) {
    const Health health = node->health();
    sum.stored_values += health.stored_values;
    sum.stored_bytes += health.stored_bytes;
    sum.refused_for_room += health.refused_for_room;
    sum.faults += health.faults;
  }
  return sum;
}

Published PublishAll(const LookupPlan& plan, size_t publishers, const StoringNodes& nodes,
                     const Clock& clock, bool all, const std::function<void(size_t)>& step) {
  Published sum;
  std::mutex lock;  // Guards `sum` and `done`.
  size_t done = 0;
  std::atomic<size_t> next{0};
  std::vector<std::thread> threads;
  for (size_t i = 0; i < kAtOnce; ++i) {
    threads.emplace_back([&] {
      for (size_t number = next++; number < publishers; number = next++) {
        const Published one = PublishOne(plan, number, nodes, clock, all);
        const std::lock_guard guard(lock);
        Add(sum, one);
        step(++done);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  Add(sum, PublishOwners(plan, nodes, clock));
  return sum;
}

}  // namespace commresolve::bench
