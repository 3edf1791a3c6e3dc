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

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "grpc/engine/deadline.h"
#include "grpc/engine/event_hub.h"
#include "grpc/engine/evidence_watch.h"
#include "grpc/engine/index_keeper.h"
#include "grpc/engine/worker_pool.h"
#include "index/finder.h"
#include "index/importer.h"
#include "index/observer.h"
#include "resolver/config/config.h"
#include "resolver/resolver.h"
#include "resolver/trust/standing.h"
#include "resolver/verify_endpoint.h"

namespace commresolve::daemon {

/// A search result, and where each row stands in the user's trust.
struct RankedRows {
  index::SearchRows found;
  std::vector<Standing> standings;  ///< One for each row.
};

/// What `bind` was told.
struct BindOrder {
  KeywordSet words;
  KeyId key;
  bool add = false;
  bool critical = false;
  std::string name = {};    ///< Normal form of keyword/host_name.h, or empty.
  std::string reason = {};  ///< Empty for "bound by the user".
};

/// Safe for concurrent use.
class Engine {
 public:
  /// Takes the data folder for itself and opens the stores. kBusy if another daemon has it;
  /// otherwise as index::Store::Open(). `clock` is borrowed.
  static Result<std::unique_ptr<Engine>> Open(Config config, const Clock& clock);
  ~Engine();

  [[nodiscard]] std::shared_ptr<const Config> config() const;
  /// Later calls use `config`. kInvalidArgument if it names another data folder or CA file.
  Status Reload(Config config);

  /// As Resolver::Resolve(). With Prove::kMaxAge what is on record is asked first.
  Resolution Resolve(const ResolveRequest& request, Deadline deadline);
  /// kInvalidArgument for a query that cannot be read, kNotFound if nothing is indexed yet.
  Result<RankedRows> Search(const std::string& query, size_t offset, size_t limit,
                            Deadline deadline);
  /// As VerifyEndpoint(), for "HOST:PORT".
  EndpointVerdict VerifyServer(const std::string& server, std::optional<Protocol> protocol,
                               Deadline deadline);

  Result<Binding> Bind(const BindOrder& order);
  Status Unbind(const KeywordSet& words);
  Status Revoke(const KeyId& key, const std::string& reason, bool undo);

  /// As index::Import() and index::Observe(). kBusy while another process writes.
  Status Import(const std::vector<std::string>& paths, const index::ImportOptions& options,
                index::ImportSummary& summary);
  Status Observe(const std::vector<index::ObserveTarget>& targets, const std::atomic<bool>* stop,
                 const std::function<void(const index::ObserveReport&)>& report);

  [[nodiscard]] Result<std::shared_ptr<const KnownCerts>> known_certs() const {
    return known_certs_.Load();
  }
  Result<std::optional<Candidate>> FindKey(const KeyId& key);
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

  Resolution ResolveWith(WorkerPool& pool, const ResolveRequest& request, Deadline deadline);
  void Announce(const ResolveRequest& request, const Resolution& resolution);
  void Changed();

  const Clock& clock_;
  FileLock lock_;  // On the data folder, against a second daemon.
  std::unique_ptr<index::Store> store_;
  KnownCertsFile known_certs_;
  std::mutex change_lock_;  // Guards on_change_, and is held while it runs.
  std::function<void()> on_change_;
  EventHub events_;
  EvidenceWatch evidence_watch_;
  WorkerPool quick_;    // For calls that do not use the network.
  WorkerPool probing_;  // For calls that may.
  std::mutex writing_;  // One import or observation at a time.
  std::unique_ptr<IndexKeeper> index_keeper_;
  mutable std::mutex config_lock_;  // Guards config_.
  std::shared_ptr<const Config> config_;
};

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_ENGINE_ENGINE_H_
