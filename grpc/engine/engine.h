// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Engine: the stores and the resolver for many callers at once, and the thread that keeps the
// index.
//
// Every call runs on the caller's thread and ends at its deadline, plus the time of one write to
// the disk. A question that recorded proofs can answer never waits behind one that needs the
// network.

#ifndef COMMRESOLVE_GRPC_ENGINE_ENGINE_H_
#define COMMRESOLVE_GRPC_ENGINE_ENGINE_H_

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "grpc/engine/answer_cache.h"
#include "grpc/engine/deadline.h"
#include "grpc/engine/event_hub.h"
#include "grpc/engine/evidence_watch.h"
#include "grpc/engine/index_keeper.h"
#include "grpc/engine/orders.h"
#include "grpc/engine/prove_keys.h"
#include "grpc/engine/search_source.h"
#include "grpc/engine/worker_pool.h"
#include "index/importer.h"
#include "resolver/config/config.h"
#include "resolver/resolver.h"
#include "resolver/verify_endpoint.h"

namespace commresolve::daemon {

/// Safe for concurrent use.
class Engine final : public SearchSource {
 public:
  /// Takes the data folder for itself and opens the stores. kBusy if another daemon has it;
  /// otherwise as index::Store::Open(). `clock` is borrowed. `socket_folder` is noted beside the
  /// data (docs/daemon.md), so that commands that use the same data find the daemon.
  static Result<std::unique_ptr<Engine>> Open(Config config, const Clock& clock,
                                              const std::string& socket_folder = "");
  ~Engine() override;

  [[nodiscard]] std::shared_ptr<const Config> config() const;
  /// Later calls use `config`. kInvalidArgument if it names another data folder, CA file, door over
  /// TCP, or other index servers.
  Status Reload(Config config);

  /// As Resolver::Resolve(). With Prove::kMaxAge what is on record is asked first. `peers` may be
  /// null; it may call the engine.
  Resolution Resolve(const ResolveRequest& request, Deadline deadline,
                     CandidateSource* peers = nullptr);
  /// The same as far as it needs no network; null if only a handshake or peers can tell. A question
  /// that was answered from the record before costs microseconds until something changes.
  std::shared_ptr<const Resolution> ResolveOnRecord(const ResolveRequest& request,
                                                    Deadline deadline);
  /// Of the own index alone.
  Result<RankedRows> Search(const std::string& query, size_t offset, size_t limit,
                            Deadline deadline) override;
  Result<std::vector<index::CountedWord>> Complete(const std::string& beginning, size_t limit,
                                                   Deadline deadline) override;
  /// As VerifyEndpoint(), for "HOST:PORT".
  EndpointVerdict VerifyServer(const std::string& server, std::optional<Protocol> protocol,
                               Deadline deadline);

  Result<Binding> Bind(const BindOrder& order);
  Status Unbind(const KeywordSet& words);
  /// As RevokeKeys().
  Result<std::vector<KeyId>> Revoke(const WordsOrKey& what, const std::string& reason, bool undo);

  /// As index::Import() and index::Observe(). kBusy while another process writes.
  Status Import(const std::vector<std::string>& paths, const index::ImportOptions& options,
                index::ImportSummary& summary);
  Status Observe(const ObserveOrder& order, const std::atomic<bool>* stop,
                 const ObserveSink& report);
  /// As daemon::ProveKeys().
  Status ProveKeys(const std::vector<KeyPlace>& places, const std::atomic<bool>* stop,
                   const ProvedSink& sink);
  /// A store of its own for another thread, on the same ledger.
  [[nodiscard]] std::unique_ptr<index::Store> ShareStore() const { return store_->Share(); }

  [[nodiscard]] Result<std::shared_ptr<const KnownCerts>> known_certs() const {
    return known_certs_.Load();
  }
  Result<std::optional<Candidate>> FindKey(const KeyId& key);
  /// Who is asked about keys that changed; borrowed, until null is set and every call is over.
  void SetObservers(ObserverSource* observers) { observers_ = observers; }
  /// Who knows which keys may follow others; borrowed likewise.
  void SetRollovers(RolloverSource* rollovers) { rollovers_ = rollovers; }
  EventHub& events() { return events_; }
  [[nodiscard]] const Clock& clock() const { return clock_; }
  /// Why the search index cannot be brought up to date, or what handshakes show cannot be recorded;
  /// empty if they can.
  [[nodiscard]] std::string index_problem() const { return index_keeper_->problem(); }
  [[nodiscard]] std::string record_problem() const { return evidence_watch_.problem(); }

  /// `on_change` is called, on any thread, after a binding or a proof has changed; it must be quick
  /// and not call the engine. Null for nobody: no call is under way any more when this returns.
  void OnChange(std::function<void()> on_change);

 private:
  Engine(Config config, const Clock& clock, FileLock lock, std::unique_ptr<index::Store> store);

  std::optional<Resolution> TryRecord(const ResolveRequest& request, Deadline deadline);
  Resolution ResolveWith(WorkerPool& pool, const ResolveRequest& request, Deadline deadline,
                         CandidateSource* peers);
  void Announce(const ResolveRequest& request, const Resolution& resolution);
  void Changed();

  const Clock& clock_;
  FileLock lock_;  // On the data folder, against a second daemon.
  std::unique_ptr<index::Store> store_;
  KnownCertsFile known_certs_;
  AnswerCache answers_;
  std::mutex change_lock_;  // Guards on_change_, and is held while it runs.
  std::function<void()> on_change_;
  std::atomic<ObserverSource*> observers_{nullptr};
  std::atomic<RolloverSource*> rollovers_{nullptr};
  EventHub events_;
  EvidenceWatch evidence_watch_;
  WorkerPool quick_;    // For calls that do not use the network.
  WorkerPool probing_;  // For calls that may.
  std::unique_ptr<IndexKeeper> index_keeper_;
  mutable std::mutex config_lock_;  // Guards config_.
  std::shared_ptr<const Config> config_;
};

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_ENGINE_ENGINE_H_
