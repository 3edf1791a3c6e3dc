// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a user asks for. The thread that works by itself is in keep.cc.

#include "grpc/sharing/peer_sharing.h"

#include <algorithm>
#include <utility>

#include "dht/peer/secret_file.h"
#include "grpc/sharing/gather.h"
#include "grpc/sharing/lookup.h"
#include "grpc/sharing/membership.h"
#include "grpc/sharing/running.h"
#include "resolver/base/files.h"

namespace commresolve::daemon {
namespace {

constexpr char kMembership[] = "membership";
constexpr char kAnnouncements[] = "announcements";
constexpr char kRollovers[] = "rollovers";

/// Each holds a worker of the engine, and one that asks for a name holds another one.
constexpr int kMostLookUps = 16;

Error NotJoined() {
  return {Code::kUnavailable, "this machine is no peer", "join with: commresolve dht join"};
}

}  // namespace

PeerSharing::PeerSharing(Engine& engine)
    : engine_(engine),
      folder_(engine.config()->data_folder + "/dht"),
      publishing_key_(folder_ + "/publishing"),
      finders_(engine.config()->data_folder + "/finders"),
      rollover_news_(folder_ + "/rollovers-heard"),
      statement_news_(folder_ + "/statements-heard"),
      follower_(engine, statement_news_) {}

Result<std::unique_ptr<PeerSharing>> PeerSharing::Open(Engine& engine) {
  std::unique_ptr<PeerSharing> sharing(new PeerSharing(engine));
  COMMRESOLVE_TRY(sharing->Load());
  sharing->ReadObservers();
  engine.SetObservers(&sharing->observers_);
  engine.SetRollovers(&sharing->rollover_news_);
  sharing->keeper_ = std::thread([self = sharing.get()] { self->Keep(); });
  return sharing;
}

PeerSharing::~PeerSharing() {
  engine_.SetObservers(nullptr);
  engine_.SetRollovers(nullptr);
  {
    const std::lock_guard guard(lock_);
    ending_ = true;
  }
  changed_.notify_all();
  if (keeper_.joinable()) keeper_.join();
  static_cast<void>(finders_.Save());
  static_cast<void>(rollover_news_.Save());
  static_cast<void>(statement_news_.Save());
  if (running_) static_cast<void>(running_->peer->Stop());
}

Status PeerSharing::Load() {
  COMMRESOLVE_ASSIGN(membership, LoadMembership(Path(kMembership)));
  COMMRESOLVE_ASSIGN(announcements, LoadAnnouncements(Path(kAnnouncements)));
  COMMRESOLVE_ASSIGN(rollovers, LoadRollovers(Path(kRollovers)));
  COMMRESOLVE_TRY(publishing_key_.Load());
  for (const auto& [said, since] : announcements) {
    const std::string problem = LoadSignerOf(said);
    if (!problem.empty()) key_problems_[said.key] = problem;
  }
  for (const RolloverStatement& said : rollovers) {
    const std::string problem = LoadOwnKey(said.key_file, said.key);
    if (!problem.empty()) rollover_problems_[said.key] = problem;
  }
  membership_ = std::move(membership);
  announcements_ = std::move(announcements);
  rollovers_ = std::move(rollovers);
  return {};
}

/// What is wrong with the file; empty if it holds `key`.
std::string PeerSharing::LoadOwnKey(const std::string& path, const KeyId& key) {
  auto read = ReadSigningKey(path);
  if (!read.ok()) return read.error().message;
  if (read->id() != key) return path + " holds another key now";
  own_keys_.Add(std::move(*read));
  return "";
}

/// Called with `lock_` held.
Result<dht::PublishQueue*> PeerSharing::Queue() {
  if (queue_ == nullptr) {
    COMMRESOLVE_TRY(MakePrivateFolder(folder_));
    COMMRESOLVE_ASSIGN(queue, dht::PublishQueue::Open(Path("queue"), engine_.clock().Now()));
    queue_ = std::move(queue);
  }
  return queue_.get();
}

dht::PublishOptions PeerSharing::Wanted() const {
  dht::PublishOptions wanted;
  wanted.postings = membership_.postings;
  wanted.observations = membership_.observations;
  wanted.named = membership_.named;
  wanted.announcements = true;
  return wanted;
}

dht::SearchKnowledge PeerSharing::Knowledge() {
  dht::SearchKnowledge knowledge;
  knowledge.is_bound = [this](const KeywordSet& words) {
    const auto known = engine_.known_certs();
    // What cannot be read may be bound.
    return !known.ok() || (*known)->Find(words).has_value();
  };
  knowledge.rank = [this](const dht::Ed25519Key& finder) { return finders_.Of(finder); };
  knowledge.known.is_chosen = [this](const dht::Ed25519Key& observer) {
    const std::lock_guard guard(lock_);
    return chosen_.contains(observer);
  };
  knowledge.known.delegation = [this](const KeyId& subject) {
    return statement_news_.Of(subject, engine_.clock().Now());
  };
  return knowledge;
}

/// Called with `node_lock_` held, and not `lock_`.
Result<std::shared_ptr<PeerSharing::Running>> PeerSharing::StartNode() {
  const auto config = engine_.config();
  dht::PeerOptions options;
  options.node.engine.network = config->dht_network;
  options.node.engine.client = config->dht_client;
  for (const ListenAddress& listen : config->dht_listen) {
    auto& bind = listen.ip.is_v6() ? options.node.bind6 : options.node.bind4;
    bind = dht::PeerAddress{listen.ip, listen.port};
  }
  options.node.state_file = Path("node");
  options.signers.owner = [this](const KeyId& owner) { return own_keys_.Find(owner); };
  options.signers.publishing = [this](const KeyId& owner) {
    return publishing_key_.SignerFor(owner, engine_.clock().Now());
  };
  dht::PublishQueue* queue = nullptr;
  {
    const std::lock_guard guard(lock_);
    COMMRESOLVE_ASSIGN(opened, Queue());
    queue = opened;
    options.publish = Wanted();
  }
  COMMRESOLVE_ASSIGN(secret, dht::LoadOrMakeSecret(Path("secret")));
  options.signers.secret = secret;
  if (!observer_key_) {
    COMMRESOLVE_ASSIGN(seed, dht::LoadOrMakeSecret(Path("observer")));
    COMMRESOLVE_ASSIGN(key, dht::SigningKey::FromSeed(seed));
    const std::lock_guard guard(lock_);
    observer_key_ = std::move(key);
  }
  options.signers.observer = &*observer_key_;
  COMMRESOLVE_ASSIGN(peer, dht::Peer::Start(std::move(options), *queue, engine_.clock()));
  dht::SearchLimits limits;
  limits.to_first = config->peers_first;
  limits.hard_stop = config->peers_timeout;
  return std::make_shared<Running>(std::move(peer), engine_.clock(), Knowledge(), limits);
}

Status PeerSharing::StartIfJoined() {
  const std::lock_guard node(node_lock_);
  {
    const std::lock_guard guard(lock_);
    if (!membership_.joined || running_ || ending_) return {};
  }
  auto running = StartNode();
  const std::lock_guard guard(lock_);
  problem_ = running.ok() ? "" : running.error().message;
  if (!running.ok()) return running.error();
  running_ = std::move(*running);
  changed_.notify_all();
  return {};
}

/// Called with `lock_` held.
Status PeerSharing::Remember(const Membership& membership) {
  COMMRESOLVE_TRY(MakePrivateFolder(folder_));
  COMMRESOLVE_TRY(SaveMembership(Path(kMembership), membership));
  membership_ = membership;
  return {};
}

Status PeerSharing::Join(const std::vector<std::string>& bootstrap) {
  {
    const std::lock_guard guard(lock_);
    Membership wanted = membership_;
    COMMRESOLVE_TRY(AddBootstrap(bootstrap, wanted));
    wanted.joined = true;
    COMMRESOLVE_TRY(Remember(wanted));
  }
  COMMRESOLVE_TRY(StartIfJoined());
  new_peers_ = true;
  changed_.notify_all();
  return {};
}

Status PeerSharing::Leave() {
  const std::lock_guard node(node_lock_);
  std::shared_ptr<Running> running;
  {
    const std::lock_guard guard(lock_);
    Membership wanted = membership_;
    wanted.joined = false;
    COMMRESOLVE_TRY(Remember(wanted));
    running = std::exchange(running_, nullptr);
    problem_.clear();
  }
  return running ? running->peer->Stop() : Status();
}

Result<std::shared_ptr<PeerSharing::Running>> PeerSharing::NeedRunning() const {
  const std::lock_guard guard(lock_);
  if (running_) return running_;
  if (membership_.joined && !problem_.empty()) {
    return Error{Code::kUnavailable, "the node does not run: " + problem_, ""};
  }
  return NotJoined();
}

Result<PublishReport> PeerSharing::Publish(const PublishChoice& choice,
                                           const std::atomic<bool>* stop) {
  COMMRESOLVE_ASSIGN(running, NeedRunning());
  {
    const std::lock_guard guard(lock_);
    Membership wanted = membership_;
    wanted.postings = choice.postings.value_or(wanted.postings);
    wanted.observations = choice.observations.value_or(wanted.observations);
    wanted.named = choice.named.value_or(wanted.named);
    const bool other_signer = wanted.named != membership_.named;
    COMMRESOLVE_TRY(Remember(wanted));
    running->peer->Configure(Wanted());
    COMMRESOLVE_ASSIGN(queue, Queue());
    if (other_signer) COMMRESOLVE_TRY(queue->AllDue(engine_.clock().Now()));
  }
  return GatherNow(stop);
}

Result<PublishReport> PeerSharing::GatherNow(const std::atomic<bool>* stop) {
  const std::lock_guard one(gather_lock_);
  GatherOrder order;
  order.scratch = folder_;
  order.region = engine_.config()->dht_region;
  order.stop = stop;
  dht::PublishQueue* queue = nullptr;
  {
    const std::lock_guard guard(lock_);
    order.postings = membership_.postings;
    order.observations = membership_.observations;
    COMMRESOLVE_ASSIGN(opened, Queue());
    queue = opened;
  }
  const auto store = engine_.ShareStore();
  auto report = Gather(*store, *queue, order, engine_.clock().Now());
  const std::lock_guard guard(lock_);
  if (running_) running_->peer->Wake();
  return report;
}

Result<LookupSummary> PeerSharing::Lookup(const std::string& text, const LookupSink& sink,
                                          const std::atomic<bool>* stop) {
  COMMRESOLVE_ASSIGN(running, NeedRunning());
  if (!running->peer->health().connected) {
    return Error{Code::kUnavailable, "no peer has answered yet",
                 "name one that is there: commresolve dht join --bootstrap HOST:PORT"};
  }
  const std::shared_ptr<void> counted(nullptr, [this](void*) { --look_ups_; });
  if (++look_ups_ > kMostLookUps) {
    return Error{Code::kBusy, "peers are asked for others already", "try again later"};
  }
  return LookUp(engine_, running->search, finders_, statement_news_, text, sink, stop);
}

}  // namespace commresolve::daemon
