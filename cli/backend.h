// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Backend: who answers and who keeps what a command asks for: this process, which opens the stores
// (embedded), or the daemon that owns them (served). Both give the same answers.

#ifndef COMMRESOLVE_CLI_BACKEND_H_
#define COMMRESOLVE_CLI_BACKEND_H_

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "grpc/client/client.h"
#include "grpc/engine/orders.h"
#include "resolver/resolution.h"
#include "resolver/verify_endpoint.h"

namespace commresolve::cli {

/// Used by one thread.
class Backend {
 public:
  virtual ~Backend() = default;

  /// The rows `offset` to `offset + limit` for a query with operators. kInvalidArgument for one
  /// that cannot be read, kNotFound if nothing is indexed yet. Index servers are asked by a daemon
  /// alone, and else missing.
  virtual Result<daemon::RankedRows> Search(const std::string& query, size_t offset,
                                            size_t limit) = 0;
  /// As daemon::Client::SearchWithPeers(). Without a daemon nobody can ask them.
  virtual Result<daemon::PeersPart> SearchWithPeers(const std::string& query, size_t limit,
                                                    const daemon::OwnSink& own,
                                                    const daemon::LookupSink& proved,
                                                    const std::atomic<bool>* stop) = 0;
  /// As index::CompleteWord().
  virtual Result<std::vector<index::CountedWord>> Complete(const std::string& beginning,
                                                           size_t limit) = 0;
  /// As Resolver::Resolve(). Fails only if nobody could be asked.
  virtual Result<Resolution> Resolve(const ResolveRequest& request) = 0;
  /// As VerifyEndpoint(), for "HOST:PORT".
  virtual EndpointVerdict VerifyServer(const std::string& server,
                                       std::optional<Protocol> protocol) = 0;
  /// As Resolver::Bind() and Resolver::AddKey().
  virtual Result<Binding> Bind(const daemon::BindOrder& order) = 0;
  virtual Status Unbind(const KeywordSet& words) = 0;
  /// As RevokeKeys().
  virtual Result<std::vector<KeyId>> Revoke(const WordsOrKey& what, const std::string& reason,
                                            bool undo) = 0;
  /// As index::Observe(). `stop` is looked at between reports at least.
  virtual Status Observe(const daemon::ObserveOrder& order, const std::atomic<bool>* stop,
                         const daemon::ObserveSink& report) = 0;
};

}  // namespace commresolve::cli

#endif  // COMMRESOLVE_CLI_BACKEND_H_
