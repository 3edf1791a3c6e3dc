// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Each call: borrow a worker, do it, tell who has to know.

#include "grpc/engine/engine.h"

namespace commresolve::daemon {
namespace {

constexpr size_t kQuickWorkers = 16;
constexpr size_t kProbingWorkers = 64;
constexpr std::chrono::milliseconds kLockPatience{200};  // Commands look at the lock.

Resolution Refused(const Error& error) {
  Resolution resolution;
  resolution.refusal = error;
  return resolution;
}

/// True if a handshake could turn this refusal into an answer.
bool ProofCouldHelp(const Resolution& resolution, const ResolverSettings& settings) {
  if (resolution.answer) return false;
  if (resolution.refusal->code == Code::kUnavailable) return true;
  return resolution.verdict == Verdict::kNew && settings.first_use == FirstUseMode::kAcceptNew;
}

/// True if nobody here knows the words, and peers shall be asked then.
bool PeersCouldHelp(const ResolveRequest& request, const Resolution& resolution) {
  return request.ask_peers && std::holds_alternative<KeywordSet>(request.name) &&
         !resolution.binding && resolution.refusal && resolution.refusal->code == Code::kNotFound;
}

}  // namespace

Result<std::unique_ptr<Engine>> Engine::Open(Config config, const Clock& clock,
                                             const std::string& socket_folder) {
  COMMRESOLVE_TRY(MakePrivateFolder(config.data_folder));
  COMMRESOLVE_ASSIGN(
      lock, FileLock::Take(config.data_folder + "/" + kDaemonLock, kLockPatience, socket_folder));
  COMMRESOLVE_ASSIGN(store, index::Store::Open(config.data_folder, config.ca_file));
  return std::unique_ptr<Engine>(
      new Engine(std::move(config), clock, std::move(lock), std::move(store)));
}

Engine::Engine(Config config, const Clock& clock, FileLock lock,
               std::unique_ptr<index::Store> store)
    : clock_(clock),
      lock_(std::move(lock)),
      store_(std::move(store)),
      known_certs_(store_->known_certs_path()),
      quick_(*store_, clock, kQuickWorkers),
      probing_(*store_, clock, kProbingWorkers),
      index_keeper_(std::make_unique<IndexKeeper>(store_->Share())),
      config_(std::make_shared<const Config>(std::move(config))) {}

Engine::~Engine() = default;

std::shared_ptr<const Config> Engine::config() const {
  const std::scoped_lock guard(config_lock_);
  return config_;
}

Status Engine::Reload(Config config) {
  const std::scoped_lock guard(config_lock_);
  if (config.data_folder != config_->data_folder || config.ca_file != config_->ca_file) {
    return Error{Code::kInvalidArgument, "data_dir and ca_file cannot change while it runs",
                 "restart commresolved"};
  }
  if (config.grpc_listen != config_->grpc_listen || config.grpc_key != config_->grpc_key ||
      config.grpc_certificate != config_->grpc_certificate ||
      config.grpc_client_ca != config_->grpc_client_ca) {
    return Error{Code::kInvalidArgument, "the door over TCP cannot change while it runs",
                 "restart commresolved"};
  }
  if (config.index_servers != config_->index_servers ||
      config.index_client_certificate != config_->index_client_certificate ||
      config.index_client_key != config_->index_client_key) {
    return Error{Code::kInvalidArgument, "the index servers cannot change while it runs",
                 "restart commresolved"};
  }
  config_ = std::make_shared<const Config>(std::move(config));
  return {};
}

std::shared_ptr<const Resolution> Engine::ResolveOnRecord(const ResolveRequest& request,
                                                          Deadline deadline) {
  if (request.prove == Prove::kAlways) return nullptr;
  const auto known = known_certs_.Load();
  const AnswerBasis basis{known.ok() ? *known : nullptr, config(), store_->ledger().LastChange()};
  const UnixTime now = clock_.Now();
  if (known.ok()) {
    if (auto answer = answers_.Find(request, basis, now)) return answer;
  }
  auto resolution = TryRecord(request, deadline);
  if (!resolution) return nullptr;
  auto answer = std::make_shared<const Resolution>(std::move(*resolution));
  if (known.ok()) answers_.Put(request, basis, now, answer);
  return answer;
}

std::optional<Resolution> Engine::TryRecord(const ResolveRequest& request, Deadline deadline) {
  if (request.prove == Prove::kAlways) return std::nullopt;
  ResolveRequest on_record = request;
  on_record.prove = Prove::kNever;
  on_record.ask_peers = false;
  Resolution resolution = ResolveWith(quick_, on_record, deadline, nullptr);
  if (PeersCouldHelp(request, resolution)) return std::nullopt;
  if (request.prove == Prove::kMaxAge && ProofCouldHelp(resolution, config()->resolver)) {
    return std::nullopt;
  }
  return resolution;
}

Resolution Engine::Resolve(const ResolveRequest& request, Deadline deadline,
                           CandidateSource* peers) {
  if (auto on_record = TryRecord(request, deadline)) return std::move(*on_record);
  Resolution resolution = ResolveWith(probing_, request, deadline, peers);
  index_keeper_->Wake();
  Announce(request, resolution);
  return resolution;
}

Resolution Engine::ResolveWith(WorkerPool& pool, const ResolveRequest& request, Deadline deadline,
                               CandidateSource* peers) {
  const auto worker = pool.Borrow(config(), deadline);
  if (!worker.ok()) return Refused(worker.error());
  DeadlineTransport transport(*(*worker)->prober, deadline);
  std::optional<DeadlineLookup> dns;
  if ((*worker)->dns != nullptr) dns.emplace(*(*worker)->dns, deadline);
  index::Store& store = *(*worker)->store;
  WatchedEvidence evidence(store, evidence_watch_);
  Resolver resolver((*worker)->config->resolver,
                    {&clock_, &known_certs_, &store, &evidence, dns ? &*dns : nullptr, &transport,
                     observers_, rollovers_, peers});
  return resolver.Resolve(request);
}

void Engine::Announce(const ResolveRequest& request, const Resolution& resolution) {
  const auto* words = std::get_if<KeywordSet>(&request.name);
  if (words == nullptr || !resolution.binding) return;
  Event event;
  event.time = clock_.Now();
  event.words = words->ToString();
  event.verdict = resolution.verdict;
  event.answer = resolution.answer;
  event.refusal = resolution.refusal;
  event.changes = resolution.changes;
  events_.Tell(std::move(event));
  Changed();
}

void Engine::OnChange(std::function<void()> on_change) {
  const std::scoped_lock guard(change_lock_);
  on_change_ = std::move(on_change);
}

void Engine::Changed() {
  const std::scoped_lock guard(change_lock_);
  if (on_change_) on_change_();
}

Result<RankedRows> Engine::Search(const std::string& query, size_t offset, size_t limit,
                                  Deadline deadline) {
  COMMRESOLVE_ASSIGN(known, known_certs_.Load());
  const auto used = config();
  COMMRESOLVE_ASSIGN(worker, quick_.Borrow(used, deadline));
  return SearchStore(*worker->store, *known, query, offset, limit, clock_.Now(),
                     used->resolver.max_age);
}

Result<std::vector<index::CountedWord>> Engine::Complete(const std::string& beginning, size_t limit,
                                                         Deadline deadline) {
  COMMRESOLVE_ASSIGN(worker, quick_.Borrow(config(), deadline));
  return index::CompleteWord(*worker->store, beginning, limit);
}

EndpointVerdict Engine::VerifyServer(const std::string& server, std::optional<Protocol> protocol,
                                     Deadline deadline) {
  EndpointVerdict verdict;
  const auto run = [&]() -> Status {
    COMMRESOLVE_ASSIGN(target, index::ParseObserveTarget(server, protocol));
    COMMRESOLVE_ASSIGN(worker, probing_.Borrow(config(), deadline));
    const ResolverSettings& settings = worker->config->resolver;
    COMMRESOLVE_ASSIGN(endpoints,
                       index::EndpointsOfTarget(target, worker->dns.get(),
                                                TimeLeft(deadline, settings.dns_patience)));
    DeadlineTransport transport(*worker->prober, deadline);
    const ResolverParts parts{&clock_, &known_certs_, worker->store.get(), worker->store.get(),
                              nullptr, &transport,    observers_,          rollovers_};
    verdict = VerifyEndpoint(settings, parts, endpoints, endpoints.front().server_name);
    return {};
  };
  if (const Status status = run(); !status.ok()) verdict.failure = status.error();
  index_keeper_->Wake();
  return verdict;
}

Result<Binding> Engine::Bind(const BindOrder& order) {
  const auto used = config();
  COMMRESOLVE_ASSIGN(worker, quick_.Borrow(used, Deadline::max()));
  Resolver resolver(used->resolver, {&clock_, &known_certs_, worker->store.get(),
                                     worker->store.get(), nullptr, worker->prober.get()});
  auto binding = CarryOut(order, resolver);
  if (binding.ok()) Changed();
  return binding;
}

Status Engine::Unbind(const KeywordSet& words) {
  COMMRESOLVE_TRY(UnbindWords(known_certs_, words));
  Changed();
  return {};
}

Result<std::vector<KeyId>> Engine::Revoke(const WordsOrKey& what, const std::string& reason,
                                          bool undo) {
  auto keys = RevokeKeys(known_certs_, what, clock_.Now(), reason, undo);
  if (keys.ok()) Changed();
  return keys;
}

Status Engine::Import(const std::vector<std::string>& paths, const index::ImportOptions& options,
                      index::ImportSummary& summary) {
  COMMRESOLVE_ASSIGN(worker, quick_.Borrow(config(), Deadline::max()));
  return index::Import(*worker->store, paths, clock_, options, summary);
}

Status Engine::Observe(const ObserveOrder& order, const std::atomic<bool>* stop,
                       const ObserveSink& report) {
  COMMRESOLVE_ASSIGN(worker, probing_.Borrow(config(), Deadline::max()));
  COMMRESOLVE_ASSIGN(known, known_certs_.Load());
  const Status status = CarryOut(order, *worker->store, *worker->prober, worker->dns.get(), *known,
                                 worker->config->resolver.probe, stop, report);
  if (status.ok() || status.error().code == Code::kUnavailable) evidence_watch_.Note(status);
  Changed();
  return status;
}

Status Engine::ProveKeys(const std::vector<KeyPlace>& places, const std::atomic<bool>* stop,
                         const ProvedSink& sink) {
  COMMRESOLVE_ASSIGN(worker, probing_.Borrow(config(), Deadline::max()));
  COMMRESOLVE_ASSIGN(known, known_certs_.Load());
  const ResolverSettings& settings = worker->config->resolver;
  const Status status = daemon::ProveKeys(*worker->store, *worker->prober, settings.probe, places,
                                          *known, settings.max_age, stop, sink);
  evidence_watch_.Note(status);
  index_keeper_->Wake();
  Changed();
  return status;
}

Result<std::optional<Candidate>> Engine::FindKey(const KeyId& key) {
  COMMRESOLVE_ASSIGN(worker, quick_.Borrow(config(), Deadline::max()));
  return worker->store->FindKey(key);
}

}  // namespace commresolve::daemon
