// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The thread of PeerSharing, and what a person is told of it all.

#include <algorithm>
#include <utility>

#include "dht/peer/secret_file.h"
#include "dht/record/pseudonym.h"
#include "grpc/sharing/bootstrap.h"
#include "grpc/sharing/peer_sharing.h"
#include "grpc/sharing/running.h"
#include "resolver/trust/observers.h"

namespace commresolve::daemon {
namespace {

constexpr std::chrono::seconds kTick{1};
constexpr int64_t kStartAgain = 30;
constexpr int64_t kPeersAgain = 30;
constexpr int64_t kGatherAgain = 3'600;
constexpr int64_t kFirstGather = 300;
constexpr int64_t kFollowAgain = 5;
constexpr int64_t kRestAgain = 10;
constexpr int64_t kStatementsAgain = 60;

/// As people give it to others.
std::string TextOf(const dht::SigningKey& key) {
  const auto raw = dht::Ed25519KeyOf(key.spki());
  return raw ? ObserverText({*raw}) : "";
}

/// True, and due again after `wait`, if it is due; also after a clock was set back.
bool IsDue(UnixTime& due, UnixTime now, int64_t wait) {
  if (now < due && due - now <= wait) return false;
  due = now + wait;
  return true;
}

}  // namespace

void PeerSharing::Keep() {
  due_.gather = engine_.clock().Now() + kFirstGather;
  QueueAnnouncements();
  QueueRollovers();
  std::unique_lock guard(lock_);
  while (!ending_) {
    guard.unlock();
    KeepOnce(engine_.clock().Now());
    guard.lock();
    changed_.wait_for(guard, kTick, [this] { return ending_ || new_peers_; });
  }
}

void PeerSharing::KeepOnce(UnixTime now) {
  if (IsDue(due_.start, now, kStartAgain)) static_cast<void>(StartIfJoined());  // See status().
  if (IsDue(due_.rest, now, kRestAgain)) {
    ReadObservers();
    DropOldWithdrawals(now);
    DropOldRollovers(now);
    static_cast<void>(finders_.Save());  // Tried again, and so is
    static_cast<void>(rollover_news_.Save());
    static_cast<void>(statement_news_.Save());
  }
  if (IsDue(due_.statements, now, kStatementsAgain)) ReadStatements();
  const auto running = NeedRunning();
  if (!running.ok()) return;
  const bool alone = !(*running)->peer->health().connected;
  if (new_peers_.exchange(false) || (alone && IsDue(due_.peers, now, kPeersAgain))) {
    LookForPeers(**running);
  }
  LookAtLinks(**running);
  if (IsDue(due_.gather, now, kGatherAgain)) {
    const auto gathered = GatherNow(&ending_);
    const std::lock_guard guard(lock_);
    gather_problem_ = gathered.ok() ? "" : gathered.error().message;
  }
  if (IsDue(due_.follow, now, kFollowAgain) && (*running)->peer->health().connected) {
    AskAboutBoundKeys(**running);
  }
}

void PeerSharing::AskAboutBoundKeys(Running& running) {
  follower_.Look(running.owners, ending_);
  const auto known = engine_.known_certs();
  if (!known.ok()) return;
  statement_news_.Look(**known, engine_.clock().Now(), ending_);
  observers_.Look(running.peer->getter(), engine_.clock(), **known, ending_);
  bool agreed = engine_.config()->dht_rollovers;
  {
    const std::lock_guard guard(lock_);
    // Who chose observers has peers asked about these keys anyway.
    agreed = agreed || !chosen_.empty();
  }
  if (agreed) rollover_news_.Look(running.peer->getter(), engine_.clock(), **known, ending_);
}

void PeerSharing::LookForPeers(Running& running) {
  const auto config = engine_.config();
  std::vector<std::string> peers = config->dht_bootstrap;
  {
    const std::lock_guard guard(lock_);
    peers.insert(peers.end(), membership_.bootstrap.begin(), membership_.bootstrap.end());
  }
  std::unique_ptr<AddressLookup> dns;
  if (config->resolver.dns_hints) {
    auto made = MakeDnsLookup(config->dns_servers, config->resolver.suffix);
    if (made.ok()) dns = std::move(*made);
  }
  auto addresses = AddressesOfPeers(peers, dns.get());
  if (!addresses.empty()) running.peer->Reach(std::move(addresses));
}

/// Takes up the setting as it is now.
void PeerSharing::LookAtLinks(Running& running) {
  const auto config = engine_.config();
  Status opened;
  if (!config->dht_lan) {
    running.lan.reset();
  } else if (!running.lan) {
    auto lan = dht::LanFinder::Open({.network = config->dht_network,
                                     .node4 = running.peer->Bound(false),
                                     .node6 = running.peer->Bound(true)});
    if (lan.ok()) running.lan = std::move(*lan);
    opened = lan.ok() ? Status() : Status(lan.error());
  }
  {
    const std::lock_guard guard(lock_);
    lan_problem_ = opened.ok() ? "" : opened.error().message;
  }
  if (!running.lan) return;
  auto nodes =
      running.lan->Step(running.peer->health().connected, std::chrono::steady_clock::now());
  if (!nodes.empty()) running.peer->Reach(std::move(nodes));
}

void PeerSharing::ReadObservers() {
  const auto observers = LoadObservers(engine_.config()->data_folder + "/observers");
  const auto list = observers.ok() ? observers->chosen() : std::vector<ChosenObserver>();
  std::set<dht::Ed25519Key> chosen;
  for (const ChosenObserver& one : list) {
    if (one.trust > 0) chosen.insert(one.id.bytes);
  }
  observers_.Choose(list);
  const std::lock_guard guard(lock_);
  observers_problem_ = observers.ok() ? "" : observers.error().message;
  chosen_ = std::move(chosen);
}

/// Called with `lock_` held.
std::string PeerSharing::ProblemNow() const {
  if (!problem_.empty()) return problem_;
  if (!gather_problem_.empty()) return gather_problem_;
  if (!observers_problem_.empty()) return observers_problem_;
  if (!lan_problem_.empty()) return lan_problem_;
  return running_ ? running_->peer->problem() : "";
}

std::string PeerSharing::problem() const {
  const std::lock_guard guard(lock_);
  return ProblemNow();
}

SharingStatus PeerSharing::status() const {
  SharingStatus status;
  const std::lock_guard guard(lock_);
  status.membership = membership_;
  status.problem = ProblemNow();
  if (running_) {
    const dht::Peer& peer = *running_->peer;
    status.running = true;
    status.listens4 = peer.Bound(false);
    status.listens6 = peer.Bound(true);
    status.health = peer.health();
    status.questions = peer.questions();
  }
  for (const DatedAnnouncement& dated : announcements_) {
    const KeyId& key = dated.announcement.key;
    status.announcements.push_back(
        {dated.announcement, StateOf(dht::StreamOf(RecordOf(dated)), key, key_problems_)});
  }
  for (const RolloverStatement& said : rollovers_) {
    status.rollovers.push_back(
        {said, StateOf(dht::StreamOf(RecordOf(said)), said.key, rollover_problems_)});
  }
  const UnixTime now = engine_.clock().Now();
  if (queue_ != nullptr) {
    const auto counts = queue_->Counts(now);
    if (counts.ok()) status.queue = *counts;
    if (!counts.ok() && status.problem.empty()) status.problem = counts.error().message;
  }
  status.publishing_key = publishing_key_.text();
  if (observer_key_ && membership_.named) status.observer = TextOf(*observer_key_);
  const bool anonymous = membership_.postings || (membership_.observations && !membership_.named);
  if (running_ && anonymous) {
    const auto secret = dht::LoadOrMakeSecret(Path("secret"));
    const auto key = secret.ok() ? dht::PseudonymAt(*secret, now) : secret.error();
    if (key.ok()) status.pseudonym = TextOf(*key);
  }
  return status;
}

}  // namespace commresolve::daemon
